"""What a customer sees of their own case, and of nothing else: by its number and the end of their telephone number, or by the
secret link they were given.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hmac import compare_digest
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core import signing
from django.db.models import Q

from yingting.domains.cases.models import (
    OPEN_STATES,
    Addition,
    AdditionSort,
    CallBack,
    Case,
    CaseState,
    Clock,
    Complainant,
    Cycle,
    Message,
    Promise,
)
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.ledgers import limit_of
from yingting.domains.cases.queries.public_rules import public_channels
from yingting.domains.cases.queries.rules_in_force import HANDLING, PROCESS_NAMES, rule_of
from yingting.domains.cases.refusals import FOLLOW_UNKNOWN, PUBLIC_CLOSED
from yingting.domains.cases.rules.numbers import as_typed
from yingting.domains.cases.rules.processes import Mark
from yingting.domains.cases.rules.public import TAIL, Stage, stage_of
from yingting.foundation.calendars.reading import zone_of
from yingting.foundation.days import local_day
from yingting.foundation.privacy.rules import phone_of
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import Named

_SALT = "yingting.cases.follow"
PAGE = "page"
ORIGIN_CASE = "case"


@dataclass(frozen=True, slots=True)
class PublicHall:
    """A hall as the customers' pages know it."""

    id: UUID
    code: str
    name: str
    name_en: str
    path: str
    timezone: str


def public_hall(code: str) -> PublicHall:
    """Return the hall of a public address. Raises Refusal case.public_closed."""
    return _public_hall(Q(code=code))


def public_hall_of(hall: UUID) -> PublicHall:
    """Return a hall by its id. Raises Refusal case.public_closed."""
    return _public_hall(Q(pk=hall))


def _public_hall(which: Q) -> PublicHall:
    row = Hall.objects.select_related("unit").filter(which, unit__is_active=True).first()
    if row is None:
        raise Refusal(PUBLIC_CLOSED)
    return PublicHall(row.pk, row.code, row.unit.name, row.unit.name_en, row.unit.path, row.timezone)


def secret_of(public_number: str) -> str:
    """Return the secret of a case's page: who holds it holds the case, as with the secret of a ticket."""
    return signing.Signer(salt=_SALT, sep=".").sign(public_number)


def secret_for(typed: str, tail: str) -> str:
    """Return the secret of the page of a case for its number and the last digits of the customer's telephone number.

    Whatever does not fit is told the same. Raises Refusal case.follow_unknown.
    """
    number, digits = as_typed(typed), "".join(str(int(mark)) for mark in tail if mark.isdecimal())
    who = Complainant.objects.filter(case__public_number=number).first() if number else None
    known = phone_of(who.phone.open())[-TAIL:] if who and who.phone else ""
    if number is None or len(digits) != TAIL or not compare_digest(known, digits):
        raise Refusal(FOLLOW_UNKNOWN)
    return secret_of(number)


@dataclass(frozen=True, slots=True)
class Followed:
    """A case as its customer follows it. Where it was merged into another one, `case` is that one;
    `asked` and `number` stay theirs.

    is_whole  all that was written to the customer is shown; else (merged into a case that is not known to be the same
              person's) only what was written since the merge
    """

    asked: UUID
    case: Case
    number: str
    is_whole: bool
    since: dt.datetime | None

    @property
    def actor(self) -> Actor:
        """The customer, as the journal knows them."""
        return Actor(ActorKind.CUSTOMER, self.case.pk, "customer")


def followed(secret: str) -> Followed:
    """Return the case behind a secret, followed to where it goes on. Raises Refusal case.follow_unknown."""
    try:
        number = signing.Signer(salt=_SALT, sep=".").unsign(secret)
    except signing.BadSignature:
        raise Refusal(FOLLOW_UNKNOWN) from None
    asked = Case.objects.select_related("unit", "hall", "owner").filter(public_number=number).first()
    if asked is None:
        raise Refusal(FOLLOW_UNKNOWN)
    case, since = asked, asked.closed_at if asked.merged_into_id else None
    while case.merged_into_id is not None:
        case = Case.objects.select_related("unit", "hall", "owner").get(pk=case.merged_into_id)
    return Followed(asked.pk, case, number, case == asked or _is_same_person(asked, case), since)


def _is_same_person(asked: Case, kept: Case) -> bool:
    keys = Complainant.objects.filter(case__in=(asked, kept)).exclude(phone="").values_list("phone_key", flat=True)
    return len(keys) == 2 and len(set(keys)) == 1


@dataclass(frozen=True, slots=True)
class Told:
    """Something between the house and the customer, in the order of time. `text` is "" where only the way is told."""

    at: dt.datetime
    channel: str
    text: str
    is_answer: bool = False
    addition: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What the follow page tells. Nothing of it names a member of staff but by number, and nothing comes from inner notes."""

    followed: Followed
    process: Named | None
    stage: Stage
    zone: str
    is_open: bool
    waits_for_customer: bool
    answer_by: dt.date | None
    is_provisional: bool
    by_law: str
    promises: tuple[Promise, ...]
    told: tuple[Told, ...]
    unread: int
    rating: CallBack | None
    may_rate: bool
    has_withdrawn: bool
    reopen_until: dt.datetime | None
    goes_on: str

    @property
    def staff_no(self) -> str:
        """Who handles it now, by staff number."""
        return self.followed.case.owner.staff_no if self.followed.case.owner else ""


def story_of(followed: Followed, now: dt.datetime) -> Story:
    """Return what the customer sees of a case."""
    case, zone = followed.case, zone_of(followed.case.unit.path)
    cycle = Cycle.objects.get(case=case, n=case.cycle)
    role = process_of(case.edition_id).step(case.step).role
    is_answered = cycle.answered_at is not None
    stage = stage_of(case.state, role, is_accepted=cycle.accepted_at is not None, is_answered=is_answered)
    is_open, mine = case.state in OPEN_STATES, {"case": case, "cycle": case.cycle}
    clock = _answer_clock(case) if is_open and not is_answered else None
    rating = CallBack.objects.filter(**mine, by__isnull=True).first() if followed.is_whole else None
    told, unread = _told(followed)
    return Story(
        followed, _process_name(case), stage, zone, is_open, case.state == CaseState.WAITS_CUSTOMER,
        last_day(clock.due_at, zone) if clock and clock.due_at else None, bool(clock and clock.is_provisional),
        limit_of(clock.limit).basis if clock else "",
        tuple(Promise.objects.filter(**mine)) if followed.is_whole else (), told, unread, rating,
        followed.is_whole and is_answered and rating is None,
        followed.is_whole and Addition.objects.filter(**mine, sort=AdditionSort.WITHDRAW).exists(), _reopen_until(case, now), _goes_on(case),
    )  # fmt: skip


def answer_due(case: UUID) -> tuple[dt.date, bool] | None:
    """Return by the end of which day a case is to be answered, and whether that may still move; None when no limit says so."""
    row = Case.objects.select_related("unit").get(pk=case)
    clock = _answer_clock(row)
    return (last_day(clock.due_at, zone_of(row.unit.path)), clock.is_provisional) if clock and clock.due_at else None


def last_day(due: dt.datetime, zone: str) -> dt.date:
    """Return the last day within a limit: what is due at midnight is due by the end of the day before."""
    return (due - dt.timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()


def _answer_clock(case: Case) -> Clock | None:
    """The clock that the answer ends: the law's where there is one, else the one that is due last."""
    codes = [rule.code for rule in process_of(case.edition_id).clocks_of(case.channel) if rule.stops is Mark.ANSWERED]
    clocks = Clock.objects.filter(case=case, cycle=case.cycle, code__in=codes, due_at__isnull=False)
    return max(clocks, key=lambda one: (limit_of(one.limit).is_statutory, one.due_at), default=None)


def _told(followed: Followed) -> tuple[tuple[Told, ...], int]:
    case, found = followed.case, []
    messages = Message.objects.filter(case=case)
    mine = (followed.asked, case.pk) if followed.is_whole else (followed.asked,)
    additions = Addition.objects.filter(page__in=mine)
    if not followed.is_whole:
        messages = messages.filter(sent_at__gte=followed.since, channel=PAGE)
    # Somebody whose case was merged into another person's opens nothing for that person: they read what came since at once.
    hidden = Q(channel=PAGE, reached_at__isnull=True) if followed.is_whole else Q(pk__in=())
    for row in messages.exclude(hidden):
        text = row.text.open() if row.channel == PAGE else ""
        found.append(Told(row.sent_at, row.channel, text, row.is_answer))
    found += [Told(row.at, "", row.text.open(), addition=row.sort) for row in additions]
    return tuple(sorted(found, key=lambda one: one.at)), messages.filter(hidden).count()


def _process_name(case: Case) -> Named | None:
    names = rule_of(PROCESS_NAMES, case.unit.path, case.business_day).processes
    return next((one for one in names if one.code == case.process), None)


def _reopen_until(case: Case, now: dt.datetime) -> dt.datetime | None:
    if case.closed_at is None:
        return None
    until = case.closed_at + dt.timedelta(days=rule_of(HANDLING, case.unit.path, local_day(now)).reopen_days)
    return until if now <= until else None


def _goes_on(case: Case) -> str:
    later = case_after(case) if case.closed_at else None
    return later.public_number if later else ""


def case_after(case: Case) -> Case | None:
    """Return the case in which the customer of a closed one goes on. What the house itself made of it is not theirs to see."""
    mine = public_channels(case.unit.path, case.business_day)
    return (
        Case.objects.filter(origin_kind=ORIGIN_CASE, origin_id=case.pk, channel__in=mine)
        .order_by("registered_at")
        .last()
    )
