"""What became of the time at the counters: each session's time, split. Pure.

At every moment a session is doing one thing, the first of these that holds:

    serving       a customer is being handled, also one whose handling nobody ended before the day was closed
    way           a customer was called and is on the way (or does not come)
    paused        the counter takes no new tickets
    idle          none of these; of it `idle_waiting` while somebody waited whom this counter might have called

Which queues a counter may call at a past moment no fact says, so anybody in a queue of the hall counts as waiting, and
somebody sent to one counter counts for that counter alone.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from yingting.domains.queueing.tables.naming import SOURCE, Fact, Labels, Row
from yingting.kernel.clocks import elapsed_s

_AT_WORK = (
    "serving",
    "called",
    "paused",
)  # in this order: a customer at hand is served on, although the counter is paused

_FOR_EVER = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(slots=True)
class Stretch:
    """A ticket waiting, called or serving. `place`: the session it is called to; of one waiting, the only counter it is for."""

    state: str
    place: str | None
    begins: dt.datetime
    ends: dt.datetime | None = None


@dataclass(slots=True)
class _Session:
    id: str
    counter: str
    clerk: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None = None
    stretches: list[Stretch] = field(default_factory=list)


class Waiting:
    """When somebody waited, as few stretches as tell it: for any counter, and for one."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        by_place: dict[str | None, list[tuple[dt.datetime, dt.datetime]]] = {}
        for one in stretches:
            by_place.setdefault(one.place, []).append((one.begins, one.ends or _FOR_EVER))
        self._by_place = {place: _joined(found) for place, found in by_place.items()}

    def at(self, counter: str) -> list[Stretch]:
        """Return when this counter might have called somebody."""
        found = [*self._by_place.get(None, ()), *self._by_place.get(counter, ())]
        return [Stretch("waiting", counter, begins, ends) for begins, ends in found]


def counter_time(
    sessions: Iterable[Sequence[Fact]], tickets: Collection[Stretch], until: dt.datetime, labels: Labels
) -> list[Row]:
    """Fold the facts of each session, in order of version; what goes on is counted up to `until`."""
    waiting = Waiting(one for one in tickets if one.state == "waiting")
    at_counters: dict[str | None, list[Stretch]] = {}
    for one in tickets:
        if one.state != "waiting":
            at_counters.setdefault(one.place, []).append(one)
    rows = []
    for facts in sessions:
        session = _walk(facts)
        if session is not None:
            session.stretches += [*at_counters.get(session.id, ()), *waiting.at(session.counter)]
            rows.append(_row(session, facts[0]["business_day"], until, labels))
    return rows


def _walk(facts: Sequence[Fact]) -> _Session | None:
    session: _Session | None = None
    for version, fact in enumerate(facts, start=1):
        if fact["version"] != version:
            break
        kind, at = fact["kind"], fact["occurred_at"]
        if session is None:
            session = _Session(str(fact["subject"]), fact["data"]["counter"], fact["data"]["clerk"], at)
        elif kind == "session.paused":
            session.stretches.append(Stretch("paused", session.id, at))
        elif kind == "session.resumed":
            session.stretches[-1].ends = at
        elif kind == "session.closed":
            session.closed_at = at
    return session


def _row(session: _Session, day: dt.date, until: dt.datetime, labels: Labels) -> Row:
    ended = session.closed_at or max(until, session.opened_at)
    spent = _split(session.opened_at, ended, session.stretches)
    return {
        "source": SOURCE,
        "hall": labels.hall,
        "business_day": day,
        "session": session.id,
        "counter": labels.counters.get(session.counter, session.counter),
        "clerk": labels.clerks.get(session.clerk, session.clerk),
        "opened_at": session.opened_at,
        "closed_at": session.closed_at,
        "open_s": elapsed_s(session.opened_at, ended),
        "serving_s": spent["serving"].total_seconds(),
        "way_s": spent["called"].total_seconds(),
        "paused_s": spent["paused"].total_seconds(),
        "idle_s": (spent["idle"] + spent["idle_waiting"]).total_seconds(),
        "idle_waiting_s": spent["idle_waiting"].total_seconds(),
    }


def _split(opened: dt.datetime, ended: dt.datetime, stretches: Iterable[Stretch]) -> Mapping[str, dt.timedelta]:
    steps = [(opened, "", 0), (ended, "", 0)]
    for one in stretches:
        begins, ends = max(one.begins, opened), min(one.ends or ended, ended)
        if begins < ends:
            steps += (begins, one.state, 1), (ends, one.state, -1)
    depth: Counter[str] = Counter()
    spent = dict.fromkeys((*_AT_WORK, "idle", "idle_waiting"), dt.timedelta(0))
    for (at, state, step), (after, _state, _step) in pairwise(sorted(steps)):
        depth[state] += step
        spent[_doing(depth)] += after - at
    return spent


def _doing(depth: Mapping[str, int]) -> str:
    idle = "idle_waiting" if depth["waiting"] else "idle"
    return next((state for state in _AT_WORK if depth[state]), idle)


def _joined(spans: Iterable[tuple[dt.datetime, dt.datetime]]) -> list[tuple[dt.datetime, dt.datetime]]:
    joined: list[tuple[dt.datetime, dt.datetime]] = []
    for begins, ends in sorted(spans):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return joined
