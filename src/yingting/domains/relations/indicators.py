"""The indicators of relations: frequent visitors and their channels, care, entitlements, leads, each with what it is a share of."""

from __future__ import annotations

from collections.abc import Callable

import ibis.expr.types as ir

from yingting.indicators.declaring import BetterIs, Indicator, Measure, Merge, Unit
from yingting.indicators.measures import number, part, share
from yingting.kernel.words import gettext_noop as _

_GRAIN = ("hall", "business_day")
_OURS = _("No standard sets it: each province sets its own.")
_LATER = _("What becomes of it later changes the figure of the day on which it began.")
_REGRESSION = _(
    "Whoever was chosen for many visits comes less often later anyway; compare taught with untaught visitors."
)


def _share(
    key: str, title: str, table: str, needs: tuple[str, ...], hit: Callable[[ir.Table], ir.BooleanValue],
    counted: Callable[[ir.Table], ir.BooleanValue], formula: str, source: str, *, splits: tuple[str, ...] = (),
    better: BetterIs | None = BetterIs.HIGHER, limits: tuple[str, ...] = (_LATER,),
) -> Indicator[None]:  # fmt: skip
    def measured(rows: ir.Table, _terms: None) -> Measure:
        return share(rows, hit(rows), counted(rows))

    return Indicator(
        f"relations.{key}", title, Unit.SHARE, table, needs, measured, (*_GRAIN, *splits), better, formula=formula,
        source=source, limits=limits, without_target=_OURS,
    )  # fmt: skip


def _listed(rows: ir.Table, _terms: None) -> Measure:
    return number(rows)


def _remote(which: str) -> Callable[[ir.Table, None], Measure]:
    def measured(rows: ir.Table, _terms: None) -> Measure:
        return part(rows[f"remote_{which}"], rows[f"visits_{which}"])  # null until the months after are over

    return measured


def _remote_share(which: str, title: str, formula: str) -> Indicator[None]:
    return Indicator(
        f"relations.remote_{which}", title, Unit.SHARE, "frequent_visitors", (f"remote_{which}", f"visits_{which}"),
        _remote(which), (*_GRAIN, "visitor_class", "is_taught"), BetterIs.HIGHER if which == "after" else None, merge=Merge.NONE,
        formula=formula, source="QUE-22", limits=(_LATER, _REGRESSION), without_target=_OURS,
    )  # fmt: skip


LISTED: Indicator[None] = Indicator(
    "relations.frequent_visitors", _("Frequent visitors"), Unit.COUNT, "frequent_visitors", (), _listed,
    (*_GRAIN, "visitor_class", "is_peak"), None, minimum_sample=None, merge=Merge.SUM, source="QUE-23", without_target=_OURS,
    formula=_("Customers who were found to come often on these days, by the rule in force then."),
)  # fmt: skip
FREQUENT_INDICATORS = (
    LISTED,
    _share(
        "frequent_at_peak", _("Frequent visitors who come at peak times"), "frequent_visitors", ("is_peak",),
        lambda rows: rows.is_peak, lambda rows: rows.is_peak.notnull(),
        _("Frequent visitors of peak times, divided by all that were found."), "QUE-24", splits=("visitor_class",), better=None,
    ),
    _share(
        "frequent_taught", _("Frequent visitors who were taught"), "frequent_visitors", ("is_taught",),
        lambda rows: rows.is_taught, lambda rows: rows.is_taught.notnull(),
        _("Frequent visitors whose teaching plan was done, divided by all that were found."), "QUE-22", splits=("visitor_class",),
    ),
    _share(
        "frequent_fewer", _("Frequent visitors who came less often afterwards"), "frequent_visitors",
        ("visits_before", "visits_after"), lambda rows: rows.visits_after < rows.visits_before,
        lambda rows: rows.visits_after.notnull(),
        _("Frequent visitors with fewer visits after the day of comparison than before it, divided by those whose months are over."),
        "QUE-22", splits=("visitor_class", "is_taught"), limits=(_LATER, _REGRESSION),
    ),
    _remote_share(
        "before", _("Own-phone and booked visits of frequent visitors, before"),
        _("Visits with a number from one's own phone or a booking, divided by all visits, in the months before the day of comparison."),
    ),
    _remote_share(
        "after", _("Own-phone and booked visits of frequent visitors, after"),
        _("Visits with a number from one's own phone or a booking, divided by all visits, in the months after the day of comparison."),
    ),
)  # fmt: skip
CARE_INDICATORS = (
    _share(
        "care_given", _("Care given in time"), "tenure_care", ("is_given",), lambda rows: rows.is_given,
        lambda rows: rows.is_given.notnull(),
        _("Acts of care given within their time, divided by those given, left out, or whose time is over."), "CUS-22",
        splits=("tenure", "segment"),
    ),
)  # fmt: skip
GRANT_INDICATORS = (
    _share(
        "entitlements_used", _("Entitlements used"), "entitlements", ("is_used",), lambda rows: rows.is_used,
        lambda rows: rows.is_used.notnull(), _("Entitlements used, divided by those used or over."), "CUS-21",
        splits=("benefit",),
    ),
)  # fmt: skip
STEP_INDICATORS = (
    _share(
        "leads_in_time", _("Leads followed in time"), "lead_steps", ("is_in_time",), lambda rows: rows.is_in_time,
        lambda rows: rows.is_in_time.notnull(),
        _("Contacts of leads on or before the promised day, divided by those done or overdue."), "CUS-26",
        splits=("interest",),
    ),
)  # fmt: skip
