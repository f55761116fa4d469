"""Forecasts and counters needed as pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import formats

from yingting.kernel.words import gettext_noop as _
from yingting.planning.twins.questions import clock
from yingting.planning.twins.showing import BRAND, GRID, INK, NOTHING, PAST, Translate, percent

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ForecastView:
    """A forecast: days with their bands, half hours with their means, the picture, and what it rests on."""

    days: tuple[Json, ...]
    slots: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Json, ...]], ...]
    charts: Json
    why: tuple[str, ...]
    covered: tuple[str, ...]


def forecast_view(body: Json, t: Translate) -> ForecastView:
    """Return what the page of a forecast shows."""
    days = tuple(_day(one, t) for one in body["days"])
    top = max((value or 0.0 for one in body["days"] for value in one["slots"]), default=0.0) or 1.0
    rows = tuple(
        (
            clock(at),
            tuple(
                {"value": f"{one['slots'][place]:.0f}" if one["is_open"] else NOTHING,
                 "heat": 1 + int(4.999 * (one["slots"][place] or 0.0) / top) if one["is_open"] else 0}
                for one in body["days"]
            ),
        )
        for place, at in enumerate(body["slots"])
    )  # fmt: skip
    why = tuple(t(sentence) % values for sentence, values in body["why"])
    covered = tuple(
        t(
            _(
                "When the past was forecast in the same way, %(slots)s of the half hours and %(days)s of the days lay in the %(band)s band."
            )
        )
        % {"band": f"{float(share):.0%}", "slots": percent(of[0]), "days": percent(of[1])}
        for share, of in sorted(body["covered"].items())
    )
    return ForecastView(days, tuple(one["on"] for one in days), rows, _totals(body, days, t), why, covered)


def _day(one: Json, t: Translate) -> Json:
    day = dt.date.fromisoformat(one["on"])
    return {
        "on": f"{day:%m-%d}", "weekday": formats.date_format(day, "D"), "is_open": one["is_open"],
        "total": f"{one['total']:.0f}" if one["is_open"] else t(_("not open")),
        "band": t(_("%(low)s to %(high)s")) % {"low": f"{one['low']:.0f}", "high": f"{one['high']:.0f}"} if one["is_open"] else "",
    }  # fmt: skip


def _totals(body: Json, days: Sequence[Json], t: Translate) -> Json:
    low = [one["low"] if one["is_open"] else 0 for one in body["days"]]
    high = [one["high"] if one["is_open"] else 0 for one in body["days"]]
    return {
        "totals": {
            "animation": False,
            "textStyle": {"color": INK, "fontSize": 14},
            "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
            "xAxis": {"type": "category", "data": [f"{one['on']} {one['weekday']}" for one in days]},
            "yAxis": {"type": "value", "name": t(_("Customers")), "nameTextStyle": {"align": "left"},
                      "splitLine": {"lineStyle": {"color": GRID}}},
            "series": [
                {"type": "bar", "stack": "band", "data": low, "silent": True, "itemStyle": {"color": "transparent"}},
                {"type": "bar", "stack": "band", "data": [round(b - a, 2) for a, b in zip(low, high, strict=True)],
                 "silent": True, "itemStyle": {"color": "#a8d2cf", "borderRadius": 3}, "barWidth": "40%"},
                {"type": "scatter", "symbolSize": 10, "itemStyle": {"color": BRAND},
                 "data": [round(one["total"]) if one["is_open"] else None for one in body["days"]],
                 "label": {"show": True, "position": "top", "formatter": "{c}", "color": INK}},
            ],
        }
    }  # fmt: skip


# ---------------------------------------------------------------------------------------------- counters needed
@dataclass(frozen=True, slots=True)
class CountersView:
    """Counters needed by half hour and kind, beside the usual ones."""

    sentences: tuple[str, ...]
    kinds: tuple[str, ...]
    slots: tuple[Json, ...]
    hours: tuple[tuple[str, str], ...]
    charts: Json
    judged: int
    days: int


def counters_view(body: Json, t: Translate) -> CountersView:
    """Return what the page of counters needed shows."""
    kinds = [code for code, _queues in body["kinds"] if (body["hours"].get(code) or 0.0) > 0]
    slots = tuple(
        {
            "at": clock(one["at_s"]), "came": f"{one['came']:.0f}", "usual": f"{one['usual']:.1f}",
            "usual_within": percent(one["usual_within"][0]), "needed": [one["needed"].get(code, 0) for code in kinds],
            "all": sum(one["needed"].values()), "within": percent(one["within"][0]),
            "interval": t(_("%(low)s to %(high)s")) % {"low": percent(one["within"][1]), "high": percent(one["within"][2])},
        }
        for one in body["slots"]
    )  # fmt: skip
    values = {
        "day": body["day"], "share": f"{body['share']:.0%}", "limit": f"{body['limit_s'] / 60:g}",
        "hours": f"{body['total_hours']:.1f}", "usual": f"{body['usual_hours']:.1f}", "within": percent(body["day_within"][0]),
        "usual_within": percent(body["usual_day"][0]),
    }  # fmt: skip
    sentences = [
        t(
            _(
                "For %(share)s within %(limit)s minutes in every half hour of %(day)s: %(hours)s counter hours; usual are %(usual)s."
            )
        )
        % values,
        t(
            _(
                "Over the whole day that is %(within)s; with the usual counters %(usual_within)s. Who leaves counts as not served."
            )
        )
        % values,
    ]
    if "seats" in body:
        sentences.append(
            t(
                _(
                    "%(customers)s customers a day are expected; %(seats)s seats are enough at the fullest minute of 19 days of 20."
                )
            )
            % {"customers": f"{body['customers']:.0f}", "seats": body["seats"]}
        )
    sentences += [t(sentence) % said for sentence, said in body["unmet"]]
    hours = tuple((code, f"{body['hours'][code]:.1f}") for code in kinds)
    return CountersView(
        tuple(sentences), tuple(kinds), slots, hours, _steps(body, kinds, t), body["judged"], body["fresh_days"]
    )


def _steps(body: Json, kinds: Sequence[str], t: Translate) -> Json:
    shades = ("#0e7c7b", "#56a5a1", "#a8d2cf", "#3b5b92", "#8f5f14", "#667085")
    return {
        "counters": {
            "animation": False,
            "textStyle": {"color": INK, "fontSize": 14},
            "legend": {"top": 0, "left": 120},
            "grid": {"left": 8, "right": 16, "top": 64, "bottom": 8, "containLabel": True},
            "xAxis": {"type": "category", "data": [clock(one["at_s"]) for one in body["slots"]]},
            "yAxis": {"type": "value", "name": t(_("Counters")), "nameTextStyle": {"align": "left"}, "minInterval": 1,
                      "splitLine": {"lineStyle": {"color": GRID}}},
            "series": [
                *({"name": code, "type": "bar", "stack": "needed", "barWidth": "60%",
                   "itemStyle": {"color": shades[place % len(shades)]},
                   "data": [one["needed"].get(code, 0) for one in body["slots"]]} for place, code in enumerate(kinds)),
                {"name": t(_("usual")), "type": "line", "step": "middle", "symbol": "none",
                 "lineStyle": {"type": "dashed", "width": 2, "color": PAST}, "itemStyle": {"color": PAST},
                 "data": [one["usual"] for one in body["slots"]]},
            ],
        }
    }  # fmt: skip
