"""Calling by edited rules: the pure plan (`rules.calling`) says in which order to look, the statement looks and claims.

Only halls with rules of their own come here; the shipped order stays on the one index scan of `statements.call`. Here those
who wait are sorted by the plan's place; the claim is the same: the session's row, then the first ticket that nobody else holds.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from yingting.domains.queueing.rules import call_rule, elapsed_s
from yingting.domains.queueing.rules.calling import CARE, OVERDUE, CallPlan, Line, Order
from yingting.domains.queueing.statements import (
    _fact_columns,
    _instant,
    _lite,
    _lite_fact,
    _lite_one,
    _one,
    _uuid,
)
from yingting.foundation.journal.direct import Row, one_row
from yingting.foundation.journal.recording import insert_fragment
from yingting.foundation.journal.writing import writing

_KINDS = {Order.AGED: 0, Order.PRIORITY: 1, Order.ARRIVAL: 2}

# ------------------------------------------------------------------------------------------------ the line
_LINE = """
SELECT coalesce(array_agg(queue_id), '{}') AS queues, coalesce(array_agg(waiting), '{}') AS waiting,
       coalesce(array_agg(oldest), '{}') AS oldest,
       (SELECT turns FROM queueing_countersession WHERE id = %(session)s) AS turns
  FROM (SELECT queue_id, count(*) AS waiting, min(greatest(queued_at, rank_at)) AS oldest FROM queueing_ticket
         WHERE hall_id = %(hall)s AND business_day = %(day)s AND state = 'waiting' AND for_counter_id IS NULL
         GROUP BY queue_id) line
"""
_LITE_LINE = """
SELECT json_group_array(json_array(queue_id, waiting, oldest)) AS line,
       (SELECT turns FROM queueing_countersession WHERE id = %s) AS turns
  FROM (SELECT queue_id, count(*) AS waiting, min(max(queued_at, rank_at)) AS oldest FROM queueing_ticket
         INDEXED BY queueing_next
         WHERE hall_id = %s AND business_day = %s AND state = 'waiting' AND for_counter_id IS NULL GROUP BY queue_id)
"""


def line_now(*, hall: UUID, day: dt.date, session: UUID | None) -> tuple[dict[UUID, Line], str]:
    """Return who waits in each queue of the hall for any counter, and what the session remembers of its ratios."""
    if connection.vendor == "sqlite":
        row = one_row(_LITE_LINE, [_lite(session), _lite(hall), _lite(day)])
        assert row is not None
        counted = {_uuid(queue): Line(waiting, _instant(oldest)) for queue, waiting, oldest in json.loads(row["line"])}
    else:
        row = one_row(_LINE, {"hall": hall, "day": day, "session": session})
        assert row is not None
        counted = {
            queue: Line(waiting, oldest)
            for queue, waiting, oldest in zip(row["queues"], row["waiting"], row["oldest"], strict=True)
        }
    return counted, row["turns"] or ""


# ------------------------------------------------------------------------------------------------ the claim
_CALL = """
WITH seat AS (
  SELECT s.id, s.counter_id, s.clerk_id FROM queueing_countersession s JOIN sites_hall h ON h.id = s.hall_id
   WHERE s.id = %(session)s AND s.hall_id = %(hall)s AND s.clerk_id = %(clerk)s AND s.business_day = %(day)s
     AND s.state = 'open' AND s.ticket_id IS NULL AND h.config_version = %(config)s
     FOR UPDATE OF s
), next AS (
  SELECT t.id, t.for_counter_id AS directed, {stage} AS stage
    FROM seat CROSS JOIN queueing_ticket t
    LEFT JOIN unnest(%(queues)s::uuid[], %(stages)s::int[], %(kinds)s::int[]) AS step(queue, stage, kind)
      ON step.queue = t.queue_id AND t.for_counter_id IS NULL
    LEFT JOIN unnest(%(classes)s::uuid[], %(levels)s::int[]) AS class(id, level) ON class.id = t.priority_id
   WHERE t.hall_id = %(hall)s AND t.business_day = %(day)s AND t.state = 'waiting'
     AND (t.for_counter_id = seat.counter_id OR step.queue IS NOT NULL)
   ORDER BY stage, {level}, {instant}, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED
), called AS (
  UPDATE queueing_ticket t
     SET state = 'called', session_id = seat.id, counter_id = seat.counter_id, for_counter_id = NULL, calls = t.calls + 1,
         version = t.version + 1, called_at = greatest(%(now)s, t.changed_at), changed_at = greatest(%(now)s, t.changed_at),
         first_called_at = coalesce(t.first_called_at, greatest(%(now)s, t.changed_at))
    FROM next, seat WHERE t.id = next.id
  RETURNING t.id, t.number, t.queue_id, t.business_id, t.priority_id, t.counter_id, t.version, t.called_at,
            extract(epoch FROM t.called_at - t.queued_at)::float8 AS waited_s, next.stage, next.directed,
            CASE WHEN next.stage = {overdue} THEN 'max_wait' WHEN next.stage = {care} THEN 'care'
                 WHEN next.directed IS NOT NULL THEN 'directed'
                 ELSE coalesce(%(told)s::jsonb -> next.stage::text ->> 'rule',
                   CASE WHEN t.tier = 0 THEN 'care' WHEN t.transfers > 0 THEN 'transfer'
                        WHEN t.rank_at < t.queued_at THEN 'head_start' ELSE 'longest_wait' END) END AS rule,
            CASE WHEN next.stage = {care} OR (next.directed IS NOT NULL AND next.stage <> {overdue}) THEN '{{}}'::jsonb
                 ELSE coalesce(%(told)s::jsonb -> next.stage::text, '{{}}'::jsonb) END AS told
), taken AS (
  UPDATE queueing_countersession s
     SET ticket_id = called.id,
         turns = CASE WHEN called.directed IS NULL THEN coalesce(%(turns)s::jsonb ->> called.stage::text, s.turns) ELSE s.turns END
    FROM called WHERE s.id = %(session)s
), fact AS (
  {insert}
)
SELECT called.*, (SELECT count(*) FROM seat) AS seated FROM (SELECT 1) one LEFT JOIN called ON true
"""
_FACT = """jsonb_build_object('counter', seat.counter_id, 'session', seat.id, 'clerk', seat.clerk_id, 'queue', called.queue_id,
  'waited_s', called.waited_s, 'rule', called.rule, 'book', %(book)s::int, 'told', called.told)"""

# The place of a ticket, as `rules.calling.place_of` says it. `{later}` is the later of two instants in the database's words.
_STAGE = """CASE WHEN {later}(t.queued_at, t.rank_at) <= {overdue_at} THEN {overdue} WHEN {care_first} AND t.tier = 0 THEN {care}
  ELSE coalesce(step.stage, {first}) END"""
_LEVEL = """CASE WHEN {later}(t.queued_at, t.rank_at) <= {overdue_at} THEN 0 WHEN {care_first} AND t.tier = 0 THEN 0
  ELSE CASE coalesce(step.kind, {kind}) WHEN 0 THEN t.tier WHEN 1 THEN coalesce(class.level, 9999) ELSE 0 END END"""
_INSTANT = """CASE WHEN {later}(t.queued_at, t.rank_at) <= {overdue_at} THEN {later}(t.queued_at, t.rank_at)
  WHEN ({care_first} AND t.tier = 0) OR coalesce(step.kind, {kind}) = 0 OR t.transfers > 0 THEN t.rank_at
  ELSE {later}(t.issued_at, t.rank_at) END"""


@cache
def text() -> str:
    """Return the statement on PostgreSQL (also for the test of its plan and the benchmark)."""
    words = {
        "later": "greatest", "overdue_at": "%(overdue)s::timestamptz", "care_first": "%(care_first)s::bool", "overdue": OVERDUE,
        "care": CARE, "first": "%(first)s::int", "kind": "%(kind)s::int",
    }  # fmt: skip
    columns = _fact_columns(
        "ticket.called", _FACT, subject="called.id", version="called.version", at="called.called_at"
    )
    return _CALL.format(
        stage=_STAGE.format(**words), level=_LEVEL.format(**words), instant=_INSTANT.format(**words), overdue=OVERDUE, care=CARE,
        insert=insert_fragment(f"SELECT {columns} FROM called, seat"),
    )  # fmt: skip


def call_by_plan(
    p: Mapping[str, Any], plan: CallPlan, *, queues: Mapping[str, UUID], levels: Mapping[UUID, int]
) -> Row:
    """Call whom the plan puts first. The answer is as that of `statements.call`; `told` are the values for its sentence.

    `p` as for `statements.call`; `queues` gives the ids of the plan's letters, `levels` the ranks of the priority classes.
    """
    if connection.vendor == "sqlite":
        return _lite_call(p, plan, queues, levels)
    steps = [(queues[letter], step.stage, _KINDS[step.order]) for letter, step in plan.steps.items()]
    row = _one(
        text(),
        dict(p) | {
            "queues": [queue for queue, _, _ in steps], "stages": [stage for _, stage, _ in steps],
            "kinds": [kind for _, _, kind in steps], "classes": list(levels), "levels": list(levels.values()),
            "overdue": plan.overdue, "care_first": plan.care_first, "first": plan.first.stage, "kind": _KINDS[plan.first.order],
            "told": json.dumps(plan.told), "turns": json.dumps(plan.turns),
        },
    )  # fmt: skip
    assert row is not None
    if row["told"] is not None:
        row["told"] = json.loads(row["told"])
    return row


def _lite_call(p: Mapping[str, Any], plan: CallPlan, queues: Mapping[str, UUID], levels: Mapping[UUID, int]) -> Row:
    with writing():
        seat = _lite_one(
            """SELECT s.id, s.counter_id, s.clerk_id FROM queueing_countersession s JOIN sites_hall h ON h.id = s.hall_id
                WHERE s.id = %s AND s.hall_id = %s AND s.clerk_id = %s AND s.business_day = %s
                  AND s.state = 'open' AND s.ticket_id IS NULL AND h.config_version = %s""",
            p["session"], p["hall"], p["clerk"], p["day"], p["config"],
        )  # fmt: skip
        if seat is None:
            return {"seated": 0, "id": None}
        chosen = _lite_choice(p, plan, seat["counter_id"], queues, levels)
        if chosen is None:
            return {"seated": 1, "id": None}
        at = max(p["now"], _instant(chosen["changed_at"]))
        ticket = _lite_one(
            """UPDATE queueing_ticket SET state = 'called', session_id = %s, counter_id = %s, for_counter_id = NULL, calls = calls + 1,
                 version = version + 1, called_at = %s, changed_at = %s, first_called_at = coalesce(first_called_at, %s)
               WHERE id = %s RETURNING id, number, queue_id, business_id, priority_id, counter_id, version""",
            seat["id"], seat["counter_id"], at, at, at, chosen["id"],
        )  # fmt: skip
        assert ticket is not None
        directed, stage = chosen["for_counter_id"] is not None, chosen["stage"]
        turns = None if directed else plan.turns.get(stage)
        _lite_one(
            "UPDATE queueing_countersession SET ticket_id = %s, turns = coalesce(%s, turns) WHERE id = %s",
            chosen["id"], turns, p["session"],
        )  # fmt: skip
        queued_at = _instant(chosen["queued_at"])
        rule, told = _lite_rule(plan, chosen, queued_at)
        answer: Row = {name: _uuid(value) if name.endswith("id") else value for name, value in ticket.items()}
        answer |= {"called_at": at, "waited_s": elapsed_s(queued_at, at), "rule": rule, "told": told, "seated": 1}
        data = {"counter": str(answer["counter_id"]), "session": str(p["session"]), "clerk": str(p["clerk"]),
                "queue": str(answer["queue_id"]), "waited_s": answer["waited_s"], "rule": rule, "book": p["book"],
                "told": told}  # fmt: skip
        _lite_fact("ticket.called", data, subject=answer["id"], version=answer["version"], at=at, p=p)
        return answer


def _lite_choice(
    p: Mapping[str, Any], plan: CallPlan, counter: str, queues: Mapping[str, UUID], levels: Mapping[UUID, int]
) -> Row | None:
    steps = [value for a, step in plan.steps.items() for value in (queues[a].hex, step.stage, _KINDS[step.order])]
    classes = [value for one, level in levels.items() for value in (one.hex, level)]
    return _lite_one(
        _lite_text(len(steps) // 3, len(classes) // 2),
        plan.overdue, plan.care_first, plan.first.stage, _KINDS[plan.first.order], *steps, *classes,
        p["hall"], p["day"], counter,
    )  # fmt: skip


@cache
def _lite_text(steps: int, classes: int) -> str:
    """The choice on SQLite for a plan of so many queues and ranked classes."""
    words = {
        "later": "max", "overdue_at": "book.overdue", "care_first": "book.care_first", "overdue": OVERDUE, "care": CARE,
        "first": "book.first", "kind": "book.kind",
    }  # fmt: skip
    return f"""WITH book(overdue, care_first, first, kind) AS (VALUES (%s, %s, %s, %s)),
                    step(queue, stage, kind) AS (VALUES {", ".join(["(%s, %s, %s)"] * steps) or "('', 0, 0)"}),
                    class(id, level) AS (VALUES {", ".join(["(%s, %s)"] * classes) or "('', 0)"})
            SELECT t.id, t.for_counter_id, t.tier, t.rank_at, t.queued_at, t.changed_at, t.transfers, {_STAGE.format(**words)} AS stage
              FROM book CROSS JOIN queueing_ticket t INDEXED BY queueing_next
              LEFT JOIN step ON step.queue = t.queue_id AND t.for_counter_id IS NULL
              LEFT JOIN class ON class.id = t.priority_id
             WHERE t.hall_id = %s AND t.business_day = %s AND t.state = 'waiting'
               AND (t.for_counter_id = %s OR step.queue IS NOT NULL)
             ORDER BY stage, {_LEVEL.format(**words)}, {_INSTANT.format(**words)}, t.id LIMIT 1"""


def _lite_rule(plan: CallPlan, chosen: Mapping[str, Any], queued_at: dt.datetime) -> tuple[str, Mapping[str, Any]]:
    stage, directed = chosen["stage"], chosen["for_counter_id"] is not None
    told = plan.told.get(stage, {})
    if stage == OVERDUE:
        return "max_wait", told
    if stage == CARE:
        return "care", {}
    if "rule" in told and not directed:
        return told["rule"], told
    head_start = int(_instant(chosen["rank_at"]) < queued_at)
    return call_rule(
        tier=chosen["tier"], head_start_min=head_start, directed=directed, transfers=chosen["transfers"]
    ).value, {}
