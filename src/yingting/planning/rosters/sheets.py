"""A week's roster as tables: who has which shift, how each half hour is covered, what it costs and breaks."""

from __future__ import annotations

from collections.abc import Mapping

from yingting.foundation.sheets import Cell, Sheet
from yingting.indicators.declaring import Unit
from yingting.kernel.words import gettext_noop as _
from yingting.planning.rosters.reading import Stand
from yingting.planning.rosters.words import RULES, Names, Translate, joined, post_words, sentence
from yingting.twin.rostering.breaks import costs
from yingting.twin.rostering.exports import Row, cover_rows, week_rows
from yingting.twin.rostering.facts import Task


def sheets_of(stand: Stand, t: Translate) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook."""
    names = Names.of(stand.week)
    numbers = {str(one.person): one.staff_no for one in stand.week.staff}
    labels = {code: f"{name} {numbers[code]}" for code, name in names.people.items()}
    days = len(stand.task.days)
    rows = week_rows(stand.task, stand.plan, labels, t)
    return (
        _sheet(t(_("Week")), rows, [None, *[None] * days, Unit.SCORE]),
        _cover(stand.task, cover_rows(stand.task, stand.plan, t), t),
        _rules(stand, names, t),
    )


def _sheet(title: str, rows: list[Row], units: list[Unit | None]) -> Sheet:
    return Sheet(title, [str(one) for one in rows[0]], rows[1:], units)


def _cover(task: Task, rows: list[Row], t: Translate) -> Sheet:
    words: Mapping[object, str] = {code: post_words(code, t) for code in task.skills}
    heading: Row = [
        words.get(one, "") if place in range(2, 2 + len(task.skills)) else one for place, one in enumerate(rows[0])
    ]
    return _sheet(t(_("Cover")), [heading, *rows[1:]], [None, None, *[Unit.COUNT] * (len(heading) - 2)])


def _rules(stand: Stand, names: Names, t: Translate) -> Sheet:
    rows: list[list[Cell]] = [[t(RULES[code]), cost, None] for code, cost in sorted(costs(stand.found).items())]
    rows += [[t(RULES[one.code]), one.cost, sentence(one.code, one.values, names, t)] for one in joined(stand.found)]
    return Sheet(t(_("Costs and rules")), [t(_("Rule")), t(_("Points")), t(_("What"))], rows, [None, Unit.SCORE, None])
