"""Customers who come again for the same business: measured on the visits of customers who are known."""

from __future__ import annotations

import ibis.expr.types as ir

from yingting.domains.queueing.indicators.terms import HallTerms
from yingting.indicators.declaring import BetterIs, CaseMix, Indicator, Measure, Merge, Unit
from yingting.indicators.measures import share
from yingting.kernel.words import gettext_noop as _

_DAY_S = 86_400


def returns(visits: ir.Table) -> ir.Table:
    """Return the served visits of known customers, with two spans in seconds: `next_s` until the customer's next visit to
    the hall for the same business (null: none), and `known_s` until the hall's last ticket among these rows.
    """
    last = visits.group_by("hall").aggregate(last_at=visits.issued_at.max())
    known = visits.filter(visits.customer.notnull() & visits.business.notnull())
    following = known.issued_at.lead().over(
        group_by=("hall", "customer", "business"), order_by=("issued_at", "visit")
    )  # fmt: skip
    rows = known.mutate(next_at=following).join(last, "hall")
    rows = rows.mutate(next_s=_seconds(rows.issued_at, rows.next_at), known_s=_seconds(rows.issued_at, rows.last_at))
    return rows.filter(rows.outcome == "served").select(
        "hall", "business_day", "business", "kind", "counter", "clerk", "next_s", "known_s"
    )  # fmt: skip


def _seconds(since: ir.TimestampValue, until: ir.TimestampValue) -> ir.FloatingValue:
    return until.delta(since, unit="microsecond") / 1_000_000


def _repeated(rows: ir.Table, terms: HallTerms) -> Measure:
    limit_s = terms.repeat_days * _DAY_S
    return share(rows, rows.next_s <= limit_s, rows.known_s >= limit_s)


_ERRAND = CaseMix(
    ("business", "kind"),
    _("How often customers come again depends on the business: a repair is followed by another visit more often than a payment."),
)  # fmt: skip

REPEAT = Indicator(
    "queueing.repeat_7d", _("Repeat visits within 7 days"), Unit.SHARE, "returns", ("next_s", "known_s"), _repeated,
    ("hall", "business_day", "business", "kind", "counter", "clerk"), BetterIs.LOWER, merge=Merge.NONE, source="QUE-39",
    case_mix=_ERRAND,
    formula=_("Served visits of known customers that were followed by another visit of the same customer for the same "
              "business within 7 times 24 hours, divided by such visits whose 7 days are over."),
    limits=(
        _("Only customers whom the source tells apart; a customer who goes to another hall is not seen."),
        _("Visits of the last 7 days of the period are not judged yet."),
    ),
)  # fmt: skip
RETURN_INDICATORS = (REPEAT,)
