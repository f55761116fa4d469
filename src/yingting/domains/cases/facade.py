"""What domains above cases may call. Each name is an action or query of cases, said again here so that a border can be seen;
whoever needs more adds it here.
"""

from __future__ import annotations

from yingting.domains.cases.actions.closing import merge, settle
from yingting.domains.cases.actions.customers import Told, tell
from yingting.domains.cases.actions.handling import fill, move
from yingting.domains.cases.actions.registering import Intake, enter, register
from yingting.domains.cases.actions.remedies import Plan, set_remedy
from yingting.domains.cases.actions.repeating import once
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.matters import (
    AboutStaff,
    DayCount,
    MatterLine,
    Said,
    Taken,
    about_staff,
    counts_by_day,
    lines_between,
    lines_of,
    parts_taken,
    said_and_classified,
    said_between,
    said_in,
    same_customers,
    suggestions_taken,
)
from yingting.domains.cases.queries.moments import house_now, now_at, now_for
from yingting.domains.cases.queries.of_customers import Answered, CustomerCase, answers_between, cases_of_phones
from yingting.domains.cases.queries.page import ClockTold, clocks_of
from yingting.domains.cases.queries.people import holder_of_post, unit_at
from yingting.domains.cases.queries.quoting import CaseQuoted, case_path, quotes_of, units_of_cases
from yingting.domains.cases.queries.rules_in_force import CATEGORIES, CHANNELS, PROCESS, rule_of
from yingting.domains.cases.queries.warnings import WARNINGS, Warned
from yingting.domains.cases.refusals import UNKNOWN as CASE_UNKNOWN
from yingting.domains.cases.rules.around import line_of
from yingting.domains.cases.rules.processes import COMPLAINING

__all__ = [
    "CASE_UNKNOWN", "CATEGORIES", "CHANNELS", "COMPLAINING", "PROCESS",
    "WARNINGS", "AboutStaff", "Answered", "CaseQuoted", "ClockTold", "CustomerCase", "DayCount", "Intake", "MatterLine",
    "Plan", "Said", "Taken", "Told", "Warned", "about_staff", "answers_between", "case_path", "cases_of_phones",
    "clocks_of", "counts_by_day", "enter", "fill",
    "holder_of_post", "house_now",
    "line_of", "lines_between", "lines_of", "merge", "move", "now_at", "now_for", "once", "parts_taken", "process_of",
    "quotes_of", "register", "rule_of",
    "said_and_classified", "said_between", "said_in", "same_customers", "set_remedy", "settle", "suggestions_taken", "tell", "unit_at",
    "units_of_cases",
]  # fmt: skip
