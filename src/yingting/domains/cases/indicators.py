"""The indicators of cases: declared once, for live and imported cases alike.

A complaint is a case of the kinds complaint and appeal. What a case became later counts for the day on which it was
registered: the days of a month that is over may still get better or worse. A case that another system closed before it came
here ("closed elsewhere") has passed no gate of ours and is told apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from yingting.indicators.declaring import BetterIs, Indicator, Measure, Merge, Unit
from yingting.indicators.measures import mean, number, quantile, share
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class CaseTerms:
    """The switch of the definitions: from which mark on a customer counts as satisfied."""

    satisfied_from: int = 4


Of = Callable[[ir.Table, CaseTerms], Measure]
OPEN, CLOSED, ELSEWHERE = "open", "closed", "elsewhere"
TEN_THOUSAND = 10_000
_GRAIN = ("hall", "business_day", "case_kind", "process", "case_channel", "category", "severity", "clerk")


def _first(rows: ir.Table) -> ir.BooleanValue:
    """The row of a case as such: its first round."""
    return rows.cycle == 1


def _complaints(rows: ir.Table) -> ir.BooleanValue:
    return _first(rows) & rows.is_complaint


def _ended(rows: ir.Table) -> ir.BooleanValue:
    """Rounds that came to a close: not withdrawn, out of scope or merged into another case, nor still open."""
    return rows.outcome.isin((CLOSED, ELSEWHERE))


def _registered(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return number(rows, _first(rows))


def _complaint_number(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return number(rows, _complaints(rows))


def _violations(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return number(rows, _first(rows) & (rows.case_kind == "violation"))


def _elsewhere(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return number(rows, rows.outcome == ELSEWHERE)


def _first_contact(rows: ir.Table, _terms: CaseTerms) -> Measure:
    solved = rows.is_last & (rows.result == "solved") & (rows.handovers == 0)
    return share(rows, solved, _complaints(rows) & _ended(rows))


def _repeat(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return share(rows, rows.is_repeat, _complaints(rows))


def _reopened(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return share(rows, ~rows.is_last, _ended(rows))


def _escalated(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return share(rows, rows.is_escalated, rows.is_complaint)


def _outside(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return share(rows, rows.is_outside, _complaints(rows))


def _closed_loop(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return share(rows, rows.outcome == CLOSED, _ended(rows) | (rows.outcome == OPEN))


def _natural(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return mean(rows.natural_s)


def _natural_median(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return quantile(rows.natural_s, 0.5)


def _working(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return mean(rows.working_s)


def _bounce(rows: ir.Table, _terms: CaseTerms) -> Measure:
    """The hand-overs of all rounds over the cases: a reopened case is one case."""
    cases = rows.count(where=_first(rows))
    return Measure(rows.handovers.sum() / cases.nullif(0), cases)


def _conversion(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return share(rows, rows.became_complaint, _first(rows) & (rows.case_kind == "grumble"))


def _count(
    key: str, title: str, of: Of, needs: tuple[str, ...], formula: str, source: str, better: BetterIs | None = None
) -> Indicator[CaseTerms]:
    return Indicator(
        f"cases.{key}", title, Unit.COUNT, "cases", needs, of, _GRAIN, better, minimum_sample=None, merge=Merge.SUM,
        moment=("received_at",), formula=formula, source=source,
        without_target=_("A low number may as well mean that complaints are not written down."),
    )  # fmt: skip


_LATER = _("What becomes of a case later changes the figure of the day on which it was registered.")
_OURS = _("No standard sets it: each province sets its own.")
REGISTERED = _count(
    "registered", _("Cases"), _registered, ("cycle",), _("All cases written down, of every kind."), "CMP-01, CMP-06"
)
COMPLAINTS = _count(
    "complaints", _("Complaints"), _complaint_number, ("cycle", "is_complaint"),
    _("Cases of the kinds complaint and appeal."), "CMP-34", BetterIs.LOWER,
)  # fmt: skip
VIOLATIONS = _count(
    "violations", _("Violation cases"), _violations, ("cycle", "case_kind"), _("Cases of the kind violation."), "PRF-08",
    BetterIs.LOWER,
)  # fmt: skip
CLOSED_ELSEWHERE = _count(
    "closed_elsewhere", _("Closed elsewhere"), _elsewhere, ("outcome",),
    _("Cases that came from a list of another system, which had closed them without what our gate asks for."), "CMP-18",
)  # fmt: skip
FIRST_CONTACT = Indicator(
    "cases.first_contact", _("First-contact resolution"), Unit.SHARE, "cases",
    ("cycle", "is_complaint", "outcome", "result", "handovers", "is_last"), _first_contact, _GRAIN, BetterIs.HIGHER,
    moment=("closed_at",), source="CMP-23, CMP-29", without_target=_OURS, limits=(_LATER,),
    formula=_("Complaints that were solved without ever being passed on or reopened, divided by complaints that were closed."),
)  # fmt: skip
REPEAT = Indicator(
    "cases.repeat_rate", _("Repeated complaints"), Unit.SHARE, "cases", ("cycle", "is_complaint", "is_repeat"), _repeat,
    _GRAIN, BetterIs.LOWER, moment=("received_at",), source="CMP-16, CMP-34", without_target=_OURS,
    formula=_("Complaints that are linked as the repeat of an earlier case of the same customer, divided by complaints."),
    limits=(_("Only where the customer left a telephone number, or somebody saw that it repeats another."),),
)  # fmt: skip
REOPENED = Indicator(
    "cases.reopen_rate", _("Reopened cases"), Unit.SHARE, "cases", ("outcome", "is_last"), _reopened, _GRAIN,
    BetterIs.LOWER, moment=("closed_at",), source="CMP-04, CMP-18", without_target=_OURS, limits=(_LATER,),
    formula=_("Closings after which the case was opened again, divided by closings."),
)  # fmt: skip
ESCALATED = Indicator(
    "cases.escalation_rate", _("Escalated complaints"), Unit.SHARE, "cases", ("is_complaint", "is_escalated"), _escalated,
    _GRAIN, BetterIs.LOWER, moment=("received_at",), source="CMP-20, CMP-25", without_target=_OURS, limits=(_LATER,),
    formula=_("Complaints of which a level above their own unit had to be told, divided by complaints; each reopening counts anew."),
)  # fmt: skip
OUTSIDE = Indicator(
    "cases.outside_rate", _("Complaints from outside"), Unit.SHARE, "cases", ("cycle", "is_complaint", "is_outside"),
    _outside, _GRAIN, BetterIs.LOWER, moment=("received_at",), source="CMP-15", without_target=_OURS,
    formula=_("Complaints that came from a regulator, a consumer association or the media, divided by complaints."),
    limits=(_("Which channels are outside is said in the rule of channels."),),
)  # fmt: skip
CLOSED_LOOP = Indicator(
    "cases.closed_loop_rate", _("Closed-loop rate"), Unit.SHARE, "cases", ("outcome",), _closed_loop, _GRAIN,
    BetterIs.HIGHER, target=1.0, moment=("opened_at",), source="CMP-18", limits=(_LATER,),
    formula=_("Cases closed with everything the gate asks for, divided by all cases not withdrawn, out of scope or merged; "
              "each reopening counts anew."),
)  # fmt: skip
_DURATION = (_LATER, _("Reopened cases count from the first receipt to the last close."),
             _("Cases whose end is not known from the list that they came by are left out."))  # fmt: skip
HANDLING_NATURAL = Indicator(
    "cases.handling_natural", _("Handling time of cases"), Unit.SECONDS, "cases", ("natural_s",), _natural, _GRAIN,
    BetterIs.LOWER, moment=("closed_at",), source="CMP-03, CMP-05", without_target=_OURS, limits=_DURATION,
    formula=_("Time from the receipt to the close, by the clock on the wall, the mean over closed cases."),
)  # fmt: skip
HANDLING_MEDIAN = Indicator(
    "cases.handling_median", _("Median handling time of cases"), Unit.SECONDS, "cases", ("natural_s",), _natural_median,
    _GRAIN, BetterIs.LOWER, merge=Merge.NONE, moment=("closed_at",), source="CMP-03", without_target=_OURS, limits=_DURATION,
    formula=_("Time from the receipt to the close, by the clock on the wall: half of the closed cases took no longer."),
)  # fmt: skip
HANDLING_WORKING = Indicator(
    "cases.handling_working", _("Handling time in working hours"), Unit.SECONDS, "cases", ("working_s",), _working, _GRAIN,
    BetterIs.LOWER, moment=("closed_at",), source="CMP-03, CMP-19", without_target=_OURS, limits=_DURATION,
    formula=_("Working time of the unit between the receipt and the close, the mean over closed cases."),
)  # fmt: skip
BOUNCE = Indicator(
    "cases.bounce", _("Hand-overs per case"), Unit.SCORE, "cases", ("cycle", "handovers"), _bounce, _GRAIN, BetterIs.LOWER,
    moment=("opened_at",), source="ORG-10, CMP-28", without_target=_OURS, limits=(_LATER,),
    formula=_("Hand-overs, accepted or declined, and owners named by a superior, divided by cases."),
)  # fmt: skip
CONVERSION = Indicator(
    "cases.grumble_to_complaint", _("Grumbles that became complaints"), Unit.SHARE, "cases",
    ("cycle", "case_kind", "became_complaint"), _conversion, _GRAIN, BetterIs.LOWER, moment=("received_at",),
    source="CMP-31", without_target=_OURS, limits=(_LATER,),
    formula=_("Grumbles from which a complaint grew, divided by grumbles."),
)  # fmt: skip
CASE_INDICATORS = (
    REGISTERED, COMPLAINTS, VIOLATIONS, CLOSED_ELSEWHERE, FIRST_CONTACT, REPEAT, REOPENED, ESCALATED, OUTSIDE, CLOSED_LOOP,
    HANDLING_NATURAL, HANDLING_MEDIAN, HANDLING_WORKING, BOUNCE, CONVERSION,
)  # fmt: skip


# ---------------------------------------------------------------------------------------------- steps


def _step_natural(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return mean(rows.natural_s)


def _step_working(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return mean(rows.working_s)


def _step_timely(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return share(rows, ~rows.is_late, rows.is_late.notnull())


_STEP_GRAIN = (*_GRAIN, "step", "role")
STEP_NATURAL = Indicator(
    "cases.step_natural", _("Lead time of a step"), Unit.SECONDS, "case_steps", ("natural_s",), _step_natural, _STEP_GRAIN,
    BetterIs.LOWER, moment=("left_at",), source="ORG-32", without_target=_OURS,
    formula=_("Time from entering a step to leaving it, by the clock on the wall, the mean over stays that have ended."),
)  # fmt: skip
STEP_WORKING = Indicator(
    "cases.step_working", _("Lead time of a step in working hours"), Unit.SECONDS, "case_steps", ("working_s",),
    _step_working, _STEP_GRAIN, BetterIs.LOWER, moment=("left_at",), source="ORG-32", without_target=_OURS,
    formula=_("Working time of the unit between entering and leaving a step, the mean over stays that have ended."),
)  # fmt: skip
STEP_TIMELY = Indicator(
    "cases.step_timely", _("Steps within their limit"), Unit.SHARE, "case_steps", ("is_late",), _step_timely, _STEP_GRAIN,
    BetterIs.HIGHER, target=1.0, moment=("left_at",), source="ORG-12, ORG-32",
    formula=_("Stays in a step that ended by its due moment, divided by stays that have ended."),
)  # fmt: skip
STEP_INDICATORS = (STEP_NATURAL, STEP_WORKING, STEP_TIMELY)


# --------------------------------------------------------------------------------------------- clocks


def _kept_of(which: Callable[[ir.Table], ir.BooleanValue]) -> Of:
    def measured(rows: ir.Table, _terms: CaseTerms) -> Measure:
        counted = (rows["sort"] == "rule") & rows.is_kept.notnull() & which(rows)
        return share(rows, rows.is_kept, counted)

    return measured


def _timely(
    key: str, title: str, which: Callable[[ir.Table], ir.BooleanValue], formula: str, source: str
) -> Indicator[CaseTerms]:
    return Indicator(
        f"cases.{key}", title, Unit.SHARE, "case_clocks", ("sort", "is_kept", "is_legal", "is_answer"), _kept_of(which),
        (*_GRAIN, "code"), BetterIs.HIGHER, target=1.0, moment=("breached_at", "stopped_at"), formula=formula, source=source,
        limits=(_("A clock that ran over counts as late from that moment on; one that runs within its limit counts when it ends."), _LATER),
    )  # fmt: skip


TIMELY_ANSWER = _timely(
    "timely_answer", _("Answered in time"), lambda rows: rows.is_answer,
    _("Clocks that end when the answer has reached the customer and were kept, divided by those that ended or ran over."),
    "CMP-03, CMP-19",
)  # fmt: skip
TIMELY_LEGAL = _timely(
    "timely_legal", _("Legal limits kept"), lambda rows: rows.is_legal,
    _("Clocks set by law that were kept, divided by those that ended or ran over."), "CMP-10, CMP-19",
)  # fmt: skip
TIMELY_INNER = _timely(
    "timely_inner", _("Limits of the house kept"), lambda rows: ~rows.is_legal,
    _("Clocks of the operator's own rules that were kept, divided by those that ended or ran over."), "CMP-03, CMP-19",
)  # fmt: skip
CLOCK_INDICATORS = (TIMELY_ANSWER, TIMELY_LEGAL, TIMELY_INNER)


# ----------------------------------------------------------------------------- promises and call backs


def _promise_kept(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return share(rows, rows.is_kept, rows.is_kept.notnull())


PROMISE_KEPT = Indicator(
    "cases.promise_kept", _("Promises kept"), Unit.SHARE, "case_promises", ("is_kept",), _promise_kept, _GRAIN,
    BetterIs.HIGHER, target=1.0, moment=("due_at",), source="CMP-24, CMP-30",
    formula=_("Promises whose answer reached the customer in time, divided by promises that were kept or have run over."),
)  # fmt: skip
PROMISE_INDICATORS = (PROMISE_KEPT,)


def _satisfied(rows: ir.Table, terms: CaseTerms) -> Measure:
    return share(rows, rows.satisfied >= terms.satisfied_from, rows.satisfied.notnull())


def _solved_as(said: str) -> Of:
    def measured(rows: ir.Table, _terms: CaseTerms) -> Measure:
        return share(rows, rows.solved == said, rows.reached & (rows.solved != ""))

    return measured


def _call_share(
    key: str, title: str, of: Of, needs: tuple[str, ...], better: BetterIs | None, formula: str
) -> Indicator[CaseTerms]:
    return Indicator(
        f"cases.{key}", title, Unit.SHARE, "case_calls", needs, of, (*_GRAIN, "band"), better, moment=("at",),
        source="CMP-04, CMP-26", without_target=_OURS, formula=formula,
    )  # fmt: skip


SATISFIED = _call_share(
    "satisfied", _("Satisfied with the handling"), _satisfied, ("satisfied",), BetterIs.HIGHER,
    _("Call backs with a mark that counts as satisfied, divided by call backs with a mark."),
)  # fmt: skip
SOLVED = _call_share(
    "solved", _("Solved, says the customer"), _solved_as("yes"), ("reached", "solved"), BetterIs.HIGHER,
    _("Customers who said at the call back that it is solved, divided by those who said anything about it."),
)  # fmt: skip
PARTLY_SOLVED = _call_share(
    "partly_solved", _("Partly solved, says the customer"), _solved_as("partly"), ("reached", "solved"), None,
    _("Customers who said at the call back that it is partly solved, divided by those who said anything about it."),
)  # fmt: skip
CALL_INDICATORS = (SATISFIED, SOLVED, PARTLY_SOLVED)


# ------------------------------------------------------------------------------------------ per visits


def complaints_beside_visits(cases: ir.Table, visits: ir.Table) -> ir.Table:
    """Return a row for each complaint and each visit served, so that both are counted over the same halls and days."""
    complained = cases.filter(_complaints(cases)).select(
        "hall", "business_day", is_complaint=ibis.literal(value=True), is_visit=ibis.literal(value=False)
    )
    served = visits.filter(visits.outcome == "served").select(
        "hall", "business_day", is_complaint=ibis.literal(value=False), is_visit=ibis.literal(value=True)
    )
    return complained.union(served)


def _per_visits(rows: ir.Table, _terms: CaseTerms) -> Measure:
    visits = rows.count(where=rows.is_visit)
    return Measure(rows.count(where=rows.is_complaint) * TEN_THOUSAND / visits.nullif(0), visits)


PER_VISITS = Indicator(
    "cases.per_ten_thousand_visits", _("Complaints per ten thousand visits"), Unit.SCORE, "complaints_and_visits",
    ("is_complaint", "is_visit"), _per_visits, ("hall", "business_day"), BetterIs.LOWER, minimum_sample=1000,
    source="CMP-34", without_target=_OURS,
    formula=_("Complaints, divided by visits that were served, times ten thousand."),
    limits=(_("Complaints about matters outside the hall count for the unit that they are written down at."),),
)  # fmt: skip
VISIT_INDICATORS = (PER_VISITS,)


# ------------------------------------------------------------------------------- at the end of a period


def _open_number(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return number(rows)


def _open_age(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return mean(rows.age_s)


def _open_late(rows: ir.Table, _terms: CaseTerms) -> Measure:
    return share(rows, rows.is_late, rows.is_late.notnull())


_AT_END = (_("Counted at the end of the last day."),)
OPEN_CASES = Indicator(
    "cases.open", _("Open cases"), Unit.COUNT, "open_cases", (), _open_number, ("hall", "group"), BetterIs.LOWER,
    minimum_sample=None, merge=Merge.NONE, source="CMP-03", without_target=_OURS, limits=_AT_END,
    formula=_("Cases that were registered by then and not closed yet."),
)  # fmt: skip
OPEN_AGE = Indicator(
    "cases.open_age", _("Age of open cases"), Unit.SECONDS, "open_cases", ("age_s",), _open_age, ("hall", "group"),
    BetterIs.LOWER, merge=Merge.NONE, source="CMP-03", without_target=_OURS, limits=_AT_END,
    formula=_("Time since their receipt, the mean over the cases that are open."),
)  # fmt: skip
OPEN_LATE = Indicator(
    "cases.open_overdue", _("Overdue of open cases"), Unit.SHARE, "open_cases", ("is_late",), _open_late,
    ("hall", "group"), BetterIs.LOWER, target=0.0, merge=Merge.NONE, source="CMP-03, CMP-30", limits=_AT_END,
    formula=_("Open cases of which a limit or a promise had run over, divided by open cases."),
)  # fmt: skip
OPEN_INDICATORS = (OPEN_CASES, OPEN_AGE, OPEN_LATE)


# ------------------------------------------------------------------------------------------- per users


def _per_users(rows: ir.Table, _terms: CaseTerms) -> Measure:
    """Measure all complaints over all users. A month or a unit whose users are not entered leaves nothing to rate."""
    known = rows.users.isnull().sum() == 0
    users = rows.users.sum()
    value = rows.complaints.sum() * TEN_THOUSAND / users.nullif(0)
    return Measure(ibis.ifelse(known, value, ibis.null("float64")), users.fill_null(0))


PER_USERS = Indicator(
    "cases.per_ten_thousand_users", _("Complaints per ten thousand users"), Unit.SCORE, "user_months",
    ("complaints", "users"), _per_users, ("group", "month"), BetterIs.LOWER, minimum_sample=1, merge=Merge.NONE,
    source="CMP-34", without_target=_OURS,
    formula=_("Complaints in whole months, divided by the users entered for these months, times ten thousand."),
    limits=(_("Only for whole months, and only for units whose users are entered for every month."),),
)  # fmt: skip
USER_INDICATORS = (PER_USERS,)
