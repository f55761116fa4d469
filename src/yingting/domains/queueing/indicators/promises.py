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


def _quote_off(visits: ir.Table, _terms: HallTerms) -> Measure:
    return mean(_error(visits).abs())


def _quote_width(visits: ir.Table, _terms: HallTerms) -> Measure:
    return mean(only_where(visits.outcome == "served", visits.quoted_high_min - visits.quoted_low_min) * 60)


def _source(visits: ir.Table) -> ir.NumericValue:
    """Return which model told the range; null where no range was told, or nobody knows by what."""
    return only_where(visits.quoted_high_min.notnull(), visits.quoted_by)


def _quote_by_model(visits: ir.Table, _terms: HallTerms) -> Measure:
    return share_of(_source(visits), visits.quoted_by > 0)


def _quote_kept_by_model(visits: ir.Table, _terms: HallTerms) -> Measure:
    low_s, high_s = visits.quoted_low_min * 60, visits.quoted_high_min * 60
    by_model = only_where(visits.quoted_by > 0, _error(visits))
    return share_of(by_model, (visits.wait_s >= low_s) & (visits.wait_s <= high_s))


def _rating_mean(visits: ir.Table, _terms: HallTerms) -> Measure:
    return mean(visits.rating)


def _rating_good(visits: ir.Table, terms: HallTerms) -> Measure:
    return share_of(visits.rating, visits.rating >= terms.good_from)


def _rating_response(visits: ir.Table, _terms: HallTerms) -> Measure:
    return share(visits, visits.rating.notnull(), visits.rating_asked)


_WAY = ("outcome", "way_s")
_QUOTED = ("outcome", "wait_s", "quoted_low_min", "quoted_high_min")
_BY = ("quoted_low_min", "quoted_high_min", "quoted_by")
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
QUOTE_OFF = Indicator(
    "queueing.quote_off", _("Distance of the wait from the promise"), Unit.SECONDS, "visits", _QUOTED, _quote_off, VISIT_GRAIN,
    BetterIs.LOWER, moment=_CALL, source="QUE-01",
    formula=_("How far the wait lay from the middle of the range on the ticket, earlier or later, the mean over served customers who "
              "got a range."),
    limits=(_("A range that is honest and wide has its middle far from short waits; see its width too."),),
)  # fmt: skip
QUOTE_WIDTH = Indicator(
    "queueing.quote_width", _("Width of the promise"), Unit.SECONDS, "visits", ("outcome", "quoted_low_min", "quoted_high_min"),
    _quote_width, VISIT_GRAIN, BetterIs.LOWER, source="QUE-01",
    formula=_("The highest less the lowest minute of the range on the ticket, the mean over served customers who got one."),
    limits=(_("A narrow range is worth something only where it is kept; see the share of promises kept."),),
)  # fmt: skip
QUOTE_BY_MODEL = Indicator(
    "queueing.quote_by_model", _("Promises by the wait model"), Unit.SHARE, "visits", _BY, _quote_by_model, VISIT_GRAIN,
    BetterIs.HIGHER, source="QUE-01",
    formula=_("Tickets whose range came from the hall's wait model, divided by tickets with a range; the others had a range from "
              "expected handling times alone, because no fresh model was there."),
)  # fmt: skip
QUOTE_KEPT_BY_MODEL = Indicator(
    "queueing.quote_kept_by_model", _("Promises of the wait model kept"), Unit.SHARE, "visits", (*_QUOTED, "quoted_by"),
    _quote_kept_by_model, VISIT_GRAIN, BetterIs.HIGHER, moment=_CALL, source="QUE-01",
    formula=_("As promises of the wait kept, over the tickets whose range came from the hall's wait model."),
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
PROMISE_INDICATORS = (
    WAY_MEAN, WAY_P90, QUOTE_ERROR, QUOTE_KEPT, QUOTE_OFF, QUOTE_WIDTH, QUOTE_BY_MODEL, QUOTE_KEPT_BY_MODEL, RATING_MEAN,
    RATING_GOOD, RATING_RESPONSE,
)  # fmt: skip
