"""Answers of many halls in words: the sentences on top, and a row for each hall, as the page and the files have them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from yingting.foundation.editing.naming import named
from yingting.foundation.sheets import Cell, Sheet
from yingting.indicators.declaring import Unit
from yingting.kernel.words import gettext_noop as _
from yingting.planning.twins.many.reading import Standing
from yingting.planning.twins.models import ManyAnswer, ManyRun, RunState
from yingting.planning.twins.questions import WhatIf, opened
from yingting.planning.twins.showing import NOTHING, measures, said
from yingting.twin.many.words import WORDS

Translate = Callable[[str], str]
_BEST = 3  # so many are named in the sentence


@dataclass(frozen=True, slots=True)
class HallLine:
    """A hall in the table; `reasons` where it could not be answered. `is_better` None: the change may as well be nothing."""

    place: int
    code: str
    name: str
    customers: str = ""
    now: str = ""
    then: str = ""
    gain: str = ""
    interval: str = ""
    is_better: bool | None = None
    hours: str = ""
    rate: str = ""
    kept: str = ""
    reasons: tuple[str, ...] = ()


def lines_of(answers: Iterable[ManyAnswer], first: int, t: Translate) -> list[HallLine]:
    """Return the halls of a page; the first of them has this place."""
    return [_line(one, place, t) for place, one in enumerate(answers, start=first)]


def _line(one: ManyAnswer, place: int, t: Translate) -> HallLine:
    code, name = one.hall.code, named(one.hall.unit)
    if one.state == RunState.REFUSED:
        return HallLine(place, code, name, reasons=reasons_of(one, t))
    return HallLine(
        place, code, name, _number(one.customers, 0), _percent(one.now), _percent(one.then), _points(one.gain),
        _interval(one, t), _is_better(one), _number(one.hours, 1), _points(one.gain_per_hour), _number(one.kept_per_hour, 1),
    )  # fmt: skip


def reasons_of(one: ManyAnswer, t: Translate) -> tuple[str, ...]:
    """Return why a hall could not be answered."""
    return tuple(said({"code": code, "values": values}, t, WORDS) for code, values in json.loads(one.body or "[]"))


def _is_better(one: ManyAnswer) -> bool | None:
    if one.low is None or one.high is None or one.low <= 0 <= one.high:
        return None
    return one.low > 0


def _percent(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.1%}"


def _points(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:+.1f}"


def _number(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:,.{digits}f}"


def _interval(one: ManyAnswer, t: Translate) -> str:
    if one.low is None or one.high is None:
        return ""
    return t(_("%(low)s to %(high)s")) % {"low": _points(one.low), "high": _points(one.high)}


def title_of(run: ManyRun, t: Translate) -> str:
    """Return what was asked: the measures."""
    return measures(opened(WhatIf, run.question), t)


def sentences(run: ManyRun, standing: Standing, best: Sequence[ManyAnswer], t: Translate) -> list[str]:
    """Return what the answers mean: where it helps most, where it is sure, and what could not be answered. `best` are the halls
    with the highest gain for each counter hour, or gain.
    """
    question = opened(WhatIf, run.question)
    told = []
    sure = [one for one in best if one.low is not None and one.low > 0][:_BEST]
    if sure:
        named_halls = t(_(", ")).join(f"{named(one.hall.unit)} {_points(one.gain)}" for one in sure)
        told.append(
            t(_("With “%(measures)s” on %(day)s, most is gained in (percentage points of the waits within the limit): %(halls)s."))
            % {"measures": measures(question, t), "day": question.day, "halls": named_halls}
        )  # fmt: skip
    elif standing.done:
        told.append(
            t(_("With “%(measures)s” on %(day)s, no hall is sure to gain."))
            % {"measures": measures(question, t), "day": question.day}
        )
    if standing.done:
        told.append(
            t(_("Of %(done)s halls, %(helped)s are sure to gain and %(harmed)s to lose; in the others it may as well be nothing."))
            % {"done": standing.done, "helped": standing.helped, "harmed": standing.harmed}
        )  # fmt: skip
    if standing.refused:
        told.append(
            t(_("%(refused)s halls could not be answered; the end of the table says why."))
            % {"refused": standing.refused}
        )
    return told


def sheet_of(answers: Iterable[ManyAnswer], t: Translate) -> Sheet:
    """Return all halls of a run as a table for files, in the order of the page, numbers as numbers."""
    columns: list[tuple[str, Unit | None]] = [
        (_("Hall"), None), (_("Code"), None), (_("Customers a day"), Unit.SCORE), (_("Within the limit as it is"), Unit.SHARE),
        (_("Within the limit after the change"), Unit.SHARE), (_("Difference"), Unit.SHARE), (_("Lower limit"), Unit.SHARE),
        (_("Upper limit"), Unit.SHARE), (_("Counter hours"), Unit.SCORE), (_("Gain for each counter hour"), Unit.SHARE),
        (_("More customers within the limit for each counter hour"), Unit.SCORE), (_("Why there is no answer"), None),
        (_("Made from (digest)"), None),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            named(one.hall.unit), one.hall.code, one.customers, one.now, one.then, one.gain, one.low, one.high, one.hours,
            one.gain_per_hour, one.kept_per_hour,
            " ".join(reasons_of(one, t)) if one.state == RunState.REFUSED else None, one.inputs or None,
        ]
        for one in answers
    ]  # fmt: skip
    return Sheet(t(_("Many halls")), [t(head) for head, _unit in columns], rows, [unit for _head, unit in columns])
