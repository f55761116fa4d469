"""Answers of the twin in words: rows with their intervals, the sentence that says what it means, and the picture of the day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yingting.kernel.words import gettext_noop as _
from yingting.planning.twins.models import RunKind, TwinRun
from yingting.planning.twins.questions import Ahead, CountersNeeded, WhatIf, clock, in_words, opened
from yingting.twin.calibrating.reasons import WORDS

Translate = Callable[[str], str]
Json = dict[str, Any]
BRAND, INK, GRID, PAST = "#0e7c7b", "#1b2430", "#d9ddd6", "#8a929c"
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Listed:
    """A run in a list: what was asked in words, where it stands, how far it is (percent) and what is being done."""

    run: TwinRun
    title: str
    day: str
    state: str
    percent: int
    step: str


def listed(run: TwinRun, t: Translate) -> Listed:
    """Return a run as a list shows it."""
    title, day = t(_("Calibration")), ""
    if run.kind == RunKind.WHAT_IF:
        question = opened(WhatIf, run.question)
        title, day = measures(question, t), question.day
    elif run.kind == RunKind.FORECAST:
        ahead = opened(Ahead, run.question)
        title, day = t(_("Customers on %(days)s days from")) % {"days": ahead.days}, ahead.first
    elif run.kind == RunKind.COUNTERS:
        needed = opened(CountersNeeded, run.question)
        title, day = t(_("Counters for %(share)s")) % {"share": f"{needed.share:.0%}"}, needed.day
        if needed.volume != 1.0:
            title += t(_("; ")) + t(_("customers %(change)s")) % {"change": f"{needed.volume - 1:+.0%}"}
        if needed.counters:
            title += t(_("; ")) + t(_("at most %(counters)s counters")) % {"counters": needed.counters}
    return Listed(run, title, day, run.get_state_display(), run.progress // 10, t(run.step) if run.step else "")


def measures(question: WhatIf, t: Translate) -> str:
    """Return the measures of a question, one after another."""
    return t(_("; ")).join(t(sentence) % values for sentence, values in in_words(question.levers))


@dataclass(frozen=True, slots=True)
class Row:
    """A figure side by side: today, after the change, what differs; each with its interval, and the band of single days."""

    title: str
    before: str
    before_band: str
    after: str
    after_band: str
    difference: str
    sure: str
    is_better: bool | None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as the page shows it."""

    sentences: tuple[str, ...]
    rows: tuple[Row, ...]
    slots: tuple[Json, ...]
    charts: Json
    days: int
    worlds: int
    reasons: tuple[str, ...]


def answer_view(run: TwinRun, body: Json, t: Translate) -> AnswerView:
    """Return what the page of an answered question shows."""
    if "before" not in body:
        return AnswerView((), (), (), {}, 0, 0, reasons_in(body, t))
    rows = tuple(_rows(body, t))
    slots = tuple(_slots(body))
    return AnswerView(tuple(_sentences(run, body, t)), rows, slots, _charts(body, t), body["days"], body["worlds"], ())


# ---------------------------------------------------------------------------------------------- figures
PERCENT, MINUTES = "percent", "minutes"
_FIGURES = (
    ("within", _("Waits within %(limit)s min"), PERCENT, True),
    ("challenge", _("Waits within %(limit)s min"), PERCENT, True),
    ("p90_s", _("Nine of ten wait at most"), MINUTES, False),
    ("wait_s", _("Mean wait"), MINUTES, False),
    ("left", _("Left without service"), PERCENT, False),
    ("used", _("Counters busy"), PERCENT, None),
)


def _rows(body: Json, t: Translate) -> Sequence[Row]:
    rows = []
    for key, title, form, more_is_better in _FIGURES:
        place = 1 if key == "challenge" else 0
        before, after, change = body["before"][key], body["after"][key], body["difference"][key]
        low, high = change[1], change[2]
        is_sure = low is not None and (low > 0 or high < 0)
        better = None if not is_sure or more_is_better is None else (change[0] > 0) is more_is_better
        rows.append(
            Row(
                t(title) % {"limit": f"{body['limits_s'][place] / 60:g}"},
                value_of(before[0], form, t), _span(before[3], before[4], form, t),
                value_of(after[0], form, t), _span(after[3], after[4], form, t),
                _signed(change[0], form, t), _span(low, high, form, t, signed=True), better,
            )
        )  # fmt: skip
    seats = body["before"]["seats"], body["after"]["seats"]
    rows.append(
        Row(
            t(_("Seats enough on 19 days of 20")),
            str(seats[0]),
            "",
            str(seats[1]),
            "",
            f"{seats[1] - seats[0]:+d}",
            "",
            None,
        )
    )
    hours = body["before"]["counter_hours"], body["after"]["counter_hours"]
    rows.append(
        Row(
            t(_("Counter hours a day")),
            f"{hours[0]:.1f}",
            "",
            f"{hours[1]:.1f}",
            "",
            f"{hours[1] - hours[0]:+.1f}",
            "",
            None,
        )
    )
    return rows


def value_of(value: float | None, form: str, t: Translate) -> str:
    """Return a share in percent, or seconds as minutes, with one decimal."""
    if value is None:
        return NOTHING
    return f"{value:.1%}" if form == PERCENT else t(_("%(minutes)s min")) % {"minutes": f"{value / 60:.1f}"}


def _signed(value: float | None, form: str, t: Translate) -> str:
    if value is None:
        return NOTHING
    if form == PERCENT:
        return t(_("%(points)s percentage points")) % {"points": f"{value * 100:+.1f}"}
    return t(_("%(minutes)s min")) % {"minutes": f"{value / 60:+.1f}"}


def _span(low: float | None, high: float | None, form: str, t: Translate, *, signed: bool = False) -> str:
    if low is None or high is None:
        return ""
    factor, unit = (100.0, "" if signed else "%") if form == PERCENT else (1 / 60, "")
    sign = "+" if signed else ""
    return t(_("%(low)s to %(high)s")) % {
        "low": f"{low * factor:{sign}.1f}{unit}", "high": f"{high * factor:{sign}.1f}{unit}",
    }  # fmt: skip


# ---------------------------------------------------------------------------------------------- words
def _sentences(run: TwinRun, body: Json, t: Translate) -> Sequence[str]:
    question = opened(WhatIf, run.question)
    before, after, change = body["before"]["within"], body["after"]["within"], body["difference"]["within"]
    limit = f"{body['limits_s'][0] / 60:g}"
    told = [
        t(_("With “%(measures)s” on %(day)s, %(after)s of the waits stay within %(limit)s minutes; as it is, %(before)s."))
        % {
            "measures": measures(question, t), "day": question.day, "limit": limit, "before": value_of(before[0], PERCENT, t),
            "after": value_of(after[0], PERCENT, t),
        }
    ]  # fmt: skip
    if change[1] is not None and change[1] <= 0 <= change[2]:
        told.append(t(_("That may as well be nothing: the figures of the past do not tell the two apart.")))
    else:
        told.append(
            t(_("The change is %(low)s to %(high)s points, as far as the past figures can say."))
            % {"low": f"{100 * (change[1] or 0):+.1f}", "high": f"{100 * (change[2] or 0):+.1f}"}
        )
    told.append(
        t(_("Single days lie between %(low)s and %(high)s in nine of ten cases: judge it by many days, not by one."))
        % {"low": value_of(after[3], PERCENT, t), "high": value_of(after[4], PERCENT, t)}
    )
    told.append(_cost(body, t))
    return told


def _cost(body: Json, t: Translate) -> str:
    hours = body["staff_hours"] or 0.0
    if abs(hours) < 0.05:
        return t(_("It costs no counter hours."))
    if hours < 0:
        return t(_("It saves %(hours)s counter hours a day.")) % {"hours": f"{-hours:.1f}"}
    return t(_("It costs %(hours)s counter hours a day.")) % {"hours": f"{hours:.1f}"}


def reasons_in(body: Json, t: Translate) -> tuple[str, ...]:
    """Return why a run was not answered, in words."""
    told = [said(one, t) for one in body.get("reasons", [])]
    told += [t(sentence) % values for sentence, values in body.get("said", [])]
    told += [
        t(_("The hall cannot be run like that: %(problem)s")) % {"problem": one} for one in body.get("problems", [])
    ]
    return tuple(told)


def said(one: Json, t: Translate, words: Mapping[str, str] = WORDS) -> str:
    """Return a statement of the calibration (or of other words) in the reader's language."""
    values = {name: _short(value) for name, value in one["values"].items()}
    return t(words[one["code"]]) % values


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


# ---------------------------------------------------------------------------------------------- the day
def _slots(body: Json) -> Sequence[Json]:
    return [
        {
            "at": clock(one["at_s"]), "came": f"{one['came']:.0f}" if one["came"] is not None else NOTHING,
            "counters": f"{one['counters']:.1f}", "counters_after": f"{after['counters']:.1f}",
            "within": percent(one["within"][0]), "within_after": percent(after["within"][0]),
            "p90": minutes(one["p90_s"]), "p90_after": minutes(after["p90_s"]),
            "used": percent(one["used"]), "used_after": percent(after["used"]),
        }
        for one, after in zip(body["before"]["slots"], body["after"]["slots"], strict=True)
    ]  # fmt: skip


def percent(value: float | None) -> str:
    """Return a share in whole percent."""
    return NOTHING if value is None else f"{value:.0%}"


def minutes(value: float | None) -> str:
    """Return seconds as minutes with one decimal."""
    return NOTHING if value is None else f"{value / 60:.1f}"


def _charts(body: Json, t: Translate) -> Json:
    every = 86400 / len(body["before"]["waiting"][1])
    first = min(one["at_s"] for one in body["before"]["slots"])
    last = max(one["at_s"] for one in body["before"]["slots"]) + 3600
    shown = [place for place in range(len(body["before"]["waiting"][1])) if first <= place * every <= last]
    labels = [clock(place * every) for place in shown]

    def line(side: str, row: int) -> list[float]:
        return [body[side]["waiting"][row][place] for place in shown]

    low, high = line("after", 0), line("after", 2)
    return {
        "waiting": {
            "animation": False,
            "textStyle": {"color": INK, "fontSize": 14},
            "legend": {"top": 0, "left": 120, "data": [t(_("As it is")), t(_("After the change"))]},
            "grid": {"left": 8, "right": 16, "top": 64, "bottom": 8, "containLabel": True},
            "xAxis": {"type": "category", "data": labels, "boundaryGap": False},
            "yAxis": {"type": "value", "name": t(_("People waiting")), "nameTextStyle": {"align": "left"},
                      "splitLine": {"lineStyle": {"color": GRID}}},
            "series": [
                {"type": "line", "stack": "band", "data": low, "symbol": "none", "silent": True, "lineStyle": {"opacity": 0}},
                {"type": "line", "stack": "band", "data": [round(b - a, 3) for a, b in zip(low, high, strict=True)],
                 "symbol": "none", "silent": True, "lineStyle": {"opacity": 0}, "areaStyle": {"color": "#cfe7e5"}},
                {"name": t(_("As it is")), "type": "line", "data": line("before", 1), "symbol": "none",
                 "lineStyle": {"type": "dashed", "width": 2, "color": PAST}, "itemStyle": {"color": PAST}},
                {"name": t(_("After the change")), "type": "line", "data": line("after", 1), "symbol": "none",
                 "lineStyle": {"width": 3, "color": BRAND}, "itemStyle": {"color": BRAND}},
            ],
        }
    }  # fmt: skip
