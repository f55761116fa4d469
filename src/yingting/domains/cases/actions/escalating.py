"""What time does to cases: a breach gets its moment, a rung of the escalation is climbed. The worker looks; each case is one
transaction, and twice is the same as once.
"""

from __future__ import annotations

import datetime as dt
import logging
from uuid import UUID

from yingting.domains.cases.actions.stepping.breaching import give_breaches
from yingting.domains.cases.actions.stepping.clocking import Reached, next_rung, rungs_ahead
from yingting.domains.cases.actions.stepping.owning import name_owner
from yingting.domains.cases.actions.stepping.turns import Turn, done, turn
from yingting.domains.cases.actions.tracing import tell_of_late_objections
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import CaseEscalated, MeetingDecided
from yingting.domains.cases.models import OPEN, Case, Escalation, MeetingItem
from yingting.domains.cases.queries.people import holder_of_post, unit_at
from yingting.domains.cases.refusals import UNKNOWN, WORDS_MISSING
from yingting.domains.cases.rules.ladder import Deed, skipped
from yingting.domains.cases.rules.processes import Level
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.words import name
from yingting.foundation.people.access import require
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import sealed_values
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

log = logging.getLogger(__name__)
AT_ONCE = 200  # cases of one look, a few seconds: a limit that runs over meanwhile is seen by the next look
TITLE = _("%(number)s: %(percent)s %% of the time is used")
BODY = _("%(process)s of %(unit)s. Held by %(owner)s.")


def look(*, actor: Actor, now: dt.datetime) -> int:
    """Give every breach its moment and climb every rung that is reached; return how many breaches and cases there were.

    A case that fails is logged and does not stop the others.
    """
    touched = give_breaches(actor, now) + tell_of_late_objections(actor=actor, now=now)
    high = Case.objects.filter(OPEN, next_rung_at__lte=now).order_by("next_rung_at")
    for case in high.values_list("pk", flat=True)[:AT_ONCE]:
        try:
            touched += _look_at(case, actor, now)
        except Exception:  # one bad case must not stop the others
            log.exception("case %s", case)
    return touched


def _look_at(case: UUID, actor: Actor, now: dt.datetime) -> bool:
    with turn(case, actor=actor, now=now) as taken:
        if not taken.is_open:
            return False
        for reached in rungs_ahead(taken):
            if reached.at <= now:
                _climb(taken, reached)
        taken.change(next_rung_at=next_rung(taken))
    return True


def _climb(taken: Turn, reached: Reached) -> None:
    rung, case = reached.rung, taken.case
    told = [
        Level(level) for level in Escalation.objects.filter(case=case, cycle=case.cycle).values_list("level", flat=True)
    ]
    over = tuple(level.value for level in skipped(told, rung.level))
    person = holder_of_post(rung.post, taken.path, rung.level)
    Escalation.objects.create(
        case=case, cycle=case.cycle, clock=reached.clock, percent=rung.percent, level=rung.level.value, post=rung.post,
        deed=rung.deed.value, reached_at=reached.at, done_at=taken.now, person=person, skipped=list(over),
    )  # fmt: skip
    fact = CaseEscalated(
        reached.clock.pk,
        rung.percent,
        rung.level.value,
        rung.post,
        rung.deed.value,
        reached.at,
        person.pk if person else None,
        over,
    )
    taken.note(fact)
    if rung.level.height >= (Level(case.told_level).height if case.told_level else 0):
        taken.change(told_level=rung.level.value)
    if rung.deed is Deed.MEETING:
        unit = Unit.objects.get(path=unit_at(taken.path, rung.level))
        MeetingItem.objects.get_or_create(
            case=case, unit=unit, decided_at__isnull=True, defaults={"raised_at": taken.now, "decision": ""}
        )
    if person is not None:
        _tell(taken, reached, person)
        if rung.deed is Deed.ASSIGN:
            name_owner(taken, person.pk, "escalated")


def _tell(taken: Turn, reached: Reached, person: Person) -> None:
    case = taken.case
    assert case.owner_id is not None  # it is open
    owner = Person.objects.get(pk=case.owner_id)
    severity = Severity.URGENT if reached.rung.percent >= 100 else Severity.WARNING
    telling = Telling(
        "case.escalated", TITLE, severity,
        {"number": case.number, "percent": reached.rung.percent, "process": case.process, "unit": name(case.unit),
         "owner": owner.staff_no},
        BODY, f"{case.pk}:{reached.rung.percent}", f"/cases/{case.pk}/", case.next_due_at,
    )  # fmt: skip
    notify(people=[person.pk], telling=telling, actor=taken.actor, now=taken.now)


def decide(*, item: UUID, decision: str, actor: Actor, now: dt.datetime) -> Done:
    """Write down what the management meeting of a unit decided on a case: by who supervises cases of that unit.

    Raises Refusal case.unknown, access.refused, case.words_missing.
    """
    row = MeetingItem.objects.select_related("unit").filter(pk=item).first()
    if row is None:
        raise Refusal(UNKNOWN)
    if not decision.strip():
        raise Refusal(WORDS_MISSING)
    with turn(row.case_id, actor=actor, now=now, permission=Permission.CASE_SUPERVISE) as taken:
        require(actor, Permission.CASE_SUPERVISE, row.unit.path)
        waiting = MeetingItem.objects.filter(pk=row.pk, decided_at__isnull=True)
        words = sealed_values(MeetingItem, decision=decision.strip())
        if not waiting.update(decided_at=now, by=actor.person, **words):
            raise Refusal(UNKNOWN)
        taken.note(MeetingDecided(row.pk))
        taken.touch()
    return done(taken)
