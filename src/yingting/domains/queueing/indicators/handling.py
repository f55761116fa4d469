"""How long customers are handled at counters (QUE-04, QUE-39)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from yingting.domains.queueing.indicators.terms import LIMITS_ONLY, STINT_GRAIN, HallTerms, kept
from yingting.indicators.declaring import BetterIs, CaseMix, Indicator, Measure, Merge, Unit
from yingting.indicators.measures import mean, number, only_where, quantile, share_of
from yingting.kernel.words import gettext_noop as _


def _handlings(stints: ir.Table, _terms: HallTerms) -> Measure:
    return number(stints)


def _handled(rows: ir.Table) -> ir.NumericValue:
    """Return the times of served customers, null for all others."""
    return only_where(rows.outcome == "served", rows.handling_s)


def _handling_mean(rows: ir.Table, _terms: HallTerms) -> Measure:
    return mean(_handled(rows))


def _single_mean(rows: ir.Table, _terms: HallTerms) -> Measure:
    return mean(only_where(rows.kind == "single", _handled(rows)))


def _combined_mean(rows: ir.Table, _terms: HallTerms) -> Measure:
    return mean(only_where(rows.kind == "combined", _handled(rows)))


def _handling_median(rows: ir.Table, _terms: HallTerms) -> Measure:
    return quantile(_handled(rows), 0.5)


def _handling_p90(rows: ir.Table, _terms: HallTerms) -> Measure:
    return quantile(_handled(rows), 0.9)


def _handling_within(rows: ir.Table, terms: HallTerms) -> Measure:
    """Share of handlings within the limit of their kind. Rows without a kind are not judged."""
    judged = only_where(rows.kind.isin(["single", "combined"]), _handled(rows))
    limit = ibis.ifelse(rows.kind == "combined", terms.combined_limit_s, terms.single_limit_s)
    return share_of(judged, kept(judged, limit, terms))


_END = ("finished_at",)
_WORK = CaseMix(
    ("business", "kind"),
    _("How long a handling takes depends first on what is handled: who opens lines all day is not slower than who sells cards."),
)  # fmt: skip
_WORK_OF_KIND = CaseMix(("business",), _WORK.why)  # of one kind only

HANDLINGS = Indicator(
    "queueing.handlings", _("Handlings"), Unit.COUNT, "stints", ("outcome",), _handlings, STINT_GRAIN,
    minimum_sample=None, merge=Merge.SUM, moment=("started_at",), source="QUE-01",
    formula=_("Handlings begun at counters; a visit may have several."),
)  # fmt: skip
HANDLING_MEAN = Indicator(
    "queueing.handling_mean", _("Mean service time"), Unit.SECONDS, "stints", ("outcome", "handling_s"),
    _handling_mean, STINT_GRAIN, BetterIs.LOWER, moment=_END, source="QUE-04, QUE-39", case_mix=_WORK,
    formula=_("Time from start to finish of a handling, the mean over handlings of served customers."),
)  # fmt: skip
HANDLING_MEDIAN = Indicator(
    "queueing.handling_median", _("Median service time"), Unit.SECONDS, "stints", ("outcome", "handling_s"),
    _handling_median, STINT_GRAIN, BetterIs.LOWER, merge=Merge.NONE, moment=_END, source="QUE-04, QUE-39",
    formula=_("Time from start to finish of a handling: half of them took no longer."),
)  # fmt: skip
HANDLING_P90 = Indicator(
    "queueing.handling_p90", _("Service time of the slowest tenth (p90)"), Unit.SECONDS, "stints",
    ("outcome", "handling_s"), _handling_p90, STINT_GRAIN, BetterIs.LOWER, merge=Merge.NONE, moment=_END, source="QUE-04, QUE-39",
    formula=_("Time from start to finish of a handling: nine in ten took no longer."),
)  # fmt: skip
HANDLING_WITHIN = Indicator(
    "queueing.handling_within_limit", _("Service times within the limit"), Unit.SHARE, "stints",
    ("outcome", "handling_s", "kind"), _handling_within, STINT_GRAIN, BetterIs.HIGHER, moment=_END, source="QUE-04",
    case_mix=_WORK, without_target=LIMITS_ONLY,
    limits=(_("Only handlings whose kind (single or combined) is known."),),
    formula=_("Handlings that kept the limit of their kind (single or combined), divided by handlings whose kind is known."),
)  # fmt: skip

SINGLE_MEAN = Indicator(
    "queueing.single_mean", _("Mean service time of single business"), Unit.SECONDS, "stints",
    ("outcome", "handling_s", "kind"), _single_mean, STINT_GRAIN, BetterIs.LOWER, target=180, moment=_END, source="QUE-04, QUE-06",
    case_mix=_WORK_OF_KIND,
    formula=_("Time from start to finish, the mean over handlings of one business."),
)  # fmt: skip
COMBINED_MEAN = Indicator(
    "queueing.combined_mean", _("Mean service time of combined business"), Unit.SECONDS, "stints",
    ("outcome", "handling_s", "kind"), _combined_mean, STINT_GRAIN, BetterIs.LOWER, target=300, moment=_END, source="QUE-04",
    case_mix=_WORK_OF_KIND,
    formula=_("Time from start to finish, the mean over handlings of several businesses."),
)  # fmt: skip
HANDLING_INDICATORS = (HANDLINGS, HANDLING_MEAN, HANDLING_MEDIAN, HANDLING_P90, HANDLING_WITHIN)
STINT_INDICATORS = (*HANDLING_INDICATORS, SINGLE_MEAN, COMBINED_MEAN)
