"""Pure decisions of selling: what is suggested for whom, when a combined recommendation is full, when its record is fixed,
and which task comes in a quiet moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from yingting.kernel.shapes import Named, said
from yingting.kernel.words import gettext_noop as _


class Result(StrEnum):
    """How a customer took one part, or why it was not offered. `STOPPED` follows from a no and is never recorded."""

    ACCEPTED = "accepted"
    INTERESTED = "interested"
    DECLINED = "declined"
    UNSUITABLE = "unsuitable"
    STOPPED = "stopped"


class Consent(StrEnum):
    """How a customer stands to offers. Nobody is asked who is not known: in the hall, face to face, as to everybody."""

    UNKNOWN = "unknown"
    GIVEN = "given"
    NOT_ASKED = "not_asked"  # known, and never said yes or no: what is offered to everybody, nothing by class
    WITHDRAWN = "withdrawn"
    LEFT_ALONE = "left_alone"


@dataclass(frozen=True, slots=True)
class Who:
    """What is known of a ticket's customer that matters to offers: codes of segment and level, and the consent."""

    consent: Consent = Consent.UNKNOWN
    segment: str = ""
    level: str = ""

    @property
    def wants_none(self) -> bool:
        """Has the customer said that nothing is to be offered?"""
        return self.consent in (Consent.WITHDRAWN, Consent.LEFT_ALONE)


NOBODY_KNOWN = Who()
OFFERED = (Result.ACCEPTED, Result.INTERESTED, Result.DECLINED)
RECORDED = (*OFFERED, Result.UNSUITABLE)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to offer as a part, with its opening question. Without businesses or customers it suits all of them."""

    part: str = said(_("Part"), help=_("The code of a part above."))
    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    script: str = said(_("Opening question"), is_long=True, default="")
    script_en: str = said(_("Opening question in English"), is_long=True, default="")
    businesses: tuple[str, ...] = said(
        _("With these businesses"), choices="floor.businesses", default=(), help=_("None: with every business.")
    )
    customers: tuple[str, ...] = said(
        _("For these customers"), choices="priorities", default=(), help=_("None: for every customer.")
    )
    segments: tuple[str, ...] = said(
        _("For these segments"), choices="customers.segments", default=(),
        help=_("Only customers who agreed to offers are chosen by segment or level. None: whatever the segment."),
    )  # fmt: skip
    levels: tuple[str, ...] = said(_("For these levels"), choices="customers.levels", default=())

    @property
    def is_by_class(self) -> bool:
        """Is it meant for some segments or levels only?"""
        return bool(self.segments or self.levels)

    def fits(self, who: Who) -> bool:
        """Is it for this customer, as far as segment, level and consent go?

        >>> gold = Offer("plan", "g", "金卡套餐", levels=("gold",))
        >>> gold.fits(Who(Consent.GIVEN, level="gold")), gold.fits(Who(Consent.NOT_ASKED, level="gold")), gold.fits(Who())
        (True, False, False)
        """
        if not self.is_by_class:
            return not who.wants_none
        return who.consent is Consent.GIVEN and (who.segment in self.segments or who.level in self.levels)


@dataclass(frozen=True, slots=True)
class Recommending:
    """What is recommended at the counter, with which words, to whom not, and what is asked of its record."""

    target_percent: int = said(_("Target"), unit="%", low=0, high=100, default=100)
    percent_from: int = said(
        _("Percentages from"), unit=_("tickets"), low=1, high=999, default=20,
        help=_("Of fewer tickets only the count is shown."),
    )  # fmt: skip
    grace_min: int = said(
        _("A record may be changed for"), unit=_("minutes"), low=0, high=240, default=10,
        help=_("Counted from the end of the visit. Later a correction with its reason is needed."),
    )  # fmt: skip
    stop_after: int = said(
        _("Stop after"), unit=_("refusals"), low=1, high=9, default=1,
        help=_("After so many refusals nothing more is offered. What was left out then counts as done."),
    )  # fmt: skip
    parts: tuple[Named, ...] = said(_("Parts"), default=())
    offers: tuple[Offer, ...] = said(_("Offers"), default=())
    exempt_businesses: tuple[str, ...] = said(
        _("Nothing is recommended with"), choices="floor.businesses", default=(),
        help=_("These tickets do not count for the rate."),
    )  # fmt: skip
    optional_customers: tuple[str, ...] = said(
        _("Left to the clerk for"), choices="priorities", default=(),
        help=_("These tickets do not count for the rate."),
    )  # fmt: skip
    reasons: tuple[Named, ...] = said(_("Reasons why a part is not suitable"), default=())


@dataclass(frozen=True, slots=True)
class IdleTask:
    """Something useful for a moment when nobody waits."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    again_min: int = said(_("Again after"), unit=_("minutes"), low=1, high=600, default=60)


@dataclass(frozen=True, slots=True)
class IdleTime:
    """What is suggested to a clerk for whom nobody waits, and after how long."""

    after_min: int = said(_("Suggest after"), unit=_("minutes"), low=0, high=120, default=3)
    tasks: tuple[IdleTask, ...] = said(_("Tasks"), default=())


class Stand(StrEnum):
    """Where a ticket stands with recommending: required, left to the clerk, or nothing is recommended."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one part: its result, the offer that was made, and the reason when it was not suitable."""

    result: str
    offer: str = ""
    reason: str = ""


def codes_of_business(kind: str, business: str) -> tuple[str, str]:
    """Return how rules name a business: by its class, or by both.

    >>> codes_of_business("plan", "change")
    ('plan', 'plan/change')
    """
    return kind, f"{kind}/{business}"


def suggested(
    rule: Recommending, business: Sequence[str], customer: str, who: Who = NOBODY_KNOWN
) -> dict[str, Offer]:  # fmt: skip
    """Return the offer to make for each part, in order of the parts. One for the customer's segment or level goes first, then
    one that names this business before one for all, and one that names this customer before one for everybody; a part
    without any is not asked for.

    >>> rule = Recommending(
    ...     parts=(Named("phone", "手机"), Named("plan", "套餐"), Named("tv", "电视")),
    ...     offers=(Offer("plan", "any", "套餐"), Offer("plan", "new", "新套餐", businesses=("new",)), Offer("phone", "p", "手机")),
    ... )
    >>> {part: offer.code for part, offer in suggested(rule, ("new", "new/open"), "normal").items()}
    {'phone': 'p', 'plan': 'new'}
    """
    found = {}
    for part in rule.parts:
        fitting = [
            (not offer.is_by_class, not offer.businesses, not offer.customers, place, offer)
            for place, offer in enumerate(rule.offers)
            if offer.part == part.code
            and (not offer.businesses or any(code in offer.businesses for code in business))
            and (not offer.customers or customer in offer.customers)
            and offer.fits(who)
        ]
        if fitting:
            found[part.code] = min(fitting, key=lambda row: row[:4])[4]
    return found


def stand_of(rule: Recommending, business: Sequence[str], customer: str, who: Who = NOBODY_KNOWN) -> Stand:
    """Return where a ticket stands; `business` are the codes of its business, `customer` of its priority class, `who` says what
    is known of the customer. Where no offer suits, or the customer wants none, there is nothing to recommend.

    >>> rule = Recommending(
    ...     parts=(Named("plan", "套餐"),), offers=(Offer("plan", "fit", "合适的套餐"),),
    ...     exempt_businesses=("help/complain",), optional_customers=("care",),
    ... )
    >>> [stand_of(rule, ("help", f"help/{b}"), c).value for b, c in (("complain", "care"), ("ask", "care"), ("ask", "normal"))]
    ['exempt', 'optional', 'required']
    >>> stand_of(rule, ("help", "help/ask"), "normal", Who(Consent.WITHDRAWN)).value
    'exempt'
    """
    if any(code in rule.exempt_businesses for code in business) or not suggested(rule, business, customer, who):
        return Stand.EXEMPT
    return Stand.OPTIONAL if customer in rule.optional_customers else Stand.REQUIRED


def is_stopped(answers: Mapping[str, Answer], stop_after: int) -> bool:
    """Has the customer said no so often that nothing more is offered?

    >>> is_stopped({"phone": Answer("declined")}, 1), is_stopped({"phone": Answer("unsuitable")}, 1)
    (True, False)
    """
    return sum(answer.result == Result.DECLINED for answer in answers.values()) >= stop_after


def is_full(parts: Iterable[str], answers: Mapping[str, Answer], stop_after: int) -> bool:
    """Was the whole combination gone through: every part offered or said why not, or ended by the customer's no (SAL-02)?

    >>> yes = Answer("accepted")
    >>> is_full(("phone", "plan"), {"phone": yes}, 1), is_full(("phone", "plan"), {"phone": yes, "plan": yes}, 1)
    (False, True)
    >>> is_full(("phone", "plan"), {"phone": Answer("declined")}, 1)
    True
    """
    return is_stopped(answers, stop_after) or all(part in answers for part in parts)


def is_fixed(ended_at: dt.datetime | None, answered_at: dt.datetime, now: dt.datetime, grace_min: int) -> bool:
    """Is an answer fixed: the visit over, and the grace from its end (or from a later answer) over too?

    >>> at = dt.datetime(2026, 1, 5, 2, 0, tzinfo=dt.UTC)
    >>> minute = dt.timedelta(minutes=1)
    >>> is_fixed(None, at, at + 99 * minute, 10)
    False
    >>> [is_fixed(at + minute, at, at + passed * minute, 10) for passed in (11, 12)]
    [False, True]
    """
    return ended_at is not None and now - max(ended_at, answered_at) > dt.timedelta(minutes=grace_min)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of tickets served: `due` those that count, the rest `left_out`; of the due ones how many have a record and how
    many a full one; over all records the parts offered and those accepted.
    """

    due: int = 0
    left_out: int = 0
    recorded: int = 0
    full: int = 0
    offered: int = 0
    accepted: int = 0

    @property
    def open(self) -> int:
        """Tickets that count and whose combination is not full."""
        return self.due - self.full

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def tally_of(stand: Stand, answers: Mapping[str, Answer], *, full: bool) -> Tally:
    """Return what one served ticket adds.

    >>> tally_of(Stand.REQUIRED, {"phone": Answer("accepted"), "plan": Answer("unsuitable")}, full=False)
    Tally(due=1, left_out=0, recorded=1, full=0, offered=1, accepted=1)
    >>> tally_of(Stand.EXEMPT, {}, full=False)
    Tally(due=0, left_out=1, recorded=0, full=0, offered=0, accepted=0)
    """
    counts = stand is Stand.REQUIRED
    return Tally(
        due=int(counts),
        left_out=int(not counts),
        recorded=int(counts and bool(answers)),
        full=int(counts and full),
        offered=sum(answer.result in OFFERED for answer in answers.values()),
        accepted=sum(answer.result == Result.ACCEPTED for answer in answers.values()),
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """Full combinations of those due; `percent` is None where the tickets are too few to say one, nothing due is not below."""

    full: int
    due: int
    percent: int | None
    is_below: bool


def rate_of(tally: Tally, rule: Recommending) -> Rate:
    """Return the rate of a tally against the rule's target. A percentage is rounded down: 100 is said of all alone.

    >>> rate_of(Tally(due=15, full=12), Recommending(percent_from=20))
    Rate(full=12, due=15, percent=None, is_below=True)
    >>> rate_of(Tally(due=200, full=199), Recommending(target_percent=99))
    Rate(full=199, due=200, percent=99, is_below=False)
    """
    percent = tally.full * 100 // tally.due if tally.due >= rule.percent_from else None
    return Rate(tally.full, tally.due, percent, tally.full * 100 < rule.target_percent * tally.due)


def next_task(
    rule: IdleTime, marked: Mapping[str, dt.datetime], *, quiet_since: dt.datetime | None, now: dt.datetime
) -> IdleTask | None:
    """Return the task to suggest: none while somebody waits or in the first quiet minutes; one marked rests for its time; the
    one that rested longest comes first, never marked ones before all.

    >>> at = dt.datetime(2026, 1, 5, 2, 0, tzinfo=dt.UTC)
    >>> minute = dt.timedelta(minutes=1)
    >>> rule = IdleTime(3, (IdleTask("ask", "问", again_min=30), IdleTask("tidy", "理", again_min=30)))
    >>> next_task(rule, {}, quiet_since=at, now=at + 2 * minute), next_task(rule, {}, quiet_since=None, now=at)
    (None, None)
    >>> next_task(rule, {}, quiet_since=at, now=at + 3 * minute).code
    'ask'
    >>> next_task(rule, {"ask": at}, quiet_since=at, now=at + 3 * minute).code
    'tidy'
    """
    if quiet_since is None or now - quiet_since < dt.timedelta(minutes=rule.after_min):
        return None
    rested = [
        (marked.get(task.code, dt.datetime.min.replace(tzinfo=dt.UTC)), place, task)
        for place, task in enumerate(rule.tasks)
        if task.code not in marked or now - marked[task.code] >= dt.timedelta(minutes=task.again_min)
    ]
    return min(rested, key=lambda row: row[:2])[2] if rested else None
