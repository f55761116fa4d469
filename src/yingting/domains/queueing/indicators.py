"""The indicators that queueing owns: waits, service times, abandonment. Declared once, used everywhere.

Rules that hold unless a switch of `HallTerms` says otherwise (QUE-02, QUE-03, QUE-04; waits in Chinese halls: 达标率):
a wait of exactly the limit keeps it; a customer who left is not in the denominator; a transfer does not restart
the wait. Waits are those of served customers; no-shows are counted, never timed.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from yingting.indicators.declaring import BetterIs, Indicator, Measure, Merge, Unit
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class HallTerms:
    """The switches of the definitions. Limits in seconds; sources: QUE-02 (10 and 8 min), QUE-04 (3 and 5 min)."""

    wait_limit_s: float = 600
    wait_challenge_s: float = 480
    limit_itself_keeps: bool = True
    abandoned_in_denominator: bool = False
    transfer_restarts_wait: bool = False
    single_limit_s: float = 180
    combined_limit_s: float = 300
    minimum_sample: int = 30


HallIndicator = Indicator[HallTerms]


def waited_s(visits: ir.Table, terms: HallTerms) -> ir.FloatingValue:
    """Return the wait in seconds that counts under these terms."""
    return visits.wait_last_s if terms.transfer_restarts_wait else visits.wait_s


def _waits(visits: ir.Table, terms: HallTerms) -> tuple[ir.FloatingValue, ir.BooleanValue]:
    wait = waited_s(visits, terms)
    return wait, (visits.outcome == "served") & wait.notnull()


def _tickets(visits: ir.Table, _terms: HallTerms) -> Measure:
    return Measure(visits.count(), visits.count())


def _served(visits: ir.Table, _terms: HallTerms) -> Measure:
    served = visits.count(where=visits.outcome == "served")
    return Measure(served, served)


def _share_of_ended(outcome: str, visits: ir.Table) -> Measure:
    ended = visits.outcome != "open"
    return Measure((visits.outcome == outcome).cast("float64").mean(where=ended), visits.count(where=ended))


def _abandonment(visits: ir.Table, _terms: HallTerms) -> Measure:
    """Measure abandoned over ended visits. Where no source records leaving, there is nothing to rate."""
    known = (visits.outcome != "open") & visits.abandonment_recorded
    return Measure((visits.outcome == "abandoned").cast("float64").mean(where=known), visits.count(where=known))


def _no_show(visits: ir.Table, _terms: HallTerms) -> Measure:
    return _share_of_ended("no_show", visits)


def _wait_mean(visits: ir.Table, terms: HallTerms) -> Measure:
    wait, counted = _waits(visits, terms)
    return Measure(wait.mean(where=counted), visits.count(where=counted), (wait * wait).mean(where=counted))


def _wait_median(visits: ir.Table, terms: HallTerms) -> Measure:
    wait, counted = _waits(visits, terms)
    return Measure(wait.quantile(0.5, where=counted), visits.count(where=counted))


def _wait_p90(visits: ir.Table, terms: HallTerms) -> Measure:
    wait, counted = _waits(visits, terms)
    return Measure(wait.quantile(0.9, where=counted), visits.count(where=counted))


def _wait_longest(visits: ir.Table, terms: HallTerms) -> Measure:
    wait, counted = _waits(visits, terms)
    return Measure(wait.max(where=counted), visits.count(where=counted))


def _share_within(limit_s: float, visits: ir.Table, terms: HallTerms) -> Measure:
    wait, counted = _waits(visits, terms)
    kept = (wait <= limit_s) if terms.limit_itself_keeps else (wait < limit_s)
    if terms.abandoned_in_denominator:
        left = visits.outcome == "abandoned"
        counted, kept = counted | left, kept & ~left
    return Measure(ibis.coalesce(kept, False).cast("float64").mean(where=counted), visits.count(where=counted))


def _within_limit(visits: ir.Table, terms: HallTerms) -> Measure:
    return _share_within(terms.wait_limit_s, visits, terms)


def _within_challenge(visits: ir.Table, terms: HallTerms) -> Measure:
    return _share_within(terms.wait_challenge_s, visits, terms)


def _handlings(stints: ir.Table, _terms: HallTerms) -> Measure:
    return Measure(stints.count(), stints.count())


def _handled(rows: ir.Table) -> ir.BooleanValue:
    return (rows.outcome == "served") & rows.handling_s.notnull()


def _handling_mean(rows: ir.Table, _terms: HallTerms) -> Measure:
    counted = _handled(rows)
    time = rows.handling_s
    return Measure(time.mean(where=counted), rows.count(where=counted), (time * time).mean(where=counted))


def _handling_median(rows: ir.Table, _terms: HallTerms) -> Measure:
    counted = _handled(rows)
    return Measure(rows.handling_s.quantile(0.5, where=counted), rows.count(where=counted))


def _handling_p90(rows: ir.Table, _terms: HallTerms) -> Measure:
    counted = _handled(rows)
    return Measure(rows.handling_s.quantile(0.9, where=counted), rows.count(where=counted))


def _handling_within(rows: ir.Table, terms: HallTerms) -> Measure:
    """Share of handlings within the limit of their kind. Rows without a kind are not judged."""
    counted = _handled(rows) & rows.kind.isin(["single", "combined"])
    limit = ibis.ifelse(rows.kind == "combined", terms.combined_limit_s, terms.single_limit_s)
    kept = (rows.handling_s <= limit) if terms.limit_itself_keeps else (rows.handling_s < limit)
    return Measure(kept.cast("float64").mean(where=counted), rows.count(where=counted))


_WAIT = ("outcome", "wait_s", "wait_last_s")
_VISIT_GRAIN = ("hall", "business_day", "weekday", "half_hour", "business", "kind", "priority_class")
_STINT_GRAIN = ("hall", "business_day", "kind", "counter", "clerk", "business")

TICKETS = Indicator(
    "queueing.tickets", _("Tickets"), Unit.COUNT, "visits", ("outcome",), _tickets, _VISIT_GRAIN, minimum_sample=None,
    merge=Merge.SUM, source="QUE-01",
)  # fmt: skip
SERVED = Indicator(
    "queueing.served", _("Served"), Unit.COUNT, "visits", ("outcome",), _served, _VISIT_GRAIN, minimum_sample=None,
    merge=Merge.SUM, source="QUE-01",
)  # fmt: skip
ABANDONMENT = Indicator(
    "queueing.abandonment", _("Abandonment rate"), Unit.SHARE, "visits", ("outcome", "abandonment_recorded"),
    _abandonment, _VISIT_GRAIN, BetterIs.LOWER, source="QUE-01",
    limits=(_("Only where the source records customers who leave."),),
)  # fmt: skip
NO_SHOW = Indicator(
    "queueing.no_show", _("No-show rate"), Unit.SHARE, "visits", ("outcome",), _no_show, _VISIT_GRAIN, BetterIs.LOWER,
    source="QUE-01",
)  # fmt: skip
WAIT_MEAN = Indicator(
    "queueing.wait_mean", _("Mean wait"), Unit.SECONDS, "visits", _WAIT, _wait_mean, _VISIT_GRAIN, BetterIs.LOWER,
    target=600, challenge=480, source="QUE-02, QUE-03",
)  # fmt: skip
WAIT_MEDIAN = Indicator(
    "queueing.wait_median", _("Median wait"), Unit.SECONDS, "visits", _WAIT, _wait_median, _VISIT_GRAIN,
    BetterIs.LOWER, merge=Merge.NONE, source="QUE-02",
)  # fmt: skip
WAIT_P90 = Indicator(
    "queueing.wait_p90", _("Wait of the slowest tenth (p90)"), Unit.SECONDS, "visits", _WAIT, _wait_p90, _VISIT_GRAIN,
    BetterIs.LOWER, merge=Merge.NONE, source="QUE-02", limits=(_("Exact quantile, interpolated between neighbours."),),
)  # fmt: skip
WAIT_LONGEST = Indicator(
    "queueing.wait_longest", _("Longest wait"), Unit.SECONDS, "visits", _WAIT, _wait_longest, _VISIT_GRAIN,
    BetterIs.LOWER, minimum_sample=None, merge=Merge.MAX, source="QUE-02",
)  # fmt: skip
WITHIN_LIMIT = Indicator(
    "queueing.wait_within_limit", _("Waits within the limit"), Unit.SHARE, "visits", _WAIT, _within_limit,
    _VISIT_GRAIN, BetterIs.HIGHER, source="QUE-02",
)  # fmt: skip
WITHIN_CHALLENGE = Indicator(
    "queueing.wait_within_challenge", _("Waits within the challenge"), Unit.SHARE, "visits", _WAIT, _within_challenge,
    _VISIT_GRAIN, BetterIs.HIGHER, source="QUE-02",
)  # fmt: skip
HANDLINGS = Indicator(
    "queueing.handlings", _("Handlings"), Unit.COUNT, "stints", ("outcome",), _handlings, _STINT_GRAIN,
    minimum_sample=None, merge=Merge.SUM, source="QUE-01",
)  # fmt: skip
HANDLING_MEAN = Indicator(
    "queueing.handling_mean", _("Mean service time"), Unit.SECONDS, "stints", ("outcome", "handling_s"),
    _handling_mean, _STINT_GRAIN, BetterIs.LOWER, source="QUE-04, QUE-39",
)  # fmt: skip
HANDLING_MEDIAN = Indicator(
    "queueing.handling_median", _("Median service time"), Unit.SECONDS, "stints", ("outcome", "handling_s"),
    _handling_median, _STINT_GRAIN, BetterIs.LOWER, merge=Merge.NONE, source="QUE-04, QUE-39",
)  # fmt: skip
HANDLING_P90 = Indicator(
    "queueing.handling_p90", _("Service time of the slowest tenth (p90)"), Unit.SECONDS, "stints",
    ("outcome", "handling_s"), _handling_p90, _STINT_GRAIN, BetterIs.LOWER, merge=Merge.NONE, source="QUE-04, QUE-39",
)  # fmt: skip
HANDLING_WITHIN = Indicator(
    "queueing.handling_within_limit", _("Service times within the limit"), Unit.SHARE, "stints",
    ("outcome", "handling_s", "kind"), _handling_within, _STINT_GRAIN, BetterIs.HIGHER, source="QUE-04",
    limits=(_("Only handlings whose kind (single or combined) is known."),),
)  # fmt: skip

VISIT_INDICATORS = (
    TICKETS, SERVED, ABANDONMENT, NO_SHOW, WAIT_MEAN, WAIT_MEDIAN, WAIT_P90, WAIT_LONGEST, WITHIN_LIMIT,
    WITHIN_CHALLENGE,
)  # fmt: skip
STINT_INDICATORS = (HANDLINGS, HANDLING_MEAN, HANDLING_MEDIAN, HANDLING_P90, HANDLING_WITHIN)
INDICATORS = VISIT_INDICATORS + STINT_INDICATORS
