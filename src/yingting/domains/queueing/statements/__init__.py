"""The queue's hot path in SQL: take, call, start, finish. One statement each on PostgreSQL; on SQLite a short write
transaction of a few. Everything else goes through the ORM.

Each function changes state and journal together and returns one row, or None where the state did not allow it; the caller
finds out why (that path may be slow). A taken request key raises IntegrityError: an earlier request already did it.

Concurrency: a call locks its session row, then the first waiting ticket that no other call has locked (SKIP LOCKED), so two
counters never get the same ticket and never wait for each other. A number is given out under the lock of its series row.
On SQLite `writing()` admits one writer at a time.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.rules import ticket_number
from yingting.domains.queueing.rules.announcing import BOOKED_AHEAD, BOOKED_LATE, Expected, neighbours_of
from yingting.domains.queueing.rules.calling import Order, Standing, usual_order
from yingting.domains.queueing.statements.shared import (
    ANSWER,
    CALLED,
    CALLED_FACT,
    SEAT,
    STORED_ORDER,
    claimed,
    fact_columns,
    instant,
    lite,
    lite_called,
    lite_fact,
    lite_one,
    lite_rule,
    lite_seat,
    moment,
    uuid_of,
)
from yingting.foundation.journal.direct import Row, one_row
from yingting.foundation.journal.recording import insert_fragment
from yingting.foundation.journal.writing import writing
from yingting.kernel.clocks import elapsed_s

# ------------------------------------------------------------------------------------------------ the look ahead
_OUTLOOK = """
SELECT count(CASE WHEN {mine} THEN 1 END) AS ahead, coalesce(sum(CASE WHEN {mine} THEN expected_s END), 0) AS work_s,
       min(CASE WHEN {mine} THEN queued_at END) AS oldest_at, count(CASE WHEN queue_id <> %s THEN 1 END) AS around,
       (SELECT count(*) FROM queueing_countersession
         WHERE hall_id = %s AND business_day = %s AND state = 'open' AND counter_id IN ({counters})) AS counters,
       (SELECT count(*) FROM queueing_countersession
         WHERE hall_id = %s AND business_day = %s AND state = 'open' AND ticket_id IS NULL AND counter_id IN ({counters})) AS free,
       (SELECT {booked} FROM queueing_expectedbooking
         WHERE hall_id = %s AND business_day = %s AND state = 'expected' AND due_at BETWEEN %s AND %s AND queue_id IN ({queues})) AS booked
  FROM queueing_ticket{those_waiting}
 WHERE hall_id = %s AND business_day = %s AND state = 'waiting' AND queue_id IN ({queues}) AND for_counter_id IS NULL
"""
_BOOKED = """json_agg(json_build_array(queue_id, extract(epoch FROM rank_at)::float8, extract(epoch FROM due_at)::float8,
         expected_s))::text"""
_LITE_BOOKED = "json_group_array(json_array(queue_id, rank_at, due_at, expected_s))"
_MINE = "queue_id = %s AND ({before})"


AGED = "tier < %s OR (tier = %s AND rank_at < %s)"


def outlook(
    setup: HallSetup, *, day: dt.date, queue: UUID, place: Standing, levels: Mapping[UUID, int], now: dt.datetime
) -> Row:
    """Return `ahead`, `work_s`, open `counters` and `free` ones for a place in a queue: those called before it by the order
    that usually holds there, and by whom; since when the first of them waits (`oldest_at`), how many wait `around` it in
    the other queues of the same counters, and who has `booked` there (`Expected`). `levels` are the ranks of the priority classes.
    """
    row = one_row(*outlook_words(setup, day=day, queue=queue, place=place, levels=levels, now=now))
    assert row is not None
    is_lite = connection.vendor == "sqlite"
    if is_lite and row.get("oldest_at"):
        row["oldest_at"] = instant(row["oldest_at"])
    if row.get("booked"):
        names, since = (uuid_of, instant) if is_lite else (UUID, moment)
        row["booked"] = [
            Expected(names(one), since(rank), since(due), seconds)
            for one, rank, due, seconds in orjson.loads(row["booked"])
        ]
    return row


def outlook_words(
    setup: HallSetup, *, day: dt.date, queue: UUID, place: Standing, levels: Mapping[UUID, int], now: dt.datetime
) -> tuple[str, list[Any]]:
    """Return the text of the look ahead with its values (the benchmark runs it by the bare driver)."""
    counters = [counter.id for counter in setup.counters.values() if queue in counter.queues]
    order, care_first = usual_order((setup.calling.get(counter) for counter in counters), place.queue)
    before, than = _before(order, care_first, place, levels)
    marks = ", ".join(["%s"] * len(counters)) or "NULL"
    queues = [queue, *neighbours_of(queue, (counter.queues for counter in setup.counters.values()))]
    mine: list[Any] = [queue, *than]
    params: list[Any] = [
        *mine, *mine, *mine, queue, setup.id, day, *counters, setup.id, day, *counters,
        setup.id, day, now - BOOKED_LATE, now + BOOKED_AHEAD, *queues, setup.id, day, *queues,
    ]  # fmt: skip
    those_waiting, booked = "", _BOOKED
    if connection.vendor == "sqlite":
        params = [lite(value) for value in params]
        those_waiting = " INDEXED BY queueing_next"  # without statistics SQLite would read all tickets of the day
        booked = _LITE_BOOKED
    text = _OUTLOOK.format(
        counters=marks, those_waiting=those_waiting, mine=_MINE.format(before=before), booked=booked,
        queues=", ".join(["%s"] * len(queues)),
    )  # fmt: skip
    return text, params


def _before(order: Order, care_first: bool, place: Standing, levels: Mapping[UUID, int]) -> tuple[str, list[Any]]:
    """Who stands before a place, in the words of `rules.calling.place_of`, with the values."""
    if order is Order.AGED:
        return AGED, [place.tier, place.tier, place.rank_at]
    if care_first and place.tier == 0:
        return "tier = 0 AND rank_at < %s", [place.rank_at]
    later = "max" if connection.vendor == "sqlite" else "greatest"
    came = f"CASE WHEN transfers > 0 OR booking IS NOT NULL THEN rank_at ELSE {later}(issued_at, rank_at) END"
    text = f"{came} < %s"
    than: list[Any] = [place.came_at]
    if order is Order.PRIORITY:
        level = f"CASE priority_id {'WHEN %s THEN %s ' * len(levels)}ELSE 9999 END"
        ranks = [value for pair in levels.items() for value in pair]
        text = f"{level} < %s OR ({level} = %s AND {text})"
        than = [*ranks, place.level, *ranks, place.level, *than]
    return (f"tier = 0 OR {text}" if care_first else text), than


# ------------------------------------------------------------------------------------------------ take
_TAKE = """
WITH hall AS (SELECT id FROM sites_hall WHERE id = %(hall)s AND config_version = %(config)s),
series AS (
  INSERT INTO queueing_series (id, hall_id, business_day, letter, last, last_at)
  SELECT %(series)s::uuid, hall.id, %(day)s::date, %(letter)s, 1,
         greatest(%(now)s::timestamptz, (SELECT max(last_at) + interval '1 microsecond' FROM queueing_series
                                          WHERE hall_id = %(hall)s AND business_day = %(day)s))
    FROM hall
  ON CONFLICT (hall_id, business_day, letter) DO UPDATE
    SET last = queueing_series.last + 1, last_at = greatest(excluded.last_at, queueing_series.last_at + interval '1 microsecond')
  RETURNING last, last_at
), ticket AS (
  INSERT INTO queueing_ticket (id, hall_id, business_day, number, secret, channel, queue_id, business_id, priority_id, tier, rank_at,
      state, version, issued_at, queued_at, changed_at, calls, transfers, expected_s, quoted_ahead, quoted_low_min, quoted_high_min,
      needs_verification, booking)
  SELECT %(id)s::uuid, %(hall)s::uuid, %(day)s::date,
         %(letter)s || lpad(last::text, greatest(3, length(last::text)), '0'),
         %(secret)s, %(channel)s, %(queue)s::uuid, %(business)s::uuid, %(priority)s::uuid, %(tier)s::int,
         coalesce(%(rank_at)s::timestamptz, last_at - make_interval(mins => %(head_start)s::int)),
         'waiting', 1, last_at, last_at, last_at, 0, 0,
         %(expected_s)s::int, %(ahead)s::int, %(low)s::int, %(high)s::int, %(verification)s, %(booking)s::uuid
    FROM series RETURNING id, number, issued_at, rank_at
), fact AS (
  {insert}
)
SELECT number, issued_at FROM ticket
"""
_TAKE_FACT = """jsonb_build_object('number', number, 'channel', %(channel)s::text, 'queue', %(queue)s::uuid, 'business', %(business)s::uuid,
  'priority', %(priority)s::uuid, 'tier', %(tier)s::int, 'rank_at', rank_at, 'expected_s', %(expected_s)s::int,
  'quoted_ahead', %(ahead)s::int, 'quoted_low_min', %(low)s::int, 'quoted_high_min', %(high)s::int,
  'quoted_by', %(by)s::int, 'seen', %(seen)s::jsonb, 'booking', %(booking)s::uuid)"""


def take(p: Mapping[str, Any]) -> Row | None:
    """Insert a ticket with the next number of its series; None when the hall's setup is no longer version `config`.

    `p`: hall, config, day, now, real_now, letter, series, id, secret, channel, queue, business, priority, tier, head_start,
    rank_at (None: by the clock and the head start), booking, expected_s, ahead, low, high, by, seen (JSON), verification,
    actor_kind, actor, actor_label, key. A booking that has its ticket already raises IntegrityError.
    """
    if connection.vendor == "sqlite":
        return _lite_take(p)
    return claimed(texts()["take"], p)


def _lite_take(p: Mapping[str, Any]) -> Row | None:
    day = p["day"]
    with writing():
        hall = lite_one("SELECT id FROM sites_hall WHERE id = %s AND config_version = %s", p["hall"], p["config"])
        if hall is None:
            return None
        latest = lite_one(
            "SELECT max(last_at) AS at FROM queueing_series WHERE hall_id = %s AND business_day = %s", p["hall"], day
        )
        assert latest is not None
        at = p["now"]
        if latest["at"]:
            at = max(at, instant(latest["at"]) + dt.timedelta(microseconds=1))
        series = lite_one(
            """INSERT INTO queueing_series (id, hall_id, business_day, letter, last, last_at) VALUES (%s, %s, %s, %s, 1, %s)
               ON CONFLICT (hall_id, business_day, letter) DO UPDATE SET last = last + 1, last_at = excluded.last_at RETURNING last""",
            p["series"], p["hall"], day, p["letter"], at,
        )  # fmt: skip
        assert series is not None
        number = ticket_number(p["letter"], series["last"])
        rank_at = p["rank_at"] or at - dt.timedelta(minutes=p["head_start"])
        lite_one(
            """INSERT INTO queueing_ticket (id, hall_id, business_day, number, secret, channel, queue_id, business_id, priority_id,
                 tier, rank_at, state, version, issued_at, queued_at, changed_at, calls, transfers, expected_s, quoted_ahead,
                 quoted_low_min, quoted_high_min, needs_verification, booking)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'waiting', 1, %s, %s, %s, 0, 0, %s, %s, %s, %s, %s, %s)""",
            p["id"], p["hall"], day, number, p["secret"], p["channel"], p["queue"], p["business"], p["priority"], p["tier"],
            rank_at, at, at, at, p["expected_s"], p["ahead"], p["low"], p["high"], p["verification"], p["booking"],
        )  # fmt: skip
        data = {
            "number": number, "channel": p["channel"], "queue": str(p["queue"]), "business": str(p["business"]),
            "priority": str(p["priority"]), "tier": p["tier"], "rank_at": rank_at.isoformat(), "expected_s": p["expected_s"],
            "quoted_ahead": p["ahead"], "quoted_low_min": p["low"], "quoted_high_min": p["high"], "quoted_by": p["by"],
            "seen": json.loads(p["seen"]), "booking": str(p["booking"]) if p["booking"] else None,
        }  # fmt: skip
        lite_fact("ticket.issued", data, subject=p["id"], version=1, at=at, p=p)
        return {"number": number, "issued_at": at}


# ------------------------------------------------------------------------------------------------ call
_CALL = """
{seat}, next AS (
  SELECT t.id, t.for_counter_id AS directed FROM queueing_ticket t, seat
   WHERE t.hall_id = %(hall)s AND t.business_day = %(day)s AND t.state = 'waiting'
     AND (t.for_counter_id = seat.counter_id OR (t.for_counter_id IS NULL AND t.queue_id = ANY(%(queues)s::uuid[])))
   ORDER BY t.tier, t.rank_at, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED
), called AS (
  {called}, CASE WHEN next.directed IS NOT NULL THEN 'directed' ELSE {stored_order} END AS rule
), taken AS (
  UPDATE queueing_countersession s SET ticket_id = called.id FROM called WHERE s.id = %(session)s
), fact AS (
  {insert}
)
{answer}
"""


def call(p: Mapping[str, Any]) -> Row:
    """Call the first waiting ticket by the shipped order; `statements.calling` calls by edited rules.

    `seated` is 0 when the session cannot call now; `id` is None when nobody waits for it.

    `p`: hall, config, day, now, real_now, session, clerk, queues (list of ids), book, actor_kind, actor, actor_label, key.
    """
    if connection.vendor == "sqlite":
        return _lite_call(p)
    row = claimed(texts()["call"], p)
    assert row is not None
    return row


def _lite_call(p: Mapping[str, Any]) -> Row:
    with writing():
        seat = lite_seat(p)
        if seat is None:
            return {"seated": 0, "id": None}
        marks = ", ".join(["%s"] * len(p["queues"])) or "NULL"
        chosen = lite_one(
            f"""SELECT id, for_counter_id, tier, rank_at, queued_at, changed_at, transfers, booking FROM queueing_ticket
                WHERE hall_id = %s AND business_day = %s AND state = 'waiting'
                  AND (for_counter_id = %s OR (for_counter_id IS NULL AND queue_id IN ({marks})))
                ORDER BY tier, rank_at, id LIMIT 1""",
            p["hall"], p["day"], seat["counter_id"], *p["queues"],
        )  # fmt: skip
        if chosen is None:
            return {"seated": 1, "id": None}
        return lite_called(p, seat, chosen, rule=lite_rule(chosen))


# ------------------------------------------------------------------------------------------------ start
# A plan is kept for the life of a connection, also one that was made while the tables were empty and every index looked alike.
# So the hall is compared as text: no index answers that, and the ticket is always found by its id. `NOT closed` is in the
# words of the index that finds a clerk's one live session.
_START = """
WITH started AS (
  UPDATE queueing_ticket t
     SET state = 'serving', version = t.version + 1, changed_at = greatest(%(now)s, t.changed_at),
         started_at = coalesce(t.started_at, greatest(%(now)s, t.changed_at))
    FROM queueing_countersession s, catalogue_businesstype b
   WHERE t.id = %(ticket)s AND t.hall_id::text = %(hall)s::text AND t.state = 'called' AND s.id = t.session_id
     AND s.clerk_id = %(clerk)s AND NOT s.state = 'closed' AND s.ticket_id = t.id AND b.id = t.business_id
  RETURNING t.id, t.number, t.version, t.changed_at AS at, s.id AS session_id, s.counter_id, s.clerk_id, t.business_id,
            b.kind AS business_kind, b.limit_min, extract(epoch FROM t.changed_at - t.called_at)::float8 AS way_s
), handling AS (
  INSERT INTO queueing_handling (id, ticket_id, hall_id, session_id, counter_id, clerk_id, businesses, kind, limit_min, started_at, outcome)
  SELECT %(handling)s::uuid, id, %(hall)s::uuid, session_id, counter_id, clerk_id, jsonb_build_array(business_id), business_kind,
         limit_min, at, '' FROM started
), fact AS (
  {insert}
)
SELECT id, number, version, at FROM started
"""
_START_FACT = """jsonb_build_object('handling', %(handling)s::uuid, 'counter', counter_id, 'session', session_id, 'clerk', clerk_id,
  'businesses', jsonb_build_array(business_id), 'business_kind', business_kind, 'limit_min', limit_min, 'way_s', way_s)"""


def start(p: Mapping[str, Any]) -> Row | None:
    """Start handling a called ticket at the clerk's own counter; None when it is not called there.

    `p`: hall, day, now, real_now, ticket, clerk, handling, actor_kind, actor, actor_label, key.
    """
    if connection.vendor == "sqlite":
        return _lite_start(p)
    return claimed(texts()["start"], p)


def _lite_start(p: Mapping[str, Any]) -> Row | None:
    with writing():
        found = lite_one(
            """SELECT t.id, t.number, t.version, t.changed_at, t.called_at, t.business_id, s.id AS session_id, s.counter_id,
                      b.kind AS business_kind, b.limit_min
                 FROM queueing_ticket t JOIN queueing_countersession s ON s.id = t.session_id AND s.ticket_id = t.id
                 JOIN catalogue_businesstype b ON b.id = t.business_id
                WHERE t.id = %s AND t.hall_id = %s AND t.state = 'called' AND s.clerk_id = %s""",
            p["ticket"], p["hall"], p["clerk"],
        )  # fmt: skip
        if found is None:
            return None
        at = max(p["now"], instant(found["changed_at"]))
        lite_one(
            """UPDATE queueing_ticket SET state = 'serving', version = version + 1, changed_at = %s,
                 started_at = coalesce(started_at, %s) WHERE id = %s""",
            at, at, p["ticket"],
        )  # fmt: skip
        businesses = [str(uuid_of(found["business_id"]))]
        lite_one(
            """INSERT INTO queueing_handling (id, ticket_id, hall_id, session_id, counter_id, clerk_id, businesses, kind, limit_min,
                 started_at, outcome) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '')""",
            p["handling"], p["ticket"], p["hall"], found["session_id"], found["counter_id"], p["clerk"], json.dumps(businesses),
            found["business_kind"], found["limit_min"], at,
        )  # fmt: skip
        data = {
            "handling": str(p["handling"]), "counter": str(uuid_of(found["counter_id"])), "session": str(uuid_of(found["session_id"])),
            "clerk": str(p["clerk"]), "businesses": businesses, "business_kind": found["business_kind"],
            "limit_min": found["limit_min"], "way_s": elapsed_s(instant(found["called_at"]), at),
        }  # fmt: skip
        lite_fact("ticket.started", data, subject=p["ticket"], version=found["version"] + 1, at=at, p=p)
        return {"id": p["ticket"], "number": found["number"], "version": found["version"] + 1, "at": at}


# ------------------------------------------------------------------------------------------------ finish
_FINISH = """
WITH done AS (
  UPDATE queueing_ticket t
     SET state = 'finished', version = t.version + 1, changed_at = greatest(%(now)s, t.changed_at),
         ended_at = greatest(%(now)s, t.changed_at)
    FROM queueing_countersession s
   WHERE t.id = %(ticket)s AND t.hall_id::text = %(hall)s::text AND t.state = 'serving' AND s.id = t.session_id
     AND s.clerk_id = %(clerk)s AND NOT s.state = 'closed' AND s.ticket_id = t.id AND t.needs_verification = ''
  RETURNING t.id, t.number, t.version, t.ended_at AS at, s.id AS session_id
), handling AS (
  UPDATE queueing_handling h SET ended_at = done.at, outcome = 'finished' FROM done
   WHERE h.ticket_id = done.id AND h.ended_at IS NULL
  RETURNING h.id, extract(epoch FROM h.ended_at - h.started_at)::float8 AS handled_s
), freed AS (
  UPDATE queueing_countersession s SET ticket_id = NULL FROM done WHERE s.id = done.session_id
), fact AS (
  {insert}
)
SELECT id, number, version, at FROM done
"""
_FINISH_FACT = "jsonb_build_object('handling', handling.id, 'handled_s', handling.handled_s)"


def finish(p: Mapping[str, Any]) -> Row | None:
    """Finish the ticket that the clerk is serving; None when the clerk is not serving it, or risk business is not verified.

    `p`: hall, day, now, real_now, ticket, clerk, actor_kind, actor, actor_label, key.
    """
    if connection.vendor == "sqlite":
        return _lite_finish(p)
    return claimed(texts()["finish"], p)


def _lite_finish(p: Mapping[str, Any]) -> Row | None:
    with writing():
        found = lite_one(
            """SELECT t.number, t.version, t.changed_at, s.id AS session_id, h.id AS handling_id, h.started_at
                 FROM queueing_ticket t JOIN queueing_countersession s ON s.id = t.session_id AND s.ticket_id = t.id
                 JOIN queueing_handling h ON h.ticket_id = t.id AND h.ended_at IS NULL
                WHERE t.id = %s AND t.hall_id = %s AND t.state = 'serving' AND s.clerk_id = %s AND t.needs_verification = ''""",
            p["ticket"], p["hall"], p["clerk"],
        )  # fmt: skip
        if found is None:
            return None
        at = max(p["now"], instant(found["changed_at"]))
        lite_one(
            "UPDATE queueing_ticket SET state = 'finished', version = version + 1, changed_at = %s, ended_at = %s WHERE id = %s",
            at, at, p["ticket"],
        )  # fmt: skip
        lite_one(
            "UPDATE queueing_handling SET ended_at = %s, outcome = 'finished' WHERE id = %s", at, found["handling_id"]
        )
        lite_one("UPDATE queueing_countersession SET ticket_id = NULL WHERE id = %s", found["session_id"])
        handled_s = elapsed_s(instant(found["started_at"]), at)
        data = {"handling": str(uuid_of(found["handling_id"])), "handled_s": handled_s}
        lite_fact("ticket.finished", data, subject=p["ticket"], version=found["version"] + 1, at=at, p=p)
        return {"id": p["ticket"], "number": found["number"], "version": found["version"] + 1, "at": at}


# ------------------------------------------------------------------------------------------------ the texts, put together once
@cache
def texts() -> dict[str, str]:
    """Return the PostgreSQL statements by name (also for the benchmark, which runs them by the bare driver)."""

    def whole(text: str, kind: str, data: str, *, subject: str, version: str, at: str, source: str) -> str:
        columns = fact_columns(kind, data, subject=subject, version=version, at=at)
        insert = insert_fragment(f"SELECT {columns} FROM {source}")
        return text.format(insert=insert, seat=SEAT, called=CALLED, stored_order=STORED_ORDER, answer=ANSWER)

    return {
        "take": whole(_TAKE, "ticket.issued", _TAKE_FACT, subject="id", version="1", at="issued_at", source="ticket"),
        "call": whole(
            _CALL, "ticket.called", f"jsonb_build_object({CALLED_FACT})", subject="called.id", version="called.version", at="called.called_at",
            source="called, seat",
        ),
        "start": whole(_START, "ticket.started", _START_FACT, subject="id", version="version", at="at", source="started"),
        "finish": whole(
            _FINISH, "ticket.finished", _FINISH_FACT, subject="done.id", version="done.version", at="done.at",
            source="done, handling",
        ),
    }  # fmt: skip
