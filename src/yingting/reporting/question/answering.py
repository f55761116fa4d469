"""The question in one box: an indicator of a unit over a period, split as wanted, as table, chart and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yingting.foundation.lake.asking import ask, gather
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.question import Question, splits_of
from yingting.foundation.lake.targets import Standard, Standards
from yingting.foundation.sheets import Sheet
from yingting.indicators.declaring import AnyIndicator, BetterIs, Reading, Unit
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.boards.listing import HEADINGS, cell_text, heading
from yingting.reporting.boards.places import Place
from yingting.reporting.boards.screen import in_shown_unit, line_chart
from yingting.reporting.periods import Period
from yingting.reporting.showing import ATTAINMENTS, Attainment, Shown, change_text, judged, shown
from yingting.reporting.written import Translate

MOST_BARS = 60  # in the chart; the table has all of them
IN_TIME = ("business_day", "month", "half_hour", "hour", "weekday")  # drawn in their order, the others by value
PERSONAL = ("clerk",)  # splits that only those who lead the hall see


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked."""

    indicator: AnyIndicator
    place: Place
    period: Period
    by: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One group: its labels and its value."""

    labels: tuple[str, ...]
    cell: Shown
    reading: Reading


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer: a sentence, the whole, the groups, a chart, and the table as a file."""

    sentence: str
    total: Shown
    headings: tuple[str, ...]
    rows: tuple[AnswerRow, ...]
    chart: Mapping[str, Any]
    sheet: Sheet


def splits_for(indicator: AnyIndicator, place: Place, *, may_see_people: bool) -> tuple[str, ...]:
    """Return the columns by which this reader may split an indicator of a place."""
    of_place = () if place.hall else ("group", "hall")
    # A column without a heading (the id of a device) is for machines.
    free = [name for name in splits_of(indicator.key) if name in HEADINGS and name not in ("hall", "group")]
    return (*of_place, *(name for name in free if may_see_people or name not in PERSONAL))


def values_of(asked: Asked, column: str) -> tuple[str, ...]:
    """Return the values that a column has in the period, for a list to choose from."""
    found = gather(
        Question((asked.indicator.key,), asked.place.halls, asked.period.first, asked.period.last, (column,))
    )
    return tuple(sorted(str(group[0]) for group in found if group[0] is not None))


def answer_of(asked: Asked, standards: Standards, names: Mapping[str, str], t: Translate) -> Answer:
    """Answer a question. `names` gives what units and halls are called."""
    one, place, period = asked.indicator, asked.place, asked.period
    standard = standards.common(one, place.halls)
    least = {} if standard.minimum_sample is None else {one.key: standard.minimum_sample}

    def look(span: Period, by: tuple[str, ...]) -> list[tuple[tuple[Any, ...], Reading]]:
        question = Question((one.key,), place.halls, span.first, span.last, by, asked.where, place.groups, least)
        return [(found.group, found[one.key]) for found in ask(question)]

    ((_group, total),) = look(period, ())
    ((_group, before),) = look(period.before, ())
    rows = (
        tuple(_row(asked, group, reading, standards, names, t) for group, reading in look(period, asked.by))
        if asked.by
        else ()
    )
    if asked.by and asked.by[0] not in IN_TIME:
        rows = tuple(sorted(rows, key=lambda row: (row.reading.value is None, -(row.reading.value or 0.0))))
    heads = tuple(heading(name, t) for name in asked.by)
    return Answer(
        sentence=" ".join(_sentences(asked, total, before, standard, rows, names, t)),
        total=shown(one, total, standard, t),
        headings=heads,
        rows=rows,
        chart=_chart(asked, rows, standard, t),
        sheet=Sheet(
            t(one.title)[:31],
            [*heads, t(one.title), t(_("Cases"))],
            [[*row.labels, row.reading.value, row.reading.n] for row in rows] or [[total.value, total.n]],
            [*([None] * len(heads)), one.unit, Unit.COUNT],
        ),
    )


def _row(
    asked: Asked, group: Sequence[Any], reading: Reading, standards: Standards, names: Mapping[str, str], t: Translate
) -> AnswerRow:
    labels = tuple(
        names.get(str(value), str(value)) if name in ("group", "hall") else cell_text(name, value, t)
        for name, value in zip(asked.by, group, strict=True)
    )
    halls = [str(value) for name, value in zip(asked.by, group, strict=True) if name == "hall"]
    standard = standards.common(asked.indicator, halls or asked.place.halls)
    return AnswerRow(labels, shown(asked.indicator, reading, standard, t), reading)


def _chart(asked: Asked, rows: Sequence[AnswerRow], standard: Standard, t: Translate) -> dict[str, Any]:
    one = asked.indicator
    if not rows:
        return {}
    aims = [(t(_("Target")), standard.target), (t(_("Challenge")), standard.challenge)]
    series: dict[str, dict[str, float | None]] = {}
    for row in rows[: MOST_BARS if len(asked.by) == 1 else None]:
        series.setdefault(" · ".join(row.labels[1:]) or t(one.title), {})[row.labels[0]] = in_shown_unit(
            one, row.reading.value
        )
    labels = list(dict.fromkeys(row.labels[0] for row in rows))[:MOST_BARS]
    return line_chart(
        labels,
        {name: [values.get(label) for label in labels] for name, values in list(series.items())[:8]},
        [(name, in_shown_unit(one, value)) for name, value in aims if value is not None],
        "{value}%" if one.unit is Unit.SHARE else "{value}",
        "line" if asked.by[0] in ("business_day", "month") else "bar",
    )


def _sentences(
    asked: Asked, total: Reading, before: Reading, standard: Standard, rows: Sequence[AnswerRow],
    names: Mapping[str, str], t: Translate,
) -> list[str]:  # fmt: skip
    """Say what the numbers mean, in the order in which one asks: how much, is it enough, has it changed, where does it differ."""
    one = asked.indicator
    whole = shown(one, total, standard, t)
    parts = {
        "unit": names.get(asked.place.unit.path, asked.place.unit.name), "title": t(one.title), "value": whole.text,
        "n": f"{total.n:,}", "first": asked.period.first, "last": asked.period.last,
    }  # fmt: skip
    if not total.is_rated:
        return [t(_("%(unit)s, %(first)s to %(last)s: %(title)s cannot be rated, there are only %(n)s cases.")) % parts]
    told = [
        t(_("%(unit)s, %(first)s to %(last)s: %(title)s is %(value)s.")) % parts
        if one.unit is Unit.COUNT
        else t(_("%(unit)s, %(first)s to %(last)s: %(title)s is %(value)s, from %(n)s cases.")) % parts
    ]
    verdict = judged(one, total, standard)
    if verdict in (Attainment.CHALLENGE, Attainment.TARGET, Attainment.MISSED):
        told.append(t(_("That means: %(verdict)s.")) % {"verdict": t(ATTAINMENTS[verdict])})
    change, turn = change_text(one, total, before, t)
    if change:
        words = {"better": _("Better than before by %(size)s."), "worse": _("Worse than before by %(size)s.")}
        told.append(
            t(words.get(turn, _("Against the time before: %(size)s.")))
            % {"size": change.lstrip("+−±") if turn else change}
        )
    rated = [row for row in rows if row.reading.value is not None]
    if len(rated) > 1:
        low, high = (pick(rated, key=lambda row: row.reading.value or 0.0) for pick in (min, max))
        if low.reading.value == high.reading.value:
            told.append(t(_("All parts are equal.")))
        elif one.better_is is None:
            told.append(
                t(_("Highest: %(high)s with %(most)s. Lowest: %(low)s with %(least)s."))
                % {
                    "high": " ".join(high.labels),
                    "most": high.cell.text,
                    "low": " ".join(low.labels),
                    "least": low.cell.text,
                }
            )
        else:
            best, worst = (low, high) if one.better_is is BetterIs.LOWER else (high, low)
            told.append(
                t(_("Best: %(best)s with %(good)s. Weakest: %(worst)s with %(bad)s."))
                % {
                    "best": " ".join(best.labels),
                    "good": best.cell.text,
                    "worst": " ".join(worst.labels),
                    "bad": worst.cell.text,
                }
            )
    if rows and len(rated) < len(rows):
        told.append(
            t(_("%(count)s of %(all)s parts have too few cases.")) % {"count": len(rows) - len(rated), "all": len(rows)}
        )
    return told


def choices(t: Translate) -> list[tuple[str, str]]:
    """Return key and title of every indicator."""
    return [(key, t(one.title)) for key, (one, _set) in declared().items()]
