"""The report as JSON for machines: a stable shape with a schema name, exact numbers, null for what is not rated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from yingting.domains.queueing.queries.busy_times import BusySpan
from yingting.indicators.measuring import Readings
from yingting.reporting.hall_report.contracts import SCHEMA, HallReport, Section

SWITCHES = (
    "wait_limit_s", "wait_challenge_s", "limit_itself_keeps", "abandoned_in_denominator", "transfer_restarts_wait",
    "single_limit_s", "combined_limit_s",
)  # fmt: skip


def to_json(report: HallReport) -> str:
    """Return the report as JSON text. docs/report.md tells the shape; a change of it changes the schema's number."""
    return json.dumps(as_object(report), ensure_ascii=False, indent=1)


def as_object(report: HallReport) -> dict[str, Any]:
    """Return the report as plain objects."""
    return {
        "schema": SCHEMA,
        "first_day": _day(report.first_day),
        "last_day": _day(report.last_day),
        "definition": _definition(report),
        "total": None if report.total is None else _section(report.total),
        "halls": [_section(one) for one in report.sections],
    }


def _definition(report: HallReport) -> dict[str, Any]:
    set_by_hall = {one.hall: _set_hours(one) for one in report.sections}
    of_the_one = set_by_hall[report.sections[0].hall] if len(report.sections) == 1 else None
    busy = report.definition.busy
    return {
        **{name: report.agreed(name) for name in SWITCHES},
        "minimum_sample": report.minimum_sample,
        "given": dict(report.definition.switches),
        "judged": [
            {
                "first_day": _day(span.first),
                "last_day": _day(span.last),
                "halls": list(span.halls),
                **{name: getattr(span.terms, name) for name in SWITCHES},
            }
            for span in report.judged
        ],
        "busy": of_the_one if busy is None else _spans(busy),
        "busy_by_hall": {hall: spans for hall, spans in set_by_hall.items() if spans and busy is None},
    }


def _set_hours(section: Section) -> list[dict[str, Any]] | None:
    """The busy hours that a hall has set; with their days where they were not the same all the time."""
    dated = len(section.busy.stretches) > 1
    found = [
        {**span, **({"first_day": _day(one.first), "last_day": _day(one.last)} if dated else {})}
        for one in section.busy.stretches
        for span in _spans(one.spans or ())
    ]
    return found or None


def _spans(spans: tuple[BusySpan, ...]) -> list[dict[str, Any]]:
    return [
        {"weekdays": sorted(span.weekdays), "from_minute": span.from_minute, "to_minute": span.to_minute}
        for span in spans
    ]


def _section(section: Section) -> dict[str, Any]:
    return {
        "hall": section.hall or None,
        "first_day": _day(section.first_day),
        "last_day": _day(section.last_day),
        "days": section.days,
        "figures": _readings(section.figures),
        "busy": _readings(section.busy.busy),
        "idle": _readings(section.busy.idle),
        "busy_hours": sorted({hour for one in section.busy.stretches for hour in one.hours}),
        "kinds": [
            {"kind": row.kind, "limit_s": row.limit_s, "figures": _readings(row.readings)} for row in section.kinds
        ],
        "heat": [
            {
                "weekday": cell.weekday,
                "half_hour": cell.half_hour,
                "tickets": cell.tickets,
                "wait_mean": {"value": cell.wait_mean.value, "n": cell.wait_mean.n},
            }
            for cell in section.heat
        ],
        "bands": [{"over_s": one.over_s, "to_s": one.to_s, "n": one.n, "share": one.share} for one in section.bands],
        "counters": [{"counter": row.name, "figures": _readings(row.readings)} for row in section.counters],
        "clerks": [{"clerk": row.name, "figures": _readings(row.readings)} for row in section.clerks],
        "longest": [
            {
                "hall": one.hall,
                "business_day": _day(one.business_day),
                "ticket": one.ticket,
                "queue": one.queue,
                "counter": one.counter,
                "issue_minute": one.issue_minute,
                "wait_s": one.wait_s,
            }
            for one in section.longest
        ],
        "notices": [{"code": one.code, "params": dict(one.params)} for one in section.notices],
    }


def _readings(readings: Readings) -> dict[str, Mapping[str, float | int | None]]:
    return {key: {"value": one.value, "n": one.n} for key, one in readings.by_key.items()}


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()
