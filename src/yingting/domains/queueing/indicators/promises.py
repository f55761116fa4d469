"""What customers were told, how long they took to the counter, and what they said afterwards: measured on visits."""

from __future__ import annotations

import ibis.expr.types as ir

from yingting.domains.queueing.indicators.terms import VISIT_GRAIN, HallTerms
from yingting.indicators.declaring import BetterIs, CaseMix, Indicator, Measure, Merge, Unit
from yingting.indicators.measures import mean, only_where, quantile, share, share_of
from yingting.kernel.words import gettext_noop as _


def _ways(visits: ir.Table) -> ir.NumericValue:
    return only_where(visits.outcome == "served", visits.way_s)


def _way_mean(visits: ir.Table, _terms: HallTerms) -> Measure:
    return mean(_ways(visits))


def _way_p90(visits: ir.Table, _terms: HallTerms) -> Measure:
    return quantile(_ways(visits), 0.9)


def _error(visits: ir.Table) -> ir.NumericValue:
    """Return the wait minus the middle of what was told, in seconds; null where nothing was told."""
    middle_s = (visits.quoted_low_min + visits.quoted_high_min) * 30
    return only_where(visits.outcome == "served", visits.wait_s - middle_s)


def _quote_error(visits: ir.Table, _terms: HallTerms) -> Measure:
    return mean(_error(visits))


def _quote_kept(visits: ir.Table, _terms: HallTerms) -> Measure:
    low_s, high_s = visits.quoted_low_min * 60, visits.quoted_high_min * 60
    return share_of(_error(visits), (visits.wait_s >= low_s) & (visits.wait_s <= high_s))


def _rating_mean(visits: ir.Table, _terms: HallTerms) -> Measure:
    return mean(visits.rating)


def _rating_good(visits: ir.Table, terms: HallTerms) -> Measure:
    return share_of(visits.rating, visits.rating >= terms.good_from)


def _rating_response(visits: ir.Table, _terms: HallTerms) -> Measure:
    return share(visits, visits.rating.notnull(), visits.rating_asked)


_WAY = ("outcome", "way_s")
_QUOTED = ("outcome", "wait_s", "quoted_low_min", "quoted_high_min")
_ARRIVAL = ("started_at",)
_CALL = ("called_at",)
_END = ("finished_at",)
_OF_FIVE = _("Scores are 1 to 5; a log with another scale must be mapped to it.")
_WITH_COUNTERS = (*VISIT_GRAIN, "counter", "clerk")
_MOOD = CaseMix(
    ("business", "kind"),
    _("Customers score what they came for as well as who served them: cancelling is rated lower than buying, whoever serves."),
)  # fmt: skip

WAY_MEAN = Indicator(
    "queueing.way_mean", _("Mean time from call to counter"), Unit.SECONDS, "visits", _WAY, _way_mean, VISIT_GRAIN,
    BetterIs.LOWER, moment=_ARRIVAL, source="QUE-01",
    formula=_("Time from the last call to the start of the handling, all ways of a visit together, the mean over served customers."),
)  # fmt: skip
WAY_P90 = Indicator(
    "queueing.way_p90", _("Time from call to counter of the slowest tenth (p90)"), Unit.SECONDS, "visits", _WAY,
    _way_p90, VISIT_GRAIN, BetterIs.LOWER, merge=Merge.NONE, moment=_ARRIVAL, source="QUE-01",
    formula=_("Time from the last call to the start of the handling: nine in ten served customers took no longer."),
)  # fmt: skip
QUOTE_ERROR = Indicator(
    "queueing.quote_error", _("Wait against the promise"), Unit.SECONDS, "visits", _QUOTED, _quote_error, VISIT_GRAIN,
    moment=_CALL, source="QUE-01", least=None,
    formula=_("The wait minus the middle of the range on the ticket, the mean over served customers who got a range. "
              "Above zero: they waited longer than they were told."),
    limits=(_("Errors in both directions cancel each other; see the share of promises kept."),),
)  # fmt: skip
QUOTE_KEPT = Indicator(
    "queueing.quote_kept", _("Promises of the wait kept"), Unit.SHARE, "visits", _QUOTED, _quote_kept, VISIT_GRAIN,
    BetterIs.HIGHER, moment=_CALL, source="QUE-01",
    formula=_("Served customers whose wait lay in the range on their ticket, both ends included, divided by those who got a range."),
)  # fmt: skip
RATING_MEAN = Indicator(
    "queueing.rating_mean", _("Mean rating"), Unit.SCORE, "visits", ("rating",), _rating_mean, _WITH_COUNTERS,
    BetterIs.HIGHER, moment=_END, source="SAT-10", limits=(_OF_FIVE,), case_mix=_MOOD,
    formula=_("The mean of customers' scores from 1 to 5, over rated visits."),
)  # fmt: skip
RATING_GOOD = Indicator(
    "queueing.rating_good", _("Good ratings"), Unit.SHARE, "visits", ("rating",), _rating_good, _WITH_COUNTERS,
    BetterIs.HIGHER, moment=_END, source="SAT-10", limits=(_OF_FIVE,), case_mix=_MOOD,
    formula=_("Visits rated 4 or 5, divided by rated visits."),
)  # fmt: skip
RATING_RESPONSE = Indicator(
    "queueing.rating_response", _("Answers to the request for a rating"), Unit.SHARE, "visits",
    ("rating", "rating_asked"), _rating_response, _WITH_COUNTERS, BetterIs.HIGHER, moment=_END, source="SAT-10",
    formula=_("Visits for which a rating was asked and given, divided by visits for which one was asked."),
    limits=(_("Only where the source records that a rating was asked for."),),
)  # fmt: skip
PROMISE_INDICATORS = (WAY_MEAN, WAY_P90, QUOTE_ERROR, QUOTE_KEPT, RATING_MEAN, RATING_GOOD, RATING_RESPONSE)
