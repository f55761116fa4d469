"""The indicators that selling owns: the rate of full combined recommendations (SAL-02), and what customers accepted."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from yingting.indicators.declaring import BetterIs, Indicator, Measure, Unit
from yingting.indicators.measures import only_where, part, share
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class SellingTerms:
    """The switch of the definitions: whether a record that was made up later counts like one made with the customer."""

    late_counts: bool = True


def _four_in_one(rows: ir.Table, terms: SellingTerms) -> Measure:
    due = rows.stand == "required"
    full = rows.is_full if terms.late_counts else rows.is_full & ~rows.is_late
    return share(rows, full, due)


def _acceptance(rows: ir.Table, _terms: SellingTerms) -> Measure:
    return part(rows.accepted, rows.offered)


def _acceptance_by_consent(rows: ir.Table, _terms: SellingTerms) -> Measure:
    """Rows of before the column came have no consent: nobody was known then."""
    known = rows.consent.fill_null("unknown") != "unknown"
    return part(only_where(known, rows.accepted), only_where(known, rows.offered))


_GRAIN = ("hall", "business_day", "clerk")
_END = ("ended_at",)
FOUR_IN_ONE_RATE = Indicator(
    "selling.four_in_one_rate", _("Full combined recommendations"), Unit.SHARE, "recommendations",
    ("stand", "is_full", "is_late"), _four_in_one, _GRAIN, BetterIs.HIGHER, target=1.0, moment=_END, source="SAL-02",
    formula=_("Visits with a full combined recommendation, divided by visits with business where one is required."),
    limits=(
        _("A combination is full when every part was offered or is not suitable for a reason, or the customer's no ended it."),
        _("Visits with business where nothing is recommended, and customers left to the clerk, are not in the denominator."),
    ),
)  # fmt: skip
ACCEPTANCE = Indicator(
    "selling.acceptance", _("Accepted of what was offered"), Unit.SHARE, "recommendations", ("offered", "accepted"),
    _acceptance, _GRAIN, BetterIs.HIGHER, moment=_END, source="SAL-02",
    formula=_("Parts of recommendations that customers accepted, divided by parts that were offered."),
    limits=(_("As the clerk recorded it; contracts are in the operator's own systems."),),
)  # fmt: skip
CONSENTED_ACCEPTANCE = Indicator(
    "selling.acceptance_by_consent", _("Accepted of what was offered, by consent"), Unit.SHARE, "recommendations",
    ("offered", "accepted", "consent"), _acceptance_by_consent, ("hall", "business_day", "clerk", "consent"), BetterIs.HIGHER,
    moment=_END, source="SAL-05, PIPL art. 24",
    formula=_("Parts that known customers accepted, divided by parts that were offered to them; split it by consent."),
    limits=(
        _("Customers whom nobody knows are not in it: see the acceptance of all."),
        _("Who withdrew the consent is offered nothing: such rows were offered before the withdrawal."),
    ),
)  # fmt: skip
INDICATORS = (FOUR_IN_ONE_RATE, ACCEPTANCE, CONSENTED_ACCEPTANCE)
