"""What cases bring to the lake: their tables, and the indicators on them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.conf import settings

from yingting.domains.cases.indicators import (
    CALL_INDICATORS,
    CASE_INDICATORS,
    CLOCK_INDICATORS,
    COMPLAINTS,
    OPEN_INDICATORS,
    PROMISE_INDICATORS,
    STEP_INDICATORS,
    USER_INDICATORS,
    VISIT_INDICATORS,
    CaseTerms,
    complaints_beside_visits,
)
from yingting.domains.cases.queries.figures import rows_of_day
from yingting.domains.cases.queries.rules_in_force import HANDLING
from yingting.domains.cases.rules.around import Handling
from yingting.domains.cases.rules.covering import covered
from yingting.domains.cases.tables import CALLS, CASES, CLOCKS, FOLD_VERSION, PREFIXES, PROMISES, STEPS, TABLES
from yingting.domains.queueing.tables import VISITS
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.declared import IndicatorSet, Opener
from yingting.foundation.lake.engine import reading_engine
from yingting.foundation.lake.figures.amounts import whole_months
from yingting.foundation.lake.figures.kinds import USERS
from yingting.foundation.lake.figures.reading import amounts_by_unit
from yingting.foundation.lake.filling import DayFold, DayRows
from yingting.foundation.lake.offices import place_paths
from yingting.foundation.lake.question import Question
from yingting.foundation.lake.shelves import Shelf, lake_with
from yingting.indicators.declaring import AnyIndicator
from yingting.indicators.measuring import measure
from yingting.kernel.words import gettext_noop as _

Answered = Iterator[tuple[str, tuple[Any, ...], float | None, int]]


def _fold(places: Mapping[UUID, str]) -> DayFold:
    def day_rows(place: UUID, facts: list[dict[str, Any]]) -> DayRows:
        return rows_of_day(place, places[place], facts[0]["business_day"]) if facts else {}

    return DayFold(PREFIXES, FOLD_VERSION, day_rows)


def terms_of(rule: Handling) -> CaseTerms:
    """Return the definitions' switch under a rule."""
    return CaseTerms(satisfied_from=rule.satisfied_from)


SHELF = Shelf("cases", TABLES, _fold)
_SPLITS = ("case_channel", "category", "severity", "clerk")
_DETAIL = ("case_kind", "process")
_CASE = ("case", "hall", "business_day", "process", "case_channel", "category")

ON_CASES = IndicatorSet(
    "cases",
    CASE_INDICATORS,
    (CASES,),
    lambda open_table: open_table(CASES),
    terms_of,
    HANDLING,
    detail=_DETAIL,
    splits=(*_SPLITS, "owner", "outcome"),
    listed=(*_CASE, "clerk", "outcome", "result", "handovers", "natural_s"),
    worst="natural_s",
    title=_("Cases"),
)
ON_STEPS = IndicatorSet(
    "case_steps",
    STEP_INDICATORS,
    (STEPS,),
    lambda open_table: open_table(STEPS),
    terms_of,
    HANDLING,
    detail=(*_DETAIL, "step"),
    splits=(*_SPLITS, "role"),
    listed=(*_CASE, "step", "clerk", "is_late", "natural_s"),
    worst="natural_s",
    title=_("Steps of cases"),
)
ON_CLOCKS = IndicatorSet(
    "case_clocks",
    CLOCK_INDICATORS,
    (CLOCKS,),
    lambda open_table: open_table(CLOCKS),
    terms_of,
    HANDLING,
    detail=_DETAIL,
    splits=(*_SPLITS, "code"),
    listed=(*_CASE, "code", "clerk", "is_kept", "breach_s"),
    worst="breach_s",
    title=_("Limits of cases"),
)
ON_PROMISES = IndicatorSet(
    "case_promises",
    PROMISE_INDICATORS,
    (PROMISES,),
    lambda open_table: open_table(PROMISES),
    terms_of,
    HANDLING,
    detail=_DETAIL,
    splits=_SPLITS,
    listed=(*_CASE, "clerk", "is_kept"),
    title=_("Promises to customers"),
)
ON_CALLS = IndicatorSet(
    "case_calls",
    CALL_INDICATORS,
    (CALLS,),
    lambda open_table: open_table(CALLS),
    terms_of,
    HANDLING,
    detail=_DETAIL,
    splits=(*_SPLITS, "band"),
    listed=(*_CASE, "clerk", "call_outcome", "solved", "satisfied"),
    title=_("Call backs"),
)


def _with_visits(open_table: Opener) -> ir.Table:
    return complaints_beside_visits(open_table(CASES), open_table(VISITS))


ON_VISITS = IndicatorSet(
    "complaints_and_visits",
    VISIT_INDICATORS,
    (CASES, VISITS),
    _with_visits,
    terms_of,
    HANDLING,
    listed=("hall", "business_day", "is_complaint"),
    title=_("Complaints and visits"),
)


def _open_at_end(
    places: Collection[str], _first: dt.date, last: dt.date, by: tuple[str, ...], groups: Mapping[str, str]
) -> Answered:
    """Measure the cases that were open at the end of the last day, by their rounds in the lake."""
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), ZoneInfo(settings.TIME_ZONE))
    with reading_engine() as engine:
        rows = lake_with(CASES).table(engine, CASES, places, None, last)
        at = ibis.literal(end.astimezone(dt.UTC), type="timestamp('UTC')")
        rows = rows.filter((rows.opened_at < at) & _is_open(rows, at))
        age = (at.epoch_seconds() - rows.received_at.epoch_seconds()).cast("float64")
        kept = rows.select("hall", age_s=age, is_late=rows.late_at.notnull() & (rows.late_at < at)).to_pyarrow()
        yield from _measured(engine, OPEN_INDICATORS, kept, by, groups)


def _is_open(rows: ir.Table, at: ir.TimestampValue) -> ir.BooleanValue:
    """Not closed yet, at an instant. Of a round whose end is not known nobody can say that it was open."""
    return (rows.outcome == "open") | ibis.coalesce(rows.closed_at >= at, ibis.literal(value=False))


def _per_users(
    places: Collection[str], first: dt.date, last: dt.date, by: tuple[str, ...], groups: Mapping[str, str]
) -> Answered:
    """Set the complaints of whole months against the users that were entered for the units which these places make up."""
    months = whole_months(first, last)
    asked = ask(Question((COMPLAINTS.key,), tuple(places), first, last, ("hall", "month")))
    complaints = {one.group: one[COMPLAINTS.key].n for one in asked}
    amounts, paths = amounts_by_unit(USERS, first, last), place_paths()
    members: dict[str, set[str]] = defaultdict(set)
    for place in places:
        if "group" not in by or place in groups:
            members[groups[place] if "group" in by else ""].add(place)
    rows = []
    for group, some in members.items():
        for month in months or (first.replace(day=1),):
            entered = {path: amount for (path, one), amount in amounts.items() if one == month} if months else {}
            units = covered(some, entered, paths)
            rows.append(
                {
                    "month": month, "group": group, "users": None if units is None else sum(entered[one] for one in units),
                    "complaints": sum(complaints.get((place, month), 0) for place in some),
                }
            )  # fmt: skip
    with reading_engine() as engine:
        table = engine.create_table("user_months", pa.Table.from_pylist(rows, schema=_USER_MONTHS), temp=True)
        yield from _told(measure(USER_INDICATORS, table, CaseTerms(), by))


_USER_MONTHS = pa.schema(
    [("month", pa.date32()), ("group", pa.string()), ("complaints", pa.int64()), ("users", pa.int64())]
)


def _measured(
    engine: Any, indicators: tuple[AnyIndicator, ...], rows: pa.Table, by: tuple[str, ...], groups: Mapping[str, str]
) -> Answered:
    belongs = pa.array([groups.get(hall) for hall in rows["hall"].to_pylist()], pa.string())
    table = engine.create_table("open_cases", rows.append_column("group", belongs), temp=True)
    if "group" in by:
        table = table.filter(table["group"].notnull())
    yield from _told(measure(indicators, table, CaseTerms(), by, minimum_sample=1))


def _told(found: Any) -> Answered:
    for one in found:
        for reading in one.by_key.values():
            yield reading.key, one.group, reading.value, reading.n


ON_OPEN = IndicatorSet(
    "open_cases", OPEN_INDICATORS, splits=("hall", "group"), answer=_open_at_end, title=_("Open cases")
)
ON_USERS = IndicatorSet(
    "user_months", USER_INDICATORS, splits=("group", "month"), answer=_per_users, title=_("Complaints and users")
)
