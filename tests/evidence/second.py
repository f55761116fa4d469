"""The second computation of every declared indicator, by the rows it is measured on. Used by tests alone."""

from yingting.domains.appointments.tests import by_hand as appointments
from yingting.domains.cases.tests import by_hand as cases
from yingting.domains.peaks.tests import by_hand as peaks
from yingting.domains.queueing.tests import by_hand as queueing
from yingting.domains.relations.tests import by_hand as relations
from yingting.domains.selling.tests import by_hand as selling
from yingting.domains.voices.tests import by_hand as voices
from yingting.reporting.facilities.tests import by_hand as facilities
from yingting.reporting.tests import by_hand as channels

CASES = ("cases", "case_steps", "case_clocks", "case_calls", "case_promises", "complaints_and_visits")
SECOND = {
    **dict.fromkeys(
        ("visits", "stints", "returns", "counter_time", "modes", "steerings", "segment_visits"), queueing.by_hand
    ),
    **dict.fromkeys(CASES, cases.by_hand),
    **dict.fromkeys(("suggestions", "consulted", "order_receipts", "compliance_checks"), voices.by_hand),
    **dict.fromkeys(("frequent_visitors", "tenure_care", "entitlements", "lead_steps"), relations.by_hand),
    **dict.fromkeys(("bookings", "booking_slots", "booked_visits"), appointments.by_hand),
    "alerts": peaks.by_hand,
    "recommendations": selling.by_hand,
    **dict.fromkeys(("channel_business", "assists"), channels.by_hand),
    **dict.fromkeys(("device_time", "repairs", "crowds"), facilities.by_hand),
}
