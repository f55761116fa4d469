"""States and waits of the shared real data, for tests and the benchmark; no row of it leaves this module's callers.

The bank (`queue_1999`): calls of types PS, NE and NW as three queues, phantoms left out. Its log does not say who was at work;
a server counts as open from the first second of a call to a minute after it (the choice among 1, 5 and 20 minutes that did
best on January's last third). Customers of the highest class count as having waited 90 s more (Brown et al., JASA 2005).

The halls (`service_halls_2020`): tickets rebuilt to about five minutes, in the order of their numbers; counters open and the
halls' own mean service from the latest snapshot. Which counters serve which queues, and who is free, is not known.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import os
from bisect import bisect_right
from collections import defaultdict
from pathlib import Path

import numpy as np

from yingting.twin.engine.arrays import Flags
from yingting.twin.hall import HallModel, Klass, Law, Length, Need, Stint
from yingting.twin.seeing import Sample, Sessions, Visits, from_times

BANK = ("PS", "NE", "NW")
STILL_OPEN_S = 60.0
HALLS = ("UD_Bemowo", "UD_Bialoleka", "UD_Mokotow_1", "UD_Mokotow_2", "UD_Ochota", "UD_Praga_Poludnie", "USC_Andersa")


def shared_file(*parts: str) -> Path | None:
    """Return a file of the shared data, None where it is not there (YINGTING_SHARED names the folder)."""
    root = os.environ.get("YINGTING_SHARED")
    above = Path(__file__).resolve().parents
    roots = [Path(root)] if root else [above[4].parent / "shared", above[4].parent.parent / "shared"]
    return next((path for path in (one.joinpath("data", *parts) for one in roots) if path.exists()), None)


def _second(text: str) -> int:
    hours, minutes, seconds = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def bank_visits(month: str) -> tuple[Visits, Sessions] | None:
    """Return the visits of a month ("january"), days as proleptic ordinals, and its servers' hours; None without the data."""
    path = shared_file("queue_1999", f"{month}.txt")
    if path is None:
        return None
    rows, servers = [], {}
    with path.open(encoding="latin-1", newline="") as stream:
        for line in csv.DictReader(stream, delimiter="\t"):
            row = {name: value.strip() for name, value in line.items()}
            if row["outcome"] == "PHANTOM" or row["type"] not in BANK:
                continue
            began, ended = _second(row["q_start"]), _second(row["q_exit"])
            came = began or _second(row["vru_exit"])
            called, done = float("nan"), float(ended or came)
            if row["outcome"] == "AGENT":
                called = float(ended if began else max(came, _second(row["ser_start"])))
                done = max(called, float(_second(row["ser_exit"])))
            if (began and ended < began) or came < 6 * 3600 or _second(row["ser_exit"]) < _second(row["ser_start"]):
                continue  # over midnight, or at night
            day = dt.datetime.strptime(row["date"], "%y%m%d").toordinal()
            seat = -1 if row["server"] == "NO_SERVER" else servers.setdefault(row["server"], len(servers))
            rows.append(
                (day, came, called, done, BANK.index(row["type"]), came - 90.0 * (row["priority"] == "2"), seat)
            )
    rows.sort(key=lambda row: row[:2])
    day, came, called, done, queue, rank, seat = (np.array(column) for column in zip(*rows, strict=True))
    count = len(rows)
    visits = Visits(
        day, came.astype(float), called, done, queue.astype(np.int32), np.ones(count, np.int32), rank, seat.astype(np.int32),
        np.full(count, 180.0), np.ones(count, bool),
    )  # fmt: skip
    return visits, _servers_open(visits)


def _servers_open(visits: Visits) -> Sessions:
    spans: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    serving = (visits.seat >= 0) & ~np.isnan(visits.called_s)
    order = np.lexsort((visits.called_s, visits.seat, visits.day))
    for one in order[serving[order]]:
        day, seat = int(visits.day[one]), int(visits.seat[one])
        since, until = float(visits.called_s[one]), float(visits.done_s[one]) + STILL_OPEN_S
        mine = spans[day]
        if mine and mine[-1][0] == seat and mine[-1][2] >= since:
            mine[-1] = (seat, mine[-1][1], max(until, mine[-1][2]))
        else:
            mine.append((seat, since, until))
    days = [spans[int(day)] for day in np.unique(visits.day)]
    first = np.concatenate([[0], np.cumsum([len(day) for day in days])])
    flat = [span for day in days for span in day]
    seats, opens, closes = (np.array(column) for column in zip(*flat, strict=True))
    every = np.ones((len(flat), len(BANK)), bool)
    return Sessions(first[:-1], first[1:], seats.astype(np.int32), opens.astype(float), closes.astype(float), every)


def bank(month: str) -> Sample | None:
    """Return states and waits of a month of the bank."""
    found = bank_visits(month)
    return found and from_times(BANK, *found)


def halls() -> dict[str, Sample] | None:
    """Return states and waits by hall, days as proleptic ordinals; None without the data."""
    tickets, snapshots = (
        shared_file("service_halls_2020", f"{name}.csv.gz") for name in ("tickets_rebuilt", "snapshots")
    )
    if tickets is None or snapshots is None:
        return None
    looks: dict[tuple[str, str, int], list[tuple[int, int, float]]] = defaultdict(list)
    with gzip.open(snapshots, "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["office"] in HALLS:
                day = dt.date.fromisoformat(row["date"]).toordinal()
                look = (_second(row["time"] + ":00"), int(row["counters_open"] or 0), float(row["svc_min_api"] or 10))
                looks[row["office"], row["queue_id"], day].append(look)
    rows: dict[str, list[tuple[int, int, int, str, int]]] = defaultdict(list)
    with gzip.open(tickets, "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            issued, called = (dt.datetime.fromisoformat(row[name]) for name in ("issued", "called"))
            seconds = [moment.hour * 3600 + moment.minute * 60 for moment in (issued, called)]
            rows[row["office"]].append((issued.toordinal(), seconds[0], int(row["ticket"]), row["queue"], seconds[1]))
    return {office: _hall(office, sorted(mine), looks) for office, mine in sorted(rows.items())}


def _hall(
    office: str,
    rows: list[tuple[int, int, int, str, int]],
    looks: dict[tuple[str, str, int], list[tuple[int, int, float]]],
) -> Sample:
    queues = tuple(sorted({row[3] for row in rows}))
    counters, usual = [], []
    for day, issued, _number, queue, _called in rows:
        seen = sorted(looks[office, queue, day])
        place = bisect_right(seen, (issued, 10**6, 0.0)) - 1
        counters.append(float(seen[place][1]) if place >= 0 else 0.0)
        usual.append(60.0 * seen[place][2] if place >= 0 else 600.0)
    day = np.array([row[0] for row in rows])
    issued, called = (np.array([float(row[place]) for row in rows]) for place in (1, 4))
    queue = np.array([queues.index(row[3]) for row in rows], np.int32)
    count, days = len(rows), len(np.unique(day))
    visits = Visits(
        day, issued, called, called, queue, np.ones(count, np.int32), issued, np.full(count, -1, np.int32), np.array(usual),
        np.ones(count, bool),
    )  # fmt: skip
    nobody = Sessions(
        np.zeros(days, np.int64), np.zeros(days, np.int64), np.zeros(0, np.int32), np.zeros(0), np.zeros(0),
        np.zeros((0, len(queues)), bool),
    )  # fmt: skip
    sample = from_times(queues, visits, nobody)
    return Sample(
        sample.queues, sample.queue, sample.day, sample.at_s, sample.ahead, sample.work_s, np.array(counters), sample.free,
        sample.around, sample.oldest_s, sample.wait_s, sample.weight, sample.last_s,
    )  # fmt: skip


def bank_hall(month: str) -> HallModel:
    """Return a hall with the bank's rates, lengths, patience, classes and servers on the month's days from Sunday to Thursday.

    Plain means by half hour from 07:00 to 24:00; patience by the exponential law's maximum likelihood (Brown et al., §6).
    """
    found = bank_visits(month)
    assert found is not None
    visits, sessions = found
    regular = np.isin(visits.day % 7, (0, 1, 2, 3, 4)) & (visits.joined_s >= 7 * 3600)
    days, slots = len(np.unique(visits.day[regular])), 34
    slot = ((visits.joined_s - 7 * 3600) // 1800).astype(int)
    shape = (slots, len(BANK))
    rates = np.zeros(shape)
    np.add.at(rates, (slot[regular], visits.queue[regular]), 1.0 / days)
    total = np.unique(visits.day[regular], return_counts=True)[1]
    spread = max(1e-9, float(total.var(ddof=1) - total.mean()))
    needs = tuple(_need(visits, regular & (visits.queue == place), code) for place, code in enumerate(BANK))
    served = ~np.isnan(visits.called_s)
    high = float((visits.rank_s < visits.joined_s)[regular & served].mean())
    return HallModel(
        7 * 3600.0, 1800.0, tuple(map(tuple, rates.tolist())), needs, _bank_stints(visits, sessions, slots),
        klasses=(Klass("normal", 1 - high), Klass("high", high, head_start_min=1.5)), busyness=float(total.mean()) ** 2 / spread,
    )  # fmt: skip


def _need(visits: Visits, mine: Flags, code: str) -> Need:
    served = mine & ~np.isnan(visits.called_s)
    length = (visits.done_s - visits.called_s)[served]
    length = length[(length >= 10) & (length < 3600)]
    waited = np.where(np.isnan(visits.called_s), visits.done_s, visits.called_s) - visits.joined_s
    patience = float(waited[mine].sum()) / max(1, int((mine & ~served).sum()))
    mean = float(length.mean())
    return Need(code, code, ((1.0, Length(mean, float(length.std()) / mean)),), Length(patience, 1.0, Law.EXPONENTIAL))


def _bank_stints(visits: Visits, sessions: Sessions, slots: int) -> tuple[Stint, ...]:
    """As many counters in each half hour as were open on average on the regular days."""
    regular = np.isin(np.unique(visits.day) % 7, (0, 1, 2, 3, 4))
    open_s = np.zeros(slots)
    for day in np.flatnonzero(regular):
        for one in range(sessions.first[day], sessions.last[day]):
            begins = 7 * 3600 + 1800 * np.arange(slots)
            open_s += np.clip(
                np.minimum(sessions.closes_s[one], begins + 1800) - np.maximum(sessions.opens_s[one], begins), 0, None
            )
    open_now = np.maximum(1, np.round(open_s / 1800 / regular.sum())).astype(int)
    stints = []
    for seat in range(int(open_now.max())):
        since = None
        for slot in range(slots + 1):
            is_open = slot < slots and open_now[slot] > seat
            if is_open and since is None:
                since = slot
            elif not is_open and since is not None:
                ends = 7 * 3600.0 + 1800 * slot
                stints.append(Stint(str(seat), 7 * 3600.0 + 1800 * since, ends, BANK, drains=slot == slots))
                since = None
    return tuple(stints)
