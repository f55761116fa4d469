"""What the hot statements share: how values and facts are written on each database, who sits at a counter, and the call itself."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from yingting.domains.queueing.rules import call_rule
from yingting.foundation.journal.direct import Row, one_row
from yingting.foundation.journal.recording import insert_fragment
from yingting.kernel.clocks import elapsed_s


def fact_columns(kind: str, data: str, *, subject: str, version: str, at: str) -> str:
    """The SELECT list of a fact on PostgreSQL, in journal order; actor, hall and key come from the parameters."""
    return (
        f"'{kind}', {subject}, {version}, %(hall)s::uuid, %(day)s::date, %(actor_kind)s, %(actor)s::uuid, %(actor_label)s, "
        f"{at}, clock_timestamp(), 1, {data}, NULL::uuid, %(key)s"
    )


def claimed(sql: str, params: Mapping[str, Any]) -> Row | None:
    """Run one statement and return its single row as a dict.

    Inside an atomic block (tests, jobs) a savepoint keeps a refused key from spoiling the outer transaction.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            return one_row(sql, params)
    return one_row(sql, params)


def lite(value: Any) -> Any:
    """The value as Django stores it on SQLite."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, dt.datetime):
        return str(value.astimezone(dt.UTC).replace(tzinfo=None))
    if isinstance(value, dt.date):
        return str(value)
    return value


def lite_one(sql: str, *params: Any) -> Row | None:
    return one_row(sql, [lite(value) for value in params])


def lite_fact(
    kind: str, data: Mapping[str, Any], *, subject: UUID, version: int, at: dt.datetime, p: Mapping[str, Any]
) -> None:
    values = (kind, subject, version, p["hall"], p["day"], p["actor_kind"], p["actor"], p["actor_label"], at, p["real_now"], 1,
              json.dumps(data), None, p["key"])  # fmt: skip
    lite_one(insert_fragment(f"VALUES ({', '.join(['%s'] * len(values))})"), *values)


def instant(value: Any) -> dt.datetime:
    """An instant as SQLite gives it back: naive from a column, text from an expression; always UTC."""
    naive = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
    return naive.replace(tzinfo=dt.UTC)


def moment(epoch: Any) -> dt.datetime:
    """An instant that PostgreSQL gave as seconds."""
    return dt.datetime.fromtimestamp(epoch, dt.UTC)


def uuid_of(text: Any) -> UUID:
    """Return the id that SQLite keeps as 32 hex digits."""
    return UUID(hex=text)


# ------------------------------------------------------------------------------------------------ a call
# The session that may call now, and the ticket `next` called to its counter: the same for every order of calling.
SEAT = """WITH seat AS (
  SELECT s.id, s.counter_id, s.clerk_id FROM queueing_countersession s JOIN sites_hall h ON h.id = s.hall_id
   WHERE s.id = %(session)s AND s.hall_id = %(hall)s AND s.clerk_id = %(clerk)s AND s.business_day = %(day)s
     AND s.state = 'open' AND s.ticket_id IS NULL AND h.config_version = %(config)s
     FOR UPDATE OF s
)"""
CALLED = """UPDATE queueing_ticket t
     SET state = 'called', session_id = seat.id, counter_id = seat.counter_id, for_counter_id = NULL, calls = t.calls + 1,
         version = t.version + 1, called_at = greatest(%(now)s, t.changed_at), changed_at = greatest(%(now)s, t.changed_at),
         first_called_at = coalesce(t.first_called_at, greatest(%(now)s, t.changed_at))
    FROM next, seat WHERE t.id = next.id
  RETURNING t.id, t.number, t.queue_id, t.business_id, t.priority_id, t.counter_id, t.version, t.called_at,
            extract(epoch FROM t.called_at - t.queued_at)::float8 AS waited_s"""
# Why the stored order put a ticket first; `rules.call_rule` says the same.
STORED_ORDER = """CASE WHEN t.tier = 0 THEN 'care' WHEN t.transfers > 0 THEN 'transfer'
            WHEN t.booking IS NOT NULL THEN 'booked'
            WHEN t.rank_at < t.queued_at THEN 'head_start' ELSE 'longest_wait' END"""
CALLED_FACT = """'counter', seat.counter_id, 'session', seat.id, 'clerk', seat.clerk_id, 'queue', called.queue_id,
  'waited_s', called.waited_s, 'rule', called.rule, 'book', %(book)s::int"""
ANSWER = "SELECT called.*, (SELECT count(*) FROM seat) AS seated FROM (SELECT 1) one LEFT JOIN called ON true"


def lite_seat(p: Mapping[str, Any]) -> Row | None:
    """Return the session that may call now, on SQLite."""
    return lite_one(
        """SELECT s.id, s.counter_id, s.clerk_id FROM queueing_countersession s JOIN sites_hall h ON h.id = s.hall_id
            WHERE s.id = %s AND s.hall_id = %s AND s.clerk_id = %s AND s.business_day = %s
              AND s.state = 'open' AND s.ticket_id IS NULL AND h.config_version = %s""",
        p["session"], p["hall"], p["clerk"], p["day"], p["config"],
    )  # fmt: skip


def lite_rule(chosen: Row) -> str:
    """Return why the stored order put the chosen ticket first, on SQLite."""
    return call_rule(
        tier=chosen["tier"],
        head_start_min=int(instant(chosen["rank_at"]) < instant(chosen["queued_at"])),
        directed=chosen["for_counter_id"] is not None,
        transfers=chosen["transfers"],
        is_booked=chosen["booking"] is not None,
    ).value


def lite_called(
    p: Mapping[str, Any], seat: Row, chosen: Row, *, rule: str, told: Mapping[str, Any] | None = None,
    turns: str | None = None,
) -> Row:  # fmt: skip
    """Call the chosen ticket to the seat on SQLite and record it; return what `call` answers. `told` and `turns` are what
    edited rules keep of a call.
    """
    at = max(p["now"], instant(chosen["changed_at"]))
    ticket = lite_one(
        """UPDATE queueing_ticket SET state = 'called', session_id = %s, counter_id = %s, for_counter_id = NULL, calls = calls + 1,
             version = version + 1, called_at = %s, changed_at = %s, first_called_at = coalesce(first_called_at, %s)
           WHERE id = %s RETURNING id, number, queue_id, business_id, priority_id, counter_id, version""",
        seat["id"], seat["counter_id"], at, at, at, chosen["id"],
    )  # fmt: skip
    assert ticket is not None
    lite_one(
        "UPDATE queueing_countersession SET ticket_id = %s, turns = coalesce(%s, turns) WHERE id = %s",
        chosen["id"], turns, p["session"],
    )  # fmt: skip
    answer: Row = {name: uuid_of(value) if name.endswith("id") else value for name, value in ticket.items()}
    waited_s = elapsed_s(instant(chosen["queued_at"]), at)
    answer |= {"called_at": at, "waited_s": waited_s, "rule": rule, "seated": 1}
    data = {"counter": str(answer["counter_id"]), "session": str(p["session"]), "clerk": str(p["clerk"]),
            "queue": str(answer["queue_id"]), "waited_s": waited_s, "rule": rule, "book": p["book"]}  # fmt: skip
    if told is not None:
        answer["told"] = data["told"] = told
    lite_fact("ticket.called", data, subject=answer["id"], version=answer["version"], at=at, p=p)
    return answer
