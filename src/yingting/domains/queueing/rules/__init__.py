"""Pure decisions of the queue: order of calling, the quoted range, what a handling counts as, and the fold of facts.

The calling rules that an administrator edits are in `rules.calling`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from yingting.kernel.words import gettext_noop


class Place(StrEnum):
    """Where a transferred ticket enters its new line."""

    FIRST = "first"
    LAST = "last"
    AGE = "age"


class CallRule(StrEnum):
    """Which rule put the called ticket first; stored with every call."""

    CARE = "care"
    DIRECTED = "directed"
    TRANSFER = "transfer"
    BOOKED = "booked"
    HEAD_START = "head_start"
    LONGEST_WAIT = "longest_wait"
    PICKED = "picked"
    MAX_WAIT = "max_wait"
    ALWAYS = "always"
    WAITING = "waiting"
    LONGEST = "longest"
    TIME = "time"
    FORCED = "forced"
    RATIO = "ratio"
    PRIORITY = "priority"
    ARRIVAL = "arrival"


WHY: dict[CallRule, str] = {
    CallRule.CARE: gettext_noop("Care lane first; waited %(minutes)s min."),
    CallRule.DIRECTED: gettext_noop("Sent to this counter by a colleague; waited %(minutes)s min."),
    CallRule.TRANSFER: gettext_noop(
        "Transferred from another counter, placed by its transfer; waited %(minutes)s min."
    ),
    CallRule.BOOKED: gettext_noop("Booked for this time; has been here for %(minutes)s min."),
    CallRule.HEAD_START: gettext_noop(
        "%(priority)s counts %(head_start)s min more than the %(minutes)s min waited, so it is first of your queues."
    ),
    CallRule.LONGEST_WAIT: gettext_noop("Waited longest of your queues: %(minutes)s min."),
    CallRule.PICKED: gettext_noop("Called by its number; waited %(minutes)s min."),
    CallRule.MAX_WAIT: gettext_noop(
        "Waited %(minutes)s min, past the longest wait of %(limit)s min, so called before all others."
    ),
    CallRule.ALWAYS: gettext_noop("Rule “%(name)s” puts this queue first; waited %(minutes)s min."),
    CallRule.WAITING: gettext_noop(
        "Rule “%(name)s”: %(count)s people wait, from %(limit)s on this queue is first; waited %(minutes)s min."
    ),
    CallRule.LONGEST: gettext_noop(
        "Rule “%(name)s”: a wait has reached %(longest)s min, from %(limit)s on this queue is first; waited %(minutes)s min."
    ),
    CallRule.TIME: gettext_noop(
        "Rule “%(name)s” puts this queue first from %(starts)s to %(ends)s; waited %(minutes)s min."
    ),
    CallRule.FORCED: gettext_noop(
        "Rule “%(name)s” puts this queue first during forced diversion; waited %(minutes)s min."
    ),
    CallRule.RATIO: gettext_noop(
        "Rule “%(name)s” calls in the ratio %(ratio)s and it is the turn of queue %(queue)s; waited %(minutes)s min."
    ),
    CallRule.PRIORITY: gettext_noop("%(priority)s goes before other classes; waited %(minutes)s min."),
    CallRule.ARRIVAL: gettext_noop("Came first of your queues; waited %(minutes)s min."),
}


def rank_at(entered_at: dt.datetime, head_start_min: int) -> dt.datetime:
    """Return the instant that orders a ticket within its tier: earlier is called first.

    Waiting counts from `head_start_min` minutes before entering. Everybody ages alike, so the order of two tickets never
    changes while they wait, and no one waits behind more than a head start's worth of later arrivals.

    >>> t = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    >>> rank_at(t, 10) < rank_at(t - dt.timedelta(minutes=9), 0) < rank_at(t, 8)
    True
    """
    return entered_at - dt.timedelta(minutes=head_start_min)


def call_rule(*, tier: int, head_start_min: int, directed: bool, transfers: int, is_booked: bool = False) -> CallRule:
    """Return the rule that put this ticket first, given how it stood in the line.

    >>> call_rule(tier=1, head_start_min=0, directed=False, transfers=0)
    <CallRule.LONGEST_WAIT: 'longest_wait'>
    >>> call_rule(tier=1, head_start_min=7, directed=False, transfers=0, is_booked=True)
    <CallRule.BOOKED: 'booked'>
    """
    if directed:
        return CallRule.DIRECTED
    if tier == 0:
        return CallRule.CARE
    if transfers:
        return CallRule.TRANSFER
    if is_booked:
        return CallRule.BOOKED
    return CallRule.HEAD_START if head_start_min else CallRule.LONGEST_WAIT


# Spread of one handling relative to its mean: log-normal handling times of service halls have a coefficient of variation
# of about 0.8 (Brown et al., JASA 2005, table 1: 0.9 to 1.3 over a whole bank's types; one business type is narrower).
HANDLING_CV = 0.8
_Z90 = 1.2816  # standard normal quantile of 0.9: the range runs from P10 to P90


def quoted_range(*, ahead: int, work_s: float, counters: int, free: int = 0) -> tuple[int, int] | None:
    """Return the range of minutes, lowest and highest, that a customer is told, or None when no counter serves the line.

    `ahead` people wait before this one with `work_s` seconds of expected work in all; `counters` serve the line, `free` of
    them have nobody at the counter.
    The time until a counter frees for the (ahead+1)-th is about (work + one residual) / counters; its spread follows from
    the handling times' (`HANDLING_CV`). P10 is rounded down, P90 up, so the range is honest rather than tight.

    >>> quoted_range(ahead=3, work_s=540, counters=2)
    (2, 9)
    >>> quoted_range(ahead=0, work_s=0, counters=2, free=1), quoted_range(ahead=9, work_s=900, counters=0)
    ((0, 1), None)
    """
    if counters <= 0:
        return None
    if ahead < free:
        return 0, 1
    one = work_s / ahead if ahead else 150.0
    mean = (work_s + one / 2) / counters
    spread = HANDLING_CV * one * math.sqrt(ahead + 0.5) / counters
    low = max(0.0, mean - _Z90 * spread)
    high = mean + _Z90 * spread
    return math.floor(low / 60), max(math.ceil(high / 60), math.floor(low / 60) + 1)


def handling_kind(kinds: Iterable[str]) -> str:
    """Return "combined" when several businesses, or one that is combined by itself, are done in one handling.

    >>> handling_kind(["single"]), handling_kind(["single", "single"]), handling_kind(["combined"])
    ('single', 'combined', 'combined')
    """
    listed = list(kinds)
    return "combined" if len(listed) > 1 or "combined" in listed else "single"


def handling_limit_min(own_limits: Iterable[int], combined_min: int) -> int:
    """Return the limit of a handling in minutes: the business's own, or for several together at least the combined limit.

    >>> handling_limit_min([3], 5), handling_limit_min([3, 3], 5), handling_limit_min([3, 8], 5)
    (3, 5, 8)
    """
    listed = list(own_limits)
    return listed[0] if len(listed) == 1 else max(*listed, combined_min)


@dataclass(frozen=True, slots=True)
class FoldedTicket:
    """A ticket's present state as its facts tell it; the same names as the columns of `models.Ticket`."""

    number: str = ""
    state: str = ""
    version: int = 0
    queue: str = ""
    business: str = ""
    priority: str = ""
    tier: int = 0
    rank_at: str = ""
    counter: str | None = None
    session: str | None = None
    for_counter: str | None = None
    calls: int = 0
    transfers: int = 0
    rating: int | None = None
    open_handling: str | None = None
    booking: str | None = None


_NOWHERE: dict[str, Any] = {"counter": None, "session": None, "open_handling": None}


def fold_ticket(facts: Iterable[Mapping[str, Any]]) -> FoldedTicket:
    """Fold a ticket's facts (dicts with kind, version, data; in order of version) into its present state.

    Raises ValueError when a version is missing: then the journal has a hole.
    """
    ticket = FoldedTicket()
    for entry in facts:
        if entry["version"] != ticket.version + 1:
            raise ValueError(f"version {ticket.version + 1} is missing")
        changes = _STEPS[entry["kind"]](ticket, entry["data"])
        ticket = replace(ticket, version=entry["version"], **changes)
    return ticket


def _pick(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names}


_STEPS: dict[str, Any] = {
    "ticket.issued": lambda t, d: {
        "state": "waiting", "booking": d.get("booking"),
        **_pick(d, "number", "queue", "business", "priority", "tier", "rank_at"),
    },
    "ticket.called": lambda t, d: {"state": "called", "calls": t.calls + 1, "for_counter": None, **_pick(d, "counter", "session")},
    "ticket.recalled": lambda t, d: _pick(d, "calls"),
    "ticket.missed": lambda t, d: {"state": "missed", **_NOWHERE},
    "ticket.returned": lambda t, d: {"state": "waiting", **_pick(d, "rank_at")},
    "ticket.started": lambda t, d: {"state": "serving", "open_handling": d["handling"], **_pick(d, "counter", "session")},
    "ticket.business_added": lambda t, d: {},
    "ticket.business_next": lambda t, d: {"open_handling": d["handling"], "business": d["businesses"][0]},
    "ticket.transferred": lambda t, d: {
        "state": "waiting", "transfers": t.transfers + 1, **_NOWHERE, **_pick(d, "queue", "for_counter", "rank_at", "business")
    },
    "ticket.parked": lambda t, d: {"state": "parked", **_NOWHERE},
    "ticket.finished": lambda t, d: {"state": "finished", "open_handling": None},
    "ticket.left": lambda t, d: {"state": "left", **_NOWHERE},
    "ticket.stepped_back": lambda t, d: _pick(d, "rank_at"),
    "ticket.reclassed": lambda t, d: _pick(d, "priority", "tier", "rank_at"),
    "ticket.lapsed": lambda t, d: {"state": "lapsed", **_NOWHERE},
    "ticket.rating_asked": lambda t, d: {},
    "ticket.rated": lambda t, d: {"rating": d["score"]},
    "ticket.verified": lambda t, d: {},
}  # fmt: skip


def most_at_once(spans: Iterable[tuple[dt.datetime, dt.datetime]]) -> int:
    """Return how many of the spans (from, to) run at once at the most; one that ends as another begins does not overlap it.

    >>> nine = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    >>> minute = dt.timedelta(minutes=1)
    >>> most_at_once([(nine, nine + 5 * minute), (nine + minute, nine + 3 * minute), (nine + 5 * minute, nine + 9 * minute)])
    2
    """
    steps = sorted(step for since, until in spans if since < until for step in ((since, 1), (until, -1)))
    most = now = 0
    for _at, change in steps:
        now += change
        most = max(most, now)
    return most


def minutes_text(seconds: float) -> str:
    """Return whole minutes for a sentence; under one minute is "<1".

    >>> minutes_text(59), minutes_text(61)
    ('<1', '1')
    """
    return "<1" if seconds < 60 else str(int(seconds // 60))


def ticket_number(letter: str, last: int) -> str:
    """Return the visible number: letter and at least three digits, so that numbers sort and read alike.

    >>> ticket_number("A", 7), ticket_number("A", 1200)
    ('A007', 'A1200')
    """
    return f"{letter}{last:03d}"


def eligible_queues(
    counter_queues: Iterable[UUID], queue_classes: Mapping[UUID, frozenset[UUID]], skills: frozenset[UUID]
) -> tuple[UUID, ...]:
    """Return the queues that a person may serve at a counter: the counter's, less those with a class the person cannot do.

    No skills at all means "can do everything", so that a small hall needs no skill table.
    """
    return tuple(queue for queue in counter_queues if not skills or queue_classes[queue] <= skills)


def slip_id(ticket: UUID) -> UUID:
    """Return the id of a ticket's only slip; a second slip cannot be recorded, whoever asks for it.

    >>> slip_id(UUID(int=1)) == slip_id(UUID(int=1))
    True
    """
    return uuid5(ticket, "slip")


def steering_id(ticket: UUID) -> UUID:
    """Return the subject of a ticket's override of steering: one a ticket.

    >>> steering_id(UUID(int=1)) == steering_id(UUID(int=1)) != slip_id(UUID(int=1))
    True
    """
    return uuid5(ticket, "steering")


def is_steered(*, is_forced: bool, steers: bool, is_restricted: bool, is_exempt: bool, insists: str) -> bool:
    """Return whether a customer is offered the other channel instead of a ticket (QUE-10, QUE-19).

    Only restricted business while the hall is forced; never an exempt customer, and never one who says why not.

    >>> is_steered(is_forced=True, steers=True, is_restricted=True, is_exempt=False, insists="")
    True
    >>> is_steered(is_forced=True, steers=True, is_restricted=True, is_exempt=True, insists="")
    False
    """
    return is_forced and steers and is_restricted and not is_exempt and not insists.strip()


# From the least to the most demanding way of verifying risk business.
_VERIFICATIONS = ("", "identity_again", "second_person")


def strongest(*needs: str) -> str:
    """Return the most demanding of several needs of verification.

    >>> strongest("", "identity_again"), strongest("second_person", "identity_again"), strongest()
    ('identity_again', 'second_person', '')
    """
    return max(needs, key=_VERIFICATIONS.index, default="")


_EARTH_KM = 6371.0088


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance of two points given in degrees (haversine).

    >>> round(distance_km(23.1367, 113.3200, 23.1291, 113.2644), 1)
    5.7
    """
    a, b = math.radians(lat1), math.radians(lat2)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, h)))
