"""The indicators of voices: suggestions, consultations, receipts and compliance, each with what it is a share of."""

from __future__ import annotations

from collections.abc import Callable

import ibis.expr.types as ir

from yingting.indicators.declaring import BetterIs, Indicator, Measure, Merge, Unit
from yingting.indicators.measures import number, share
from yingting.kernel.words import gettext_noop as _

_GRAIN = ("hall", "business_day")
_OURS = _("No standard sets it: each province sets its own.")
_LATER = _("What becomes of it later changes the figure of the day on which it began.")


def _answered(rows: ir.Table) -> ir.BooleanValue:
    return ~rows.is_joined & (rows.judgement != "")


def _adopted(rows: ir.Table) -> ir.BooleanValue:
    return ~rows.is_joined & rows.judgement.isin(("adopted", "partly"))


def _share(
    key: str, title: str, table: str, needs: tuple[str, ...], hit: Callable[[ir.Table], ir.BooleanValue],
    counted: Callable[[ir.Table], ir.BooleanValue], formula: str, source: str, *, splits: tuple[str, ...] = (),
    better: BetterIs | None = BetterIs.HIGHER, target: float | None = None,
) -> Indicator[None]:  # fmt: skip
    def measured(rows: ir.Table, _terms: None) -> Measure:
        return share(rows, hit(rows), counted(rows))

    return Indicator(
        f"voices.{key}", title, Unit.SHARE, table, needs, measured, (*_GRAIN, *splits), better, target=target, formula=formula,
        source=source, limits=(_LATER,), without_target="" if target is not None else _OURS,
    )  # fmt: skip


def _made(rows: ir.Table, _terms: None) -> Measure:
    return number(rows)


MADE: Indicator[None] = Indicator(
    "voices.suggestions", _("Suggestions of staff"), Unit.COUNT, "suggestions", (), _made, (*_GRAIN, "idea"),
    BetterIs.HIGHER, minimum_sample=None, merge=Merge.SUM, source="VOX-01", without_target=_OURS,
    formula=_("All suggestions left, those that were joined to an earlier one among them."),
)  # fmt: skip
ANSWERED_IN_TIME = _share(
    "answered_in_time", _("Suggestions answered in time"), "suggestions", ("is_joined", "is_in_time"),
    lambda rows: rows.is_in_time, lambda rows: ~rows.is_joined & rows.is_in_time.notnull(),
    _("Suggestions answered within their limit, divided by those that were answered or whose limit has run over; without those "
      "joined to an earlier one."),
    "VOX-01", splits=("idea",), target=1.0,
)  # fmt: skip
ADOPTED = _share(
    "adopted", _("Adopted suggestions"), "suggestions", ("is_joined", "judgement"), _adopted, _answered,
    _("Suggestions adopted, wholly or in part, divided by suggestions answered."), "VOX-02", splits=("idea",),
)  # fmt: skip
ADOPTED_MEASURED = _share(
    "adopted_measured", _("Adopted suggestions with a measured effect"), "suggestions",
    ("is_joined", "judgement", "is_measured"), lambda rows: rows.is_measured, _adopted,
    _("Adopted suggestions of which an indicator was compared before and after with cases enough on both sides, divided by adopted ones."),
    "VOX-03", splits=("idea",),
)  # fmt: skip
SUGGESTION_INDICATORS = (MADE, ANSWERED_IN_TIME, ADOPTED, ADOPTED_MEASURED)
CONSULTED_INDICATORS = (
    _share(
        "consulted_answered", _("Participation in consultations"), "consulted", ("is_finished", "stance"),
        lambda rows: rows.stance != "", lambda rows: rows.is_finished,
        _("People who said what they think of a draft, divided by people asked, of consultations that were finished."), "VOX-04",
        splits=("is_front",),
    ),
)  # fmt: skip
RECEIPT_INDICATORS = (
    _share(
        "confirmed_in_time", _("Rules and orders confirmed in time"), "order_receipts", ("is_in_time",),
        lambda rows: rows.is_in_time, lambda rows: rows.is_in_time.notnull(),
        _("Receipts confirmed within the time, divided by those confirmed or whose time is over."), "VOX-08",
        splits=("is_rule",), target=1.0,
    ),
)  # fmt: skip
CHECK_INDICATORS = (
    _share(
        "complied", _("Rules and orders complied with"), "compliance_checks", ("complied",), lambda rows: rows.complied,
        lambda rows: rows.complied.notnull(), _("Checks that found a rule or an order complied with, divided by checks."), "VOX-08",
        splits=("is_rule",), target=1.0,
    ),
)  # fmt: skip
