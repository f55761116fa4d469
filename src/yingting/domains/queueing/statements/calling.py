"""Calling by edited rules: the pure plan (`rules.calling`) says in which order to look, the statement looks and claims.

Only halls with rules of their own come here; the shipped order stays on the one index scan of `statements.call`. Here those
who wait are sorted by the plan's place; the claim is the same: the session's row, then the first ticket that nobody else holds.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from yingting.domains.queueing.rules.calling import CARE, OVERDUE, CallPlan, Line, Order, deciding_queues
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
    lite_one,
    lite_rule,
    lite_seat,
    moment,
)
from yingting.foundation.journal.direct import Row, one_row
from yingting.foundation.journal.recording import insert_fragment
from yingting.foundation.journal.writing import writing

_KINDS = {Order.AGED: 0, Order.PRIORITY: 1, Order.ARRIVAL: 2}

# ------------------------------------------------------------------------------------------------ the line
_LINE = """
SELECT (SELECT turns FROM queueing_countersession WHERE id = %(session)s) AS turns,
       (SELECT coalesce(json_agg(json_build_array(queue_id, for_counter_id, waiting, oldest, care)), '[]')::text FROM (
          SELECT queue_id, for_counter_id, count(*) AS waiting, extract(epoch FROM min(greatest(queued_at, rank_at)))::float8 AS oldest,
                 count(*) FILTER (WHERE tier = 0) AS care
            FROM queueing_ticket WHERE hall_id = %(hall)s AND business_day = %(day)s AND state = 'waiting'
           GROUP BY queue_id, for_counter_id) line) AS line
"""
_LITE_LINE = """
SELECT (SELECT turns FROM queueing_countersession WHERE id = %s) AS turns,
       json_group_array(json_array(queue_id, for_counter_id, waiting, oldest, care)) AS line
  FROM (SELECT queue_id, for_counter_id, count(*) AS waiting, min(max(queued_at, rank_at)) AS oldest, sum(tier = 0) AS care
          FROM queueing_ticket INDEXED BY queueing_next
         WHERE hall_id = %s AND business_day = %s AND state = 'waiting' GROUP BY queue_id, for_counter_id)
"""


@dataclass(frozen=True, slots=True)
class HallLine:
    """Who waits in each queue for any counter, who was sent to one counter, and what the session remembers of its ratios."""

    queues: dict[str, Line]
    directed: Line | None
    turns: str


def line_now(
    *, hall: UUID, day: dt.date, session: UUID | None, counter: UUID | None, letters: Mapping[UUID, str]
) -> HallLine:
    """Return who waits in the hall now, by the letters of the queues."""
    if connection.vendor == "sqlite":
        since: Callable[[Any], dt.datetime] = instant
        row = one_row(_LITE_LINE, [lite(session), lite(hall), lite(day)])
        names, own = {queue.hex: letter for queue, letter in letters.items()}, counter and counter.hex
    else:
        row = one_row(_LINE, {"hall": hall, "day": day, "session": session})
        since = moment
        names, own = {str(queue): letter for queue, letter in letters.items()}, counter and str(counter)
    assert row is not None
    queues: dict[str, Line] = {}
    directed: list[Line] = []
    for queue, sent_to, waiting, oldest, care in orjson.loads(row["line"]):
        if sent_to is None and queue in names:
            queues[names[queue]] = Line(waiting, since(oldest), care)
        elif sent_to is not None and sent_to == own:
            directed.append(Line(waiting, since(oldest), care))
    sent = (
        Line(sum(n.waiting for n in directed), min(n.oldest for n in directed), sum(n.care for n in directed))
        if directed
        else None
    )
    return HallLine(queues, sent, row["turns"] or "")


# ------------------------------------------------------------------------------------------------ the claim
_CALL = """
{seat}, next AS (
  {next}
), called AS (
  {called}, next.stage, next.directed,
            CASE WHEN next.stage = {overdue} THEN 'max_wait' WHEN next.directed IS NOT NULL THEN 'directed'
                 ELSE coalesce(%(told)s::jsonb -> next.stage::text ->> 'rule', {stored_order}) END AS rule,
            CASE WHEN next.directed IS NOT NULL AND next.stage <> {overdue} THEN '{{}}'::jsonb
                 ELSE coalesce(%(told)s::jsonb -> next.stage::text, '{{}}'::jsonb) END AS told
), taken AS (
  UPDATE queueing_countersession s
     SET ticket_id = called.id,
         turns = CASE WHEN called.directed IS NULL THEN coalesce(%(turns)s::jsonb ->> called.stage::text, s.turns) ELSE s.turns END
    FROM called WHERE s.id = %(session)s
), fact AS (
  {insert}
)
{answer}
"""
# Those who wait, sorted by the plan's place.
_SORTED = """SELECT t.id, t.for_counter_id AS directed, {stage} AS stage
    FROM seat CROSS JOIN queueing_ticket t
    LEFT JOIN unnest(%(queues)s::uuid[], %(stages)s::int[], %(kinds)s::int[]) AS step(queue, stage, kind)
      ON step.queue = t.queue_id AND t.for_counter_id IS NULL
    LEFT JOIN unnest(%(classes)s::uuid[], %(levels)s::int[]) AS class(id, level) ON class.id = t.priority_id
   WHERE t.hall_id = %(hall)s AND t.business_day = %(day)s AND t.state = 'waiting'
     AND (t.for_counter_id = seat.counter_id OR step.queue IS NOT NULL)
   ORDER BY stage, {level}, {instant}, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED"""
# The line of one stage in the stored order: the index scan of the shipped order.
_SCANNED = """SELECT t.id, t.for_counter_id AS directed, %(stage)s::int AS stage FROM queueing_ticket t, seat
   WHERE t.hall_id = %(hall)s AND t.business_day = %(day)s AND t.state = 'waiting' AND t.tier <= %(tier)s
     AND (t.for_counter_id = seat.counter_id OR (t.for_counter_id IS NULL AND t.queue_id = ANY(%(queues)s::uuid[])))
   ORDER BY t.tier, t.rank_at, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED"""

# The place of a ticket, as `rules.calling.place_of` says it. `{later}` is the later of two instants in the database's words.
_STAGE = """CASE WHEN {later}(t.queued_at, t.rank_at) <= {overdue_at} THEN {overdue} WHEN {care_first} AND t.tier = 0 THEN {care}
  ELSE coalesce(step.stage, {first}) END"""
_LEVEL = """CASE WHEN {later}(t.queued_at, t.rank_at) <= {overdue_at} THEN 0 WHEN {care_first} AND t.tier = 0 THEN 0
  ELSE CASE coalesce(step.kind, {kind}) WHEN 0 THEN t.tier WHEN 1 THEN coalesce(class.level, 9999) ELSE 0 END END"""
_INSTANT = """CASE WHEN {later}(t.queued_at, t.rank_at) <= {overdue_at} THEN {later}(t.queued_at, t.rank_at)
  WHEN ({care_first} AND t.tier = 0) OR coalesce(step.kind, {kind}) = 0 OR t.transfers > 0 OR t.booking IS NOT NULL THEN t.rank_at
  ELSE {later}(t.issued_at, t.rank_at) END"""


@cache
def texts() -> dict[str, str]:
    """Return the two statements on PostgreSQL by name (also for the test of their plans)."""
    words = {
        "later": "greatest", "overdue_at": "%(overdue)s::timestamptz", "care_first": "%(care_first)s::bool", "overdue": OVERDUE,
        "care": CARE, "first": "%(first)s::int", "kind": "%(kind)s::int",
    }  # fmt: skip
    data = f"jsonb_build_object({CALLED_FACT}, 'told', called.told)"
    columns = fact_columns("ticket.called", data, subject="called.id", version="called.version", at="called.called_at")
    parts = {
        "insert": insert_fragment(f"SELECT {columns} FROM called, seat"), "overdue": OVERDUE, "seat": SEAT, "called": CALLED,
        "stored_order": STORED_ORDER, "answer": ANSWER,
    }  # fmt: skip
    sort = _SORTED.format(stage=_STAGE.format(**words), level=_LEVEL.format(**words), instant=_INSTANT.format(**words))
    return {
        "sorted": _CALL.format(next=sort, **parts),
        "scanned": _CALL.format(next=_SCANNED, **parts),
    }


def call_by_plan(
    p: Mapping[str, Any], plan: CallPlan, line: HallLine, *, queues: Mapping[str, UUID], levels: Mapping[UUID, int]
) -> Row:
    """Call whom the plan puts first. The answer is as that of `statements.call`; `told` are the values for its sentence.

    Where one line in the stored order decides, only that line is looked at; when somebody else has emptied it meanwhile, or it is
    another kind of line, all who wait are sorted. `p` as for `statements.call`; `queues` gives the ids of the plan's letters,
    `levels` the ranks of the priority classes.
    """
    deciding = deciding_queues(plan, line.queues, line.directed)
    if connection.vendor == "sqlite":
        return _lite_call(p, plan, deciding, queues, levels)
    shared = dict(p)
    if deciding is not None:
        stage, letters = deciding
        row = _claim("scanned", shared | _kept(plan, stage) | {
            "stage": stage, "queues": [queues[letter] for letter in letters], "tier": 0 if stage == CARE else 32767,
        })  # fmt: skip
        if row["id"] is not None or not row["seated"]:
            return row
    steps = [(queues[letter], step.stage, _KINDS[step.order]) for letter, step in plan.steps.items()]
    return _claim("sorted", shared | _kept(plan) | {
        "queues": [queue for queue, _, _ in steps], "stages": [stage for _, stage, _ in steps],
        "kinds": [kind for _, _, kind in steps], "classes": list(levels), "levels": list(levels.values()),
        "overdue": plan.overdue, "care_first": plan.care_first, "first": plan.first.stage, "kind": _KINDS[plan.first.order],
    })  # fmt: skip


def _kept(plan: CallPlan, stage: int | None = None) -> dict[str, str]:
    """What is kept of the plan, by stage: all of it, or of one stage only."""
    stages = plan.told.keys() if stage is None else plan.told.keys() & {stage}
    turns = {one: kept for one in stages if (kept := plan.turns_after(one)) is not None}
    return {"told": json.dumps({one: plan.told[one] for one in stages}), "turns": json.dumps(turns)}


def _claim(way: str, params: Mapping[str, Any]) -> Row:
    row = claimed(texts()[way], params)
    assert row is not None
    if row["told"] is not None:
        row["told"] = json.loads(row["told"])
    return row


def _lite_call(
    p: Mapping[str, Any], plan: CallPlan, deciding: tuple[int, tuple[str, ...]] | None, queues: Mapping[str, UUID],
    levels: Mapping[UUID, int],
) -> Row:  # fmt: skip
    with writing():
        seat = lite_seat(p)
        if seat is None:
            return {"seated": 0, "id": None}
        chosen = _lite_scan(p, deciding[0], [queues[a] for a in deciding[1]], seat["counter_id"]) if deciding else None
        chosen = chosen or _lite_sort(p, plan, seat["counter_id"], queues, levels)
        if chosen is None:
            return {"seated": 1, "id": None}
        turns = None if chosen["for_counter_id"] is not None else plan.turns_after(chosen["stage"])
        rule, told = _lite_why(plan, chosen)
        return lite_called(p, seat, chosen, rule=rule, told=told, turns=turns)


def _lite_scan(p: Mapping[str, Any], stage: int, queues: Sequence[UUID], counter: str) -> Row | None:
    marks = ", ".join(["%s"] * len(queues)) or "NULL"
    return lite_one(
        f"""SELECT id, for_counter_id, tier, rank_at, queued_at, changed_at, transfers, booking, %s AS stage FROM queueing_ticket
            WHERE hall_id = %s AND business_day = %s AND state = 'waiting' AND tier <= %s
              AND (for_counter_id = %s OR (for_counter_id IS NULL AND queue_id IN ({marks})))
            ORDER BY tier, rank_at, id LIMIT 1""",
        stage, p["hall"], p["day"], 0 if stage == CARE else 32767, counter, *queues,
    )  # fmt: skip


def _lite_sort(
    p: Mapping[str, Any], plan: CallPlan, counter: str, queues: Mapping[str, UUID], levels: Mapping[UUID, int]
) -> Row | None:
    steps = [value for a, step in plan.steps.items() for value in (queues[a].hex, step.stage, _KINDS[step.order])]
    classes = [value for one, level in levels.items() for value in (one.hex, level)]
    return lite_one(
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
            SELECT t.id, t.for_counter_id, t.tier, t.rank_at, t.queued_at, t.changed_at, t.transfers, t.booking,
                   {_STAGE.format(**words)} AS stage
              FROM book CROSS JOIN queueing_ticket t INDEXED BY queueing_next
              LEFT JOIN step ON step.queue = t.queue_id AND t.for_counter_id IS NULL
              LEFT JOIN class ON class.id = t.priority_id
             WHERE t.hall_id = %s AND t.business_day = %s AND t.state = 'waiting'
               AND (t.for_counter_id = %s OR step.queue IS NOT NULL)
             ORDER BY stage, {_LEVEL.format(**words)}, {_INSTANT.format(**words)}, t.id LIMIT 1"""


def _lite_why(plan: CallPlan, chosen: Row) -> tuple[str, Mapping[str, Any]]:
    stage, told = chosen["stage"], plan.told.get(chosen["stage"], {})
    if stage == OVERDUE:
        return "max_wait", told
    if "rule" in told and chosen["for_counter_id"] is None:
        return told["rule"], told
    return lite_rule(chosen), {}
