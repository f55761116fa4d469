"""A customer leaves a case by themselves: on their own phone, without an account, once however often the form is sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.cases.actions.registering import Intake, enter
from yingting.domains.cases.contracts import Registered
from yingting.domains.cases.facts import ConsentGiven
from yingting.domains.cases.models import Words
from yingting.domains.cases.queries.public_rules import open_rule, process_for, public_channel
from yingting.domains.cases.refusals import CONSENT_MISSING, FORM_SENT, PHONE_FORM, TOO_LONG, WHAT_MISSING
from yingting.domains.cases.rules.public import PHONE_DIGITS, PublicPages
from yingting.foundation.journal.catalogue import kind_of
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import HALL_UNKNOWN
from yingting.foundation.privacy.rules import phone_of
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal

ORIGIN_TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Left:
    """What a customer wrote. `ticket` is the one in whose page they began."""

    choice: str
    text: str
    demand: str = ""
    phone: str = ""
    agrees: bool = False
    ticket: UUID | None = None


def leave_case(*, hall: UUID, left: Left, actor: Actor, now: dt.datetime) -> Registered:
    """Write a case down as a customer left it; the actor's id is the form they sent, which makes one case and no more.

    Raises Refusal hall.unknown, case.public_closed, case.choose, case.what_missing, case.too_long, case.phone_form,
    case.consent_missing, case.form_sent, case.person_unknown.
    """
    row = Hall.objects.select_related("unit").filter(pk=hall, unit__is_active=True).first()
    if row is None:
        raise Refusal(HALL_UNKNOWN)
    day, path = business_day(now, row.timezone), row.unit.path
    rule = open_rule(path, day)
    _require_sound(left, rule)
    intake = Intake(
        path, public_channel(path, day).code, left.text.strip(), process=process_for(left.choice, path, day),
        demand=left.demand.strip(), phone=left.phone.strip(),
        origin_kind=ORIGIN_TICKET if left.ticket else "", origin=left.ticket, client_id=actor.id,
    )  # fmt: skip

    with writing():
        made = enter(intake, row.unit, actor=actor, now=now)
        if Words.objects.get(case=made.id).text.open() != intake.text:
            raise Refusal(FORM_SENT)
        if not Fact.objects.filter(subject=made.id, kind=kind_of(ConsentGiven)).exists():
            fact = ConsentGiven(rule.notice_version, bool(intake.phone))
            record(fact, subject=made.id, hall=row.pk, business_day=day, actor=actor, now=now, correlation=made.id)
    return made


def _require_sound(left: Left, rule: PublicPages) -> None:
    """Refuse an empty or too long text, what is no telephone number, and a number without consent.

    Raises Refusal case.what_missing, case.too_long, case.phone_form, case.consent_missing.
    """
    if not left.text.strip():
        raise Refusal(WHAT_MISSING)
    if max(len(left.text), len(left.demand)) > rule.longest:
        raise Refusal(TOO_LONG, most=rule.longest)
    if left.phone.strip():
        low, high = PHONE_DIGITS
        if not low <= len(phone_of(left.phone).lstrip("+")) <= high:
            raise Refusal(PHONE_FORM)
        if not left.agrees:
            raise Refusal(CONSENT_MISSING)
