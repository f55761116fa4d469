"""Which customers come: the share of visits whose customer is known, and the share of each segment (CUS-17, CUS-18, CUS-19)."""

from __future__ import annotations

import ibis.expr.types as ir

from yingting.domains.queueing.indicators.terms import VISIT_GRAIN, HallTerms
from yingting.indicators.declaring import Indicator, Measure, Merge, Unit
from yingting.indicators.measures import share
from yingting.kernel.words import gettext_noop as _

UNKNOWN = "unknown"  # nobody knows the customer
WITHOUT = "without"  # known, and in no segment


def segment_of(visits: ir.Table) -> ir.StringValue:
    """Return the segment of each visit's customer, with a word where there is none."""
    return visits.segment.fill_null(UNKNOWN).nullif("").fill_null(WITHOUT)


def segment_visits(visits: ir.Table) -> ir.Table:
    """Return a row for each hall, day and segment among these visits, unknown customers included: `visits` of the segment, and
    `all_visits` of the hall's day. Each segment has a row on each day, so that days without one of its visits count too.
    """
    named = visits.select("hall", "business_day", segment=segment_of(visits))
    days = named.group_by("hall", "business_day").aggregate(all_visits=named.count())
    counted = named.group_by("hall", "business_day", "segment").aggregate(visits=named.count())
    grid = days.cross_join(named.select("segment").distinct())
    rows = grid.left_join(counted, ["hall", "business_day", "segment"])
    return rows.select("hall", "business_day", "segment", "all_visits", visits=rows.visits.fill_null(0))


def _known(visits: ir.Table, _terms: HallTerms) -> Measure:
    # As the visits are opened for the lake, an unknown customer has a word; rows as they are stored have none.
    is_known = visits.segment.notnull() & (visits.segment != UNKNOWN)
    return share(visits, is_known, visits.hall.notnull())


def _of_all(rows: ir.Table, _terms: HallTerms) -> Measure:
    """Each segment among the rows brings the visits of all once: so many times they are there."""
    times = rows.segment.nunique()
    of_all = rows.all_visits.sum() / times.nullif(0)
    return Measure(rows.visits.sum() / of_all, of_all.fill_null(0))


KNOWN_SHARE = Indicator(
    "queueing.known_share", _("Visits of known customers"), Unit.SHARE, "visits", ("segment",), _known, VISIT_GRAIN,
    moment=("issued_at",), source="CUS-19, CUS-25",
    formula=_("Tickets whose customer is known, divided by all tickets."),
    limits=(_("Nobody has to be known: a low share is no failing. Imported logs know no customers."),),
)  # fmt: skip
SEGMENT_SHARE = Indicator(
    "queueing.segment_share", _("Share of visits by segment"), Unit.SHARE, "segment_visits", ("segment", "visits", "all_visits"),
    _of_all, ("hall", "business_day", "segment"), merge=Merge.NONE, source="CUS-17, CUS-18, CUS-19",
    formula=_("Visits of customers of a segment, divided by all visits; split it by segment. Unknown customers are a part of their own."),
    limits=(
        _("Without the split it is the share of all segments together: 100%."),
        _("Where many customers stay unknown, the shares of the segments are lower bounds."),
    ),
)  # fmt: skip
SEGMENT_INDICATORS = (SEGMENT_SHARE,)
