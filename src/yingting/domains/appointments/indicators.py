"""The indicators of appointments: how much is booked, whether bookings are kept, whether booking saves waiting."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from yingting.indicators.declaring import BetterIs, Indicator, Measure, Unit
from yingting.indicators.measures import mean, only_where, part, share
from yingting.kernel.words import gettext_noop as _

_GRAIN = ("hall", "business_day")
_BY_CHANNEL = (*_GRAIN, "channel")
_OURS = _("No standard sets it: each province sets its own.")
_DUE = _("Bookings that were cancelled, early or late, are not in the denominator: nobody was waited for.")


def _came(rows: ir.Table) -> ir.BooleanValue:
    return rows.state.isin(("arrived", "served", "left"))


def _due(rows: ir.Table) -> ir.BooleanValue:
    """Bookings whose time came: the customer arrived, or nobody did."""
    return rows.state.isin(("arrived", "served", "left", "missed"))


def _kept(rows: ir.Table, _terms: None) -> Measure:
    return share(rows, _came(rows), _due(rows))


def _no_show(rows: ir.Table, _terms: None) -> Measure:
    return share(rows, rows.cause.isin(("not_come", "too_late")), _due(rows))


def _late(rows: ir.Table, _terms: None) -> Measure:
    return share(rows, rows.arrival == "late", _came(rows))


KEPT = Indicator(
    "appointments.kept", _("Bookings kept"), Unit.SHARE, "bookings", ("state",), _kept, _BY_CHANNEL, BetterIs.HIGHER,
    source="APT-01", without_target=_OURS, limits=(_DUE,),
    formula=_("Bookings with which the customer arrived, divided by bookings whose time came."),
)  # fmt: skip
NO_SHOW = Indicator(
    "appointments.no_show", _("No-shows of booked customers"), Unit.SHARE, "bookings", ("state", "cause"), _no_show, _BY_CHANNEL,
    BetterIs.LOWER, source="APT-01", without_target=_OURS,
    formula=_("Bookings of which the customer stayed away or came after the time was over, divided by bookings whose time came."),
    limits=(_DUE, _("A booking that the hall could not keep, and one that was excused, is no no-show.")),
)  # fmt: skip
LATE = Indicator(
    "appointments.late", _("Late arrivals of booked customers"), Unit.SHARE, "bookings", ("state", "arrival"), _late, _BY_CHANNEL,
    BetterIs.LOWER, source="APT-01", without_target=_OURS,
    formula=_("Customers who arrived later than the terms allow without losing their place, divided by booked customers who arrived."),
)  # fmt: skip
BOOKING_INDICATORS = (KEPT, NO_SHOW, LATE)


def _use(rows: ir.Table, _terms: None) -> Measure:
    return part(rows.taken, rows.offered)


USE = Indicator(
    "appointments.use", _("Use of bookable places"), Unit.SHARE, "booking_slots", ("taken", "offered"), _use,
    (*_GRAIN, "place_group"), BetterIs.HIGHER, source="APT-01", without_target=_OURS,
    formula=_("Places taken, divided by places offered to be booked."),
    limits=(
        _("A place counts as taken when its customer did not come, and as free when it was given back."),
        _("Offered is what the rules said when the day began; the share kept for walk-ins is not among it."),
    ),
)  # fmt: skip
SLOT_INDICATORS = (USE,)


# ------------------------------------------------------------------------------------------ beside visits


def visits_beside_bookings(visits: ir.Table, bookings: ir.Table) -> ir.Table:
    """Return a row for each visit of our own journal, with whether it was booked, and its wait in seconds.

    The wait of a booked customer begins at the booked time, or at the arrival where that is later; that of others with the ticket.
    """
    own = visits.filter(visits.source == "journal")
    booked = bookings.filter(bookings.booked_visit.notnull()).select(
        "booked_visit", "starts_at", booked_channel="channel"
    )
    joined = own.left_join(booked, own.visit == booked.booked_visit)
    since = ibis.greatest(joined.issued_at, ibis.coalesce(joined.starts_at, joined.issued_at))
    waited = (joined.called_at.epoch_seconds() - since.epoch_seconds()).cast("float64")
    return joined.select(
        "hall", "business_day", is_booked=joined.booked_visit.notnull(), is_served=joined.outcome == "served",
        booked_wait_s=ibis.ifelse(waited > 0, waited, 0.0), wait_s=joined.wait_s,
    )  # fmt: skip


def _booked_share(rows: ir.Table, _terms: None) -> Measure:
    return share(rows, rows.is_booked, rows.is_booked.notnull())


def _wait_booked(rows: ir.Table, _terms: None) -> Measure:
    return mean(only_where(rows.is_booked & rows.is_served, rows.booked_wait_s))


def _wait_walk_in(rows: ir.Table, _terms: None) -> Measure:
    return mean(only_where(~rows.is_booked & rows.is_served, rows.wait_s))


_OWN = _("Visits of imported logs know no bookings and are left out.")
BOOKED_SHARE = Indicator(
    "appointments.share", _("Booked visits"), Unit.SHARE, "booked_visits", ("is_booked",), _booked_share, _GRAIN,
    BetterIs.HIGHER, source="APT-01", without_target=_OURS, limits=(_OWN,),
    formula=_("Visits that began with a booking, divided by all visits."),
)  # fmt: skip
WAIT_BOOKED = Indicator(
    "appointments.wait_booked", _("Mean wait of booked customers"), Unit.SECONDS, "booked_visits",
    ("is_booked", "is_served", "booked_wait_s"), _wait_booked, _GRAIN, BetterIs.LOWER, source="APT-01", without_target=_OURS,
    formula=_("Time from the booked time, or from the arrival where that was later, to the first call: the mean over served booked customers."),
    limits=(_OWN, _("Who is called before the booked time has waited 0 seconds.")),
)  # fmt: skip
WAIT_WALK_IN = Indicator(
    "appointments.wait_walk_in", _("Mean wait of walk-in customers"), Unit.SECONDS, "booked_visits",
    ("is_booked", "is_served", "wait_s"), _wait_walk_in, _GRAIN, BetterIs.LOWER, source="APT-01", without_target=_OURS,
    formula=_("Time from the ticket to its first call: the mean over served customers without a booking."), limits=(_OWN,),
)  # fmt: skip
VISIT_INDICATORS = (BOOKED_SHARE, WAIT_BOOKED, WAIT_WALK_IN)
