"""What parts above may call: who may be rostered, the shifts of a hall, and its rosters, read and written."""

from __future__ import annotations

from yingting.domains.shifts.actions.drafting import draft_roster, set_cell
from yingting.domains.shifts.actions.publishing import publish_roster
from yingting.domains.shifts.actions.wishing import answer_wish
from yingting.domains.shifts.contracts import Cell, PlanningTerms, RosterView, ShiftTemplate, StaffMember, WishLine
from yingting.domains.shifts.queries.rosters import (
    last_duty_ends,
    licence_of,
    planning_terms,
    roster_of,
    rosters_of,
    shift_templates,
)
from yingting.domains.shifts.queries.staff import staff_of
from yingting.domains.shifts.refusals import CHANGED
from yingting.domains.shifts.rules import publish_by

__all__ = [
    "CHANGED",
    "Cell",
    "PlanningTerms",
    "RosterView",
    "ShiftTemplate",
    "StaffMember",
    "WishLine",
    "answer_wish",
    "draft_roster",
    "last_duty_ends",
    "licence_of",
    "planning_terms",
    "publish_by",
    "publish_roster",
    "roster_of",
    "rosters_of",
    "set_cell",
    "shift_templates",
    "staff_of",
]
