"""Waits, and what became of visits: declared once, used everywhere.

Rules that hold unless a switch of `HallTerms` says otherwise (QUE-02, QUE-03, QUE-04; waits in Chinese halls: 达标率):
a wait of exactly the limit keeps it; a customer who left is not in the denominator; a transfer does not restart
the wait. Waits are those of served customers; no-shows are counted, never timed.
"""

from __future__ import annotations

import ibis.expr.types as ir

from yingting.domains.queueing.indicators.terms import LIMITS_ONLY, VISIT_GRAIN, HallTerms, kept
from yingting.indicators.declaring import BetterIs, CaseMix, Indicator, Measure, Merge, Unit
from yingting.indicators.measures import mean, number, of_whole, only_where, quantile, share, share_of
from yingting.kernel.words import gettext_noop as _


def waited_s(visits: ir.Table, terms: HallTerms) -> ir.FloatingValue:
    """Return the wait in seconds that counts under these terms."""
    return visits.wait_last_s if terms.transfer_restarts_wait else visits.wait_s


def _waits(visits: ir.Table, terms: HallTerms) -> ir.NumericValue:
    """Return the waits that are judged, null for all others."""
    return only_where(visits.outcome == "served", waited_s(visits, terms))


def _tickets(visits: ir.Table, _terms: HallTerms) -> Measure:
    return number(visits)


def _served(visits: ir.Table, _terms: HallTerms) -> Measure:
    return number(visits, visits.outcome == "served")


def _abandonment(visits: ir.Table, _terms: HallTerms) -> Measure:
    """Where no source records leaving, there is nothing to rate."""
    left = visits.count(where=(visits.outcome == "abandoned") & visits.abandonment_recorded)
    return of_whole(left, visits.count(where=(visits.outcome != "open") & visits.abandonment_recorded))


def _no_show(visits: ir.Table, _terms: HallTerms) -> Measure:
    return of_whole(visits.count(where=visits.outcome == "no_show"), visits.count(where=visits.outcome != "open"))


def _wait_mean(visits: ir.Table, terms: HallTerms) -> Measure:
    return mean(_waits(visits, terms))


def _wait_median(visits: ir.Table, terms: HallTerms) -> Measure:
    return quantile(_waits(visits, terms), 0.5)


def _wait_p90(visits: ir.Table, terms: HallTerms) -> Measure:
    return quantile(_waits(visits, terms), 0.9)


def _wait_longest(visits: ir.Table, terms: HallTerms) -> Measure:
    waits = _waits(visits, terms)
    return Measure(waits.max(), waits.count())


def _share_within(limit_s: float, visits: ir.Table, terms: HallTerms) -> Measure:
    waits = _waits(visits, terms)
    within = kept(waits, limit_s, terms)
    if terms.abandoned_in_denominator:
        return share(visits, within, waits.notnull() | (visits.outcome == "abandoned"))
    return share_of(waits, within)


def _within_limit(visits: ir.Table, terms: HallTerms) -> Measure:
    return _share_within(terms.wait_limit_s, visits, terms)


def _within_challenge(visits: ir.Table, terms: HallTerms) -> Measure:
    return _share_within(terms.wait_challenge_s, visits, terms)


_WAIT = ("outcome", "wait_s", "wait_last_s")
_CALL = ("called_at",)
_END = ("left_at", "finished_at")
_PROMISE = CaseMix(
    why=_("The promise of the wait is the same for every business, and who waits for what is decided by the hall: queues, "
          "counters and rosters are its own."),
)  # fmt: skip

TICKETS = Indicator(
    "queueing.tickets", _("Tickets"), Unit.COUNT, "visits", ("outcome",), _tickets, VISIT_GRAIN, minimum_sample=None,
    merge=Merge.SUM, moment=("issued_at",), source="QUE-01",
    formula=_("All tickets issued."),
)  # fmt: skip
SERVED = Indicator(
    "queueing.served", _("Served"), Unit.COUNT, "visits", ("outcome",), _served, VISIT_GRAIN, minimum_sample=None,
    merge=Merge.SUM, moment=("finished_at",), source="QUE-01",
    formula=_("Tickets that were finished at a counter."),
)  # fmt: skip
ABANDONMENT = Indicator(
    "queueing.abandonment", _("Abandonment rate"), Unit.SHARE, "visits", ("outcome", "abandonment_recorded"),
    _abandonment, VISIT_GRAIN, BetterIs.LOWER, moment=_END, source="QUE-01",
    limits=(_("Only where the source records customers who leave."),), case_mix=_PROMISE,
    without_target=_("No standard says how many customers may leave (QUE-01 asks to record them): each province sets its own."),
    formula=_("Customers who left while they waited, divided by all tickets that have ended."),
)  # fmt: skip
NO_SHOW = Indicator(
    "queueing.no_show", _("No-show rate"), Unit.SHARE, "visits", ("outcome",), _no_show, VISIT_GRAIN, BetterIs.LOWER,
    moment=_END, source="QUE-01",
    formula=_("Tickets called without anybody coming, divided by all tickets that have ended."),
)  # fmt: skip
WAIT_MEAN = Indicator(
    "queueing.wait_mean", _("Mean wait"), Unit.SECONDS, "visits", _WAIT, _wait_mean, VISIT_GRAIN, BetterIs.LOWER,
    target=600, challenge=480, moment=_CALL, source="QUE-02, QUE-03", case_mix=_PROMISE,
    formula=_("Time from the ticket to its first call, the mean over served customers."),
)  # fmt: skip
WAIT_MEDIAN = Indicator(
    "queueing.wait_median", _("Median wait"), Unit.SECONDS, "visits", _WAIT, _wait_median, VISIT_GRAIN,
    BetterIs.LOWER, merge=Merge.NONE, moment=_CALL, source="QUE-02",
    formula=_("Time from the ticket to its first call: half of the served customers waited no longer."),
)  # fmt: skip
WAIT_P90 = Indicator(
    "queueing.wait_p90", _("Wait of the slowest tenth (p90)"), Unit.SECONDS, "visits", _WAIT, _wait_p90, VISIT_GRAIN,
    BetterIs.LOWER, merge=Merge.NONE, moment=_CALL, source="QUE-02", limits=(_("Exact quantile, interpolated between neighbours."),),
    formula=_("Time from the ticket to its first call: nine in ten served customers waited no longer."),
)  # fmt: skip
WAIT_LONGEST = Indicator(
    "queueing.wait_longest", _("Longest wait"), Unit.SECONDS, "visits", _WAIT, _wait_longest, VISIT_GRAIN,
    BetterIs.LOWER, minimum_sample=None, merge=Merge.MAX, moment=_CALL, source="QUE-02",
    formula=_("The longest time from a ticket to its first call, of served customers."),
)  # fmt: skip
WITHIN_LIMIT = Indicator(
    "queueing.wait_within_limit", _("Waits within the limit"), Unit.SHARE, "visits", _WAIT, _within_limit,
    VISIT_GRAIN, BetterIs.HIGHER, moment=_CALL, source="QUE-02", case_mix=_PROMISE, without_target=LIMITS_ONLY,
    formula=_("Served customers whose wait kept the limit, divided by served customers. A wait of exactly the limit keeps it."),
)  # fmt: skip
WITHIN_CHALLENGE = Indicator(
    "queueing.wait_within_challenge", _("Waits within the challenge"), Unit.SHARE, "visits", _WAIT, _within_challenge,
    VISIT_GRAIN, BetterIs.HIGHER, moment=_CALL, source="QUE-02", case_mix=_PROMISE, without_target=LIMITS_ONLY,
    formula=_("Served customers whose wait kept the challenge value, divided by served customers. A wait of exactly that value keeps it."),
)  # fmt: skip
WAITING_INDICATORS = (
    TICKETS, SERVED, ABANDONMENT, NO_SHOW, WAIT_MEAN, WAIT_MEDIAN, WAIT_P90, WAIT_LONGEST, WITHIN_LIMIT,
    WITHIN_CHALLENGE,
)  # fmt: skip
