"""Rows of fact tables as people read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yingting.domains.cases.queries.codes import CASE_WORDS, case_word
from yingting.domains.relations.queries.codes import RELATION_WORDS, relation_word
from yingting.domains.voices.queries.codes import VOICE_WORDS, voice_word
from yingting.foundation.catalogue.models import EquipmentKind
from yingting.foundation.sheets import Cell
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.showing import NOTHING
from yingting.reporting.written import KINDS, WEEKDAYS, Translate, clock, duration

HEADINGS = {
    "visit": _("Visit"), "ticket": _("Ticket"), "hall": _("Hall"), "business_day": _("Day"), "business": _("Business"),
    "issue_minute_local": _("Taken at"), "kind": _("Kind"), "priority_class": _("Customer class"), "outcome": _("How it ended"),
    "wait_s": _("Wait"), "handling_s": _("Service time"), "counter": _("Counter"), "clerk": _("Clerk"),
    "channel": _("Channel"), "answer": _("Answer"), "is_done": _("Done"), "stand": _("Recommendation"),
    "is_full": _("Complete"), "is_late": _("Made up later"), "offered": _("Offered"), "accepted": _("Accepted"),
    "half_hour": _("Half hour"), "hour": _("Hour"), "weekday": _("Weekday"), "month": _("Month"), "queue": _("Queue"),
    "is_busy": _("Busy and idle hours"),
    "group": _("Unit"), "next_s": _("Until the next visit"), "open_s": _("Counter open"), "serving_s": _("With customers"),
    "way_s": _("Customer on the way"), "paused_s": _("Counter paused"), "idle_s": _("Counter idle"),
    "idle_waiting_s": _("Idle while customers waited"), "forced_s": _("Forced diversion lasted"),
    "shown_at": _("Offered by"), "level": _("Alert level"), "acted_after_s": _("First measure after"),
    "lapsed": _("Nobody acted in time"), "lasted_s": _("Alert lasted"), "device": _("Device"), "device_kind": _("Kind of device"),
    "due_s": _("Due to work"), "worked_s": _("Worked"), "broken_s": _("Out of order"), "off_s": _("Switched off"),
    "case": _("Case"), "case_kind": _("Kind of case"), "process": _("Process"), "case_channel": _("Channel of the case"),
    "category": _("Category"), "severity": _("Severity"), "owner": _("Handler"), "result": _("Result"), "step": _("Step"),
    "role": _("What it does in the loop"), "code": _("Time limit"), "band": _("Band of hours"), "handovers": _("Times handed over"),
    "natural_s": _("Lasted"), "breach_s": _("Over by"), "is_kept": _("Kept"), "call_outcome": _("How the call ended"),
    "solved": _("Solved"), "satisfied": _("Mark of satisfaction"),
    "suggestion": _("Suggestion"), "idea": _("Kind of suggestion"), "votes": _("Votes"), "judgement": _("Evaluation"),
    "is_in_time": _("Within its time"), "is_joined": _("Joined to an earlier one"), "is_acted": _("Made an action"),
    "is_measured": _("Effect measured"), "rule_kind": _("Rule"), "is_front": _("Of the front line"), "stance": _("Opinion"),
    "is_finished": _("Consultation finished"), "is_rule": _("A version of a rule"), "by_indicator": _("Judged by an indicator"),
    "complied": _("Complied with"),
    "visitor_class": _("Class of frequent visitors"), "is_peak": _("Comes at peak times"), "visits": _("Visits"),
    "is_taught": _("Taught"), "visits_before": _("Visits before"), "visits_after": _("Visits after"),
    "care_action": _("Act of care"), "tenure": _("Tenure"), "segment": _("Segment"), "is_given": _("Given in time"),
    "benefit": _("Benefit"), "is_used": _("Used"), "interest": _("Interest"),
    "reason": _("Reason"), "repair_s": _("Time to repair"), "seats": _("Seats"), "most_waiting": _("Most customers waiting at once"),
}  # fmt: skip
OUTCOMES = {
    "served": _("served"),
    "abandoned": _("left without service"),
    "no_show": _("did not come"),
    "open": _("goes on"),
    "closed": _("closed by our gate"),
    "elsewhere": _("Closed elsewhere"),
    "withdrawn": _("withdrawn"),
    "out_of_scope": _("not ours"),
    "merged": _("went into another case"),
}
BUSY = {True: _("busy"), False: _("idle")}


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row: its texts, and the id of its visit where the house has its course."""

    texts: tuple[str, ...]
    visit: UUID | None


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows behind a number: `count` is how many there are, of which `rows` may be only the first."""

    headings: tuple[str, ...]
    rows: tuple[ListedRow, ...]
    plain: tuple[tuple[Cell, ...], ...]
    count: int


def listing_of(columns: Sequence[str], rows: Sequence[dict[str, Any]], count: int, t: Translate) -> Listing:
    """Turn rows into words. The visit's id is not shown: it opens the course of the visit."""
    shown = [name for name in columns if name != "visit"]
    listed = tuple(
        ListedRow(tuple(cell_text(name, row[name], t) for name in shown), _visit(row.get("visit"))) for row in rows
    )
    plain = tuple(tuple(_plain(name, row[name], t) for name in columns) for row in rows)
    return Listing(tuple(heading(name, t) for name in shown), listed, plain, count)


def heading(name: str, t: Translate) -> str:
    """Return what a column is called."""
    return t(HEADINGS[name]) if name in HEADINGS else name


def cell_text(name: str, value: Any, t: Translate) -> str:
    """Write a value of a column."""
    if value is None:
        return t(KINDS[None]) if name == "kind" else NOTHING
    if name == "issue_minute_local":
        return clock(value)
    if name == "half_hour":
        return clock(value * 30)
    if name == "hour":
        return clock(value * 60)
    if name == "weekday":
        return t(WEEKDAYS[value])
    if name == "month":
        return f"{value:%Y-%m}"
    if name == "is_busy":
        return t(BUSY[value])
    if name.endswith("_s"):
        return duration(value, t)
    if name == "kind":
        return t(KINDS.get(value, value))
    if name == "outcome":
        return t(OUTCOMES.get(value, value))
    if name in CASE_WORDS:
        return case_word(name, str(value), t)
    if name in VOICE_WORDS:
        return voice_word(name, str(value), t)
    if name in RELATION_WORDS:
        return relation_word(name, str(value), t)
    if name == "device_kind":
        return str(EquipmentKind(value).label)
    if isinstance(value, bool):
        return t(_("yes")) if value else t(_("no"))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _plain(name: str, value: Any, t: Translate) -> Cell:
    if isinstance(value, bool) or name in ("kind", "outcome", "device_kind", "issue_minute_local"):
        return cell_text(name, value, t)
    plain: Cell = value
    return plain


def _visit(text: str | None) -> UUID | None:
    """The visits of our own journal have ids of their own; those of imported logs do not."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
