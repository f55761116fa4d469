"""Ask the lake for the report on channels: the counter's handlings and the ways besides, as one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.question import Question
from yingting.indicators.measuring import Readings
from yingting.kernel.refusals import Refusal
from yingting.reporting.channels.contracts import ChannelReport, ChannelRow
from yingting.reporting.channels.indicators import DONE, INDICATORS
from yingting.reporting.hall_report.asking import BACKWARDS, NO_ROWS


def channel_report(
    targets: Mapping[str, float], first: dt.date | None = None, last: dt.date | None = None
) -> ChannelReport:
    """Make the report of the halls that `targets` has a share for. Without bounds it is of all days.

    Raises Refusal report.backwards, report.no_rows.
    """
    first, last = first or dt.date.min, last or dt.date.max
    if last < first:
        raise Refusal(BACKWARDS)

    def rows(*by: str) -> tuple[ChannelRow, ...]:
        return _rows(targets, first, last, by)

    by_day = rows("business_day")
    if not by_day:
        raise Refusal(NO_ROWS)
    (total,) = rows()
    days = [row.day for row in by_day if row.day is not None]
    return ChannelReport(min(days), max(days), total, rows("hall"), by_day)


def _rows(targets: Mapping[str, float], first: dt.date, last: dt.date, by: Sequence[str]) -> tuple[ChannelRow, ...]:
    def asked(keys: Sequence[str], *more: str) -> tuple[Readings, ...]:
        return ask(Question(tuple(keys), tuple(targets), first, last, (*by, *more)))

    done: dict[tuple[object, ...], dict[str, int]] = {}
    for one in asked((DONE.key,), "channel"):
        done.setdefault(one.group[:-1], {})[one.group[-1]] = one[DONE.key].n
    everything = asked([one.key for one in INDICATORS])
    return tuple(_row(one, by, done.get(one.group, {}), targets) for one in everything)


def _row(readings: Readings, by: Sequence[str], done: Mapping[str, int], targets: Mapping[str, float]) -> ChannelRow:
    group = dict(zip(by, readings.group, strict=True))
    hall = group.get("hall", "")
    asked = {targets[hall]} if hall else {*targets.values()}
    return ChannelRow(hall, group.get("business_day"), done, readings, asked.pop() if len(asked) == 1 else None)
