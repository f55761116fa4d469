"""What a plan breaks, in the reader's words: names for ids, spans for half hours in a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import formats

from yingting.foundation.editing.naming import named
from yingting.kernel.words import gettext_noop as _
from yingting.planning.rosters.needs import ANY, SLOT_MIN
from yingting.planning.rosters.weeks import Week
from yingting.twin.rostering.breaks import SENTENCES, Break, Code

Translate = Callable[[str], str]
# Each rule as the sum of its breaks is told.
RULES: Mapping[Code, str] = {
    Code.UNDER: _("too few at the counters"),
    Code.OVER: _("more at the counters than needed"),
    Code.HOURS_BELOW: _("hours below what is agreed"),
    Code.HOURS_ABOVE: _("hours above what is agreed"),
    Code.EXTRA_DAY: _("days on duty beyond what is agreed"),
    Code.SHORT_REST: _("nights that are too short"),
    Code.WISH: _("wishes that are not met"),
    Code.CHANGE: _("changes against the plan before"),
    Code.AWAY: _("on duty while absent or off post"),
    Code.LICENCE: _("no valid licence"),
}
WANTED: Mapping[str, str] = {"off": _("a day off"), "early": _("an early shift"), "late": _("a late shift")}
# What a manager has to know before a roster goes out, beside who is missing.
GRAVE = (Code.AWAY, Code.SHORT_REST, Code.EXTRA_DAY, Code.HOURS_ABOVE, Code.HOURS_BELOW, Code.LICENCE)


@dataclass(frozen=True, slots=True)
class Names:
    """How people and shifts of a week are called."""

    people: Mapping[str, str]
    shifts: Mapping[str, str]

    @classmethod
    def of(cls, week: Week) -> Names:
        """Return the names of a week, shifts in the reader's language."""
        return cls({str(one.person): one.name for one in week.staff}, {one.code: named(one) for one in week.shifts})


def day_words(day: dt.date) -> str:
    """Return a day with its weekday, short."""
    return f"{day:%m-%d} {formats.date_format(day, 'D')}"


def post_words(code: str, t: Translate) -> str:
    """Return what a post is called."""
    return t(_("any counter")) if code == ANY else t(_("queue %(queues)s")) % {"queues": code}


def sentence(code: str, values: Mapping[str, Any], names: Names, t: Translate) -> str:
    """Return a break in words; `values` as they are, or as they were kept."""
    return t(SENTENCES[Code(code)]) % {name: _said(name, value, names, t) for name, value in values.items()}


def _said(name: str, value: Any, names: Names, t: Translate) -> Any:
    if name == "person":
        return names.people.get(str(value), "?")
    if name == "skill":
        return " / ".join(post_words(one, t) for one in str(value).split("|"))
    if name == "wanted":
        return t(WANTED[str(value)])
    if name in ("shift", "before", "after"):
        return names.shifts.get(str(value), t(_("off")) if value == "-" else str(value))
    if name == "day":
        return day_words(value if isinstance(value, dt.date) else dt.date.fromisoformat(value))
    return f"{value:g}" if isinstance(value, float) else value


def joined(found: Iterable[Break]) -> tuple[Break, ...]:
    """Return breaks with half hours in a row told once: "10:00–11:30" instead of three times.

    Breaks of one half hour for several posts stay apart; what costs stays as it was together.
    """
    out: list[Break] = []
    for one in sorted(found, key=_place):
        last = out[-1] if out else None
        if last is not None and "time" in one.values and _follows(last, one):
            times = {"time": f"{str(last.values['time'])[:5]}–{half_hour_after(str(one.values['time']))}"}
            out[-1] = replace(last, cost=last.cost + one.cost, values={**last.values, **times})
        elif "time" in one.values:
            at = str(one.values["time"])
            out.append(replace(one, values={**one.values, "time": f"{at}–{half_hour_after(at)}"}))
        else:
            out.append(one)
    return tuple(out)


def _place(one: Break) -> tuple[str, str, str, str]:
    values = one.values
    return (
        str(values.get("day", "")) if "time" in values else "", one.code if "time" in values else "",
        str(values.get("skill", "")), str(values.get("time", "")),
    )  # fmt: skip


def _follows(last: Break, one: Break) -> bool:
    same = ("day", "skill", "count")
    return (
        last.code is one.code
        and all(last.values.get(name) == one.values.get(name) for name in same)
        and str(last.values.get("time", ""))[-5:] == one.values["time"]
    )


def half_hour_after(at: str) -> str:
    """Return the time half an hour after a time.

    >>> half_hour_after("09:30")
    '10:00'
    """
    minute = int(at[:2]) * 60 + int(at[3:5]) + SLOT_MIN
    return f"{minute // 60:02d}:{minute % 60:02d}"


def by_rule(costs: Mapping[str, float], t: Translate) -> str:
    """Return what each rule costs, the dearest first, in one list."""
    told = [
        t(_("%(points)s for %(rule)s")) % {"points": f"{cost:g}", "rule": t(RULES[Code(code)])}
        for code, cost in sorted(costs.items(), key=lambda item: -item[1])
        if cost
    ]
    return t(_(", ")).join(told)


def short_by_day(found: Iterable[Break], t: Translate) -> list[str]:
    """Return for each day and post when people are missing, and how many."""
    spans: dict[tuple[Any, str], list[str]] = {}
    for one in joined(one for one in found if one.code is Code.UNDER):
        span = t(_("%(time)s %(count)s missing")) % one.values
        spans.setdefault((one.values["day"], str(one.values["skill"])), []).append(span)
    return [
        t(_("%(day)s, %(post)s: %(spans)s"))
        % {"day": day_words(day), "post": post_words(post, t), "spans": t(_(", ")).join(listed)}
        for (day, post), listed in sorted(spans.items())
    ]


def notes_of(notes: Iterable[tuple[str, Mapping[str, Any]]], t: Translate) -> list[str]:
    """Return kept sentences in the reader's language."""
    return [t(text) % values for text, values in notes]
