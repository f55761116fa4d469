"""Fold the facts of our own journal into the tables of the queue. Pure: plain dicts in, plain rows out.

What a visit's end counts as:

    served     finished at a counter; or still at a counter when the day was closed (the clerk never pressed "finish":
               then neither the end nor the length of that handling is known)
    abandoned  left, or lapsed, while waiting or set aside
    no_show    left, or lapsed, after the last call, without coming to the counter
    open       goes on

A visit's queue, business and priority class are the last ones; its kind is combined if a handling was, or if several businesses were
done. A business asked for but never handled makes no kind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from yingting.domains.queueing.tables.counter_time import Stretch, counter_time
from yingting.domains.queueing.tables.forced_diversion import answer_rows, mode_row
from yingting.domains.queueing.tables.naming import SOURCE, Fact, Labels, Row
from yingting.kernel.clocks import elapsed_s, local_instant

FOLD_VERSION = 5  # another number makes every day be folded anew
PREFIXES = ("ticket.", "session.", "mode.", "steering.", "day.")  # facts that change a day's rows
_SEEN_STATES = ("waiting", "called", "serving")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the tables, with the columns that `declared` names."""

    visits: tuple[Row, ...] = ()
    stints: tuple[Row, ...] = ()
    counter_time: tuple[Row, ...] = ()
    modes: tuple[Row, ...] = ()
    steerings: tuple[Row, ...] = ()


@dataclass(slots=True)
class _Stint:
    id: str
    counter: str
    clerk: str
    businesses: list[str]
    kind: str
    called_at: dt.datetime | None
    started_at: dt.datetime
    finished_at: dt.datetime | None = None

    @property
    def seconds(self) -> float | None:
        return None if self.finished_at is None else elapsed_s(self.started_at, self.finished_at)


@dataclass(slots=True)
class _Visit:
    """A visit while its facts are walked."""

    id: str
    day: dt.date
    issued_at: dt.datetime
    data: Mapping[str, Any]
    queue: str
    business: str
    priority: str
    queued_at: dt.datetime
    state: str = "waiting"
    first_called_at: dt.datetime | None = None
    called_at: dt.datetime | None = None
    wait_last_s: float | None = None
    way_s: float | None = None
    finished_at: dt.datetime | None = None
    left_at: dt.datetime | None = None
    outcome: str = "open"
    transfers: int = 0
    rating: int | None = None
    rating_asked: bool = False
    stints: list[_Stint] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)

    def enter(self, state: str, at: dt.datetime, place: str | None = None) -> None:
        """Go over to a state, and note how long the one before lasted if it is one that the counters' time is told by."""
        if self.state in _SEEN_STATES and self.stretches:
            self.stretches[-1].ends = at
        if state in _SEEN_STATES:
            self.stretches.append(Stretch(state, place, at))
        self.state = state


def fold_day(facts: Iterable[Fact], labels: Labels) -> Rows:
    """Fold the facts of one hall and day, ordered by subject and version, into rows.

    Of a subject whose later facts are not settled yet, the first ones without a gap count. What goes on is counted up to
    the day's last fact, or to midnight.
    """
    known = list(facts)
    if not known:
        return Rows()
    by_kind: dict[str, list[list[Fact]]] = {prefix: [] for prefix in PREFIXES}
    customers: dict[str, Mapping[str, Any]] = {}
    for _subject, own in groupby(known, key=lambda fact: fact["subject"]):
        listed = list(own)
        if listed[0]["kind"] == "ticket.customer_known":
            customers[listed[-1]["data"]["ticket"]] = listed[-1]["data"]  # a later one corrects the earlier
            continue
        by_kind[listed[0]["kind"].partition(".")[0] + "."].append(listed)
    until = _until(known, labels)
    visits = [visit for listed in by_kind["ticket."] if (visit := _walk(listed)) is not None]
    rows = [_visit_row(visit, labels) | _customer_of(customers.get(visit.id)) for visit in visits]
    stretches = [one for visit in visits for one in visit.stretches]
    modes = [mode_row(listed, until, labels) for listed in by_kind["mode."]]
    return Rows(
        visits=tuple(rows),
        stints=tuple(
            _stint_row(stint, row, labels) for visit, row in zip(visits, rows, strict=True) for stint in visit.stints
        ),
        counter_time=tuple(counter_time(by_kind["session."], stretches, until, labels)),
        modes=tuple(row for row in modes if row is not None),
        steerings=tuple(answer_rows((fact for listed in by_kind["steering."] for fact in listed), labels)),
    )


def _until(facts: Sequence[Fact], labels: Labels) -> dt.datetime:
    """Return the moment up to which a day is known: customers may still rate it in the days after."""
    midnight = local_instant(facts[0]["business_day"] + dt.timedelta(days=1), dt.time(0), labels.timezone)
    last: dt.datetime = max(fact["occurred_at"] for fact in facts)
    return min(last, midnight)


def _walk(facts: Iterable[Fact]) -> _Visit | None:
    visit: _Visit | None = None
    for version, fact in enumerate(facts, start=1):
        if fact["version"] != version:
            break
        at, data = fact["occurred_at"], fact["data"]
        if visit is None:
            visit = _Visit(
                str(fact["subject"]), fact["business_day"], at, data, data["queue"], data["business"], data["priority"],
                queued_at=at,
            )  # fmt: skip
            visit.enter("waiting", at)
        else:
            _STEPS.get(fact["kind"], _nothing)(visit, at, data)
    return visit


# ------------------------------------------------------------------------------------------------ steps


def _nothing(_visit: _Visit, _at: dt.datetime, _data: Mapping[str, Any]) -> None:
    """A fact that no column tells of (stepped back, made safe)."""


def _called(visit: _Visit, at: dt.datetime, data: Mapping[str, Any]) -> None:
    visit.enter("called", at, data["session"])
    visit.first_called_at = visit.first_called_at or at
    visit.called_at = at
    visit.wait_last_s = elapsed_s(visit.queued_at, at)


def _reclassed(visit: _Visit, _at: dt.datetime, data: Mapping[str, Any]) -> None:
    visit.priority = data["priority"]


def _recalled(visit: _Visit, at: dt.datetime, _data: Mapping[str, Any]) -> None:
    visit.called_at = at  # the way to the counter counts from here; the wait ended with the first call


def _missed(visit: _Visit, at: dt.datetime, _data: Mapping[str, Any]) -> None:
    visit.enter("missed", at)


def _returned(visit: _Visit, at: dt.datetime, _data: Mapping[str, Any]) -> None:
    visit.queued_at = at
    visit.enter("waiting", at)


def _started(visit: _Visit, at: dt.datetime, data: Mapping[str, Any]) -> None:
    called_at = visit.called_at if visit.state == "called" else None
    if called_at is not None:
        visit.way_s = (visit.way_s or 0.0) + elapsed_s(called_at, at)
    visit.enter("serving", at, data["session"])
    visit.stints.append(
        _Stint(data["handling"], data["counter"], data["clerk"], list(data["businesses"]), data["business_kind"],
               called_at, at)
    )  # fmt: skip


def _business_added(visit: _Visit, _at: dt.datetime, data: Mapping[str, Any]) -> None:
    visit.stints[-1].businesses.append(data["business"])
    visit.stints[-1].kind = data["business_kind"]


def _business_next(visit: _Visit, at: dt.datetime, data: Mapping[str, Any]) -> None:
    last = visit.stints[-1]
    last.finished_at = at
    visit.business = data["businesses"][0]
    visit.stints.append(
        _Stint(data["handling"], last.counter, last.clerk, list(data["businesses"]), data["business_kind"], None, at)
    )


def _transferred(visit: _Visit, at: dt.datetime, data: Mapping[str, Any]) -> None:
    if data["handling"] is not None:
        visit.stints[-1].finished_at = at
    visit.queued_at = at
    visit.enter("waiting", at, data["for_counter"])
    visit.queue, visit.business = data["queue"], data["business"]
    visit.transfers += 1


def _parked(visit: _Visit, at: dt.datetime, _data: Mapping[str, Any]) -> None:
    visit.enter("parked", at)
    visit.stints[-1].finished_at = at


def _finished(visit: _Visit, at: dt.datetime, _data: Mapping[str, Any]) -> None:
    visit.enter("finished", at)
    visit.outcome = "served"
    visit.finished_at = visit.stints[-1].finished_at = at


def _left(visit: _Visit, at: dt.datetime, _data: Mapping[str, Any]) -> None:
    visit.outcome = "no_show" if visit.state == "missed" else "abandoned"
    visit.enter("left", at)
    visit.left_at = at


def _lapsed(visit: _Visit, at: dt.datetime, data: Mapping[str, Any]) -> None:
    ends = {"called": "no_show", "missed": "no_show", "serving": "served"}
    visit.outcome = ends.get(data["was"], "abandoned")
    visit.enter("lapsed", at)


def _rating_asked(visit: _Visit, _at: dt.datetime, _data: Mapping[str, Any]) -> None:
    visit.rating_asked = True


def _rated(visit: _Visit, _at: dt.datetime, data: Mapping[str, Any]) -> None:
    visit.rating = data["score"]


_STEPS = {
    "ticket.called": _called, "ticket.recalled": _recalled, "ticket.reclassed": _reclassed, "ticket.missed": _missed,
    "ticket.returned": _returned, "ticket.started": _started, "ticket.business_added": _business_added,
    "ticket.business_next": _business_next, "ticket.transferred": _transferred, "ticket.parked": _parked,
    "ticket.finished": _finished, "ticket.left": _left, "ticket.lapsed": _lapsed, "ticket.rated": _rated,
    "ticket.rating_asked": _rating_asked,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------- rows


def _visit_row(visit: _Visit, labels: Labels) -> Row:
    local = visit.issued_at.astimezone(ZoneInfo(labels.timezone))
    last = visit.stints[-1] if visit.stints else None
    lengths = [stint.seconds for stint in visit.stints if stint.seconds is not None]
    called = visit.first_called_at
    return {
        "source": SOURCE,
        "hall": labels.hall,
        "business_day": visit.day,
        "visit": visit.id,
        "ticket": visit.data["number"],
        "queue": labels.queues.get(visit.queue, visit.queue),
        "business": labels.businesses.get(visit.business, visit.business),
        "priority_class": labels.priorities.get(visit.priority, visit.priority),
        "kind": _kind(visit.stints),
        "outcome": visit.outcome,
        "issued_at": visit.issued_at,
        "called_at": called,
        "started_at": visit.stints[0].started_at if visit.stints else None,
        "finished_at": visit.finished_at,
        "left_at": visit.left_at,
        "wait_s": None if called is None else elapsed_s(visit.issued_at, called),
        "wait_last_s": visit.wait_last_s,
        "way_s": visit.way_s,
        "handling_s": sum(lengths) if lengths else None,
        "counter": labels.counters.get(last.counter, last.counter) if last else None,
        "clerk": labels.clerks.get(last.clerk, last.clerk) if last else None,
        "transfers": visit.transfers,
        "quoted_low_min": visit.data["quoted_low_min"],
        "quoted_high_min": visit.data["quoted_high_min"],
        "rating": visit.rating,
        "issue_minute_local": local.hour * 60 + local.minute,
        "weekday": visit.day.weekday(),
        "precision_s": 0,
        "abandonment_recorded": True,
        "rating_asked": visit.rating_asked,
        "customer": None,
        "quoted_by": visit.data.get("quoted_by"),
        "segment": None,
        "level": None,
        "known_by": None,
    }


def _customer_of(data: Mapping[str, Any] | None) -> Row:
    """The columns of a visit's customer: the file's id tells one customer's visits, and nothing of who it is."""
    if data is None or data["customer"] is None:
        return {}
    return {
        "customer": data["customer"],
        "segment": data["segment"],
        "level": data["level"],
        "known_by": data["how"],
    }


def _kind(stints: list[_Stint]) -> str | None:
    if not stints:
        return None
    done = {business for stint in stints for business in stint.businesses}
    return "combined" if len(done) > 1 or any(stint.kind == "combined" for stint in stints) else "single"


def _stint_row(stint: _Stint, visit: Row, labels: Labels) -> Row:
    return {
        "source": SOURCE,
        "hall": visit["hall"],
        "business_day": visit["business_day"],
        "stint": stint.id,
        "visit": visit["visit"],
        "ticket": visit["ticket"],
        "business": " + ".join(labels.businesses.get(one, one) for one in stint.businesses),
        "kind": stint.kind,
        "counter": labels.counters.get(stint.counter, stint.counter),
        "clerk": labels.clerks.get(stint.clerk, stint.clerk),
        "called_at": stint.called_at,
        "started_at": stint.started_at,
        "finished_at": stint.finished_at,
        "wait_s": visit["wait_s"],
        "handling_s": stint.seconds,
        "outcome": visit["outcome"],
    }
