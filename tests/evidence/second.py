"""The second computation of every declared indicator, by the rows it is measured on. Used by tests alone."""

from yingting.domains.peaks.tests import by_hand as peaks
from yingting.domains.queueing.tests import by_hand as queueing
from yingting.domains.selling.tests import by_hand as selling
from yingting.reporting.facilities.tests import by_hand as facilities
from yingting.reporting.tests import by_hand as channels

SECOND = {
    **dict.fromkeys(("visits", "stints", "returns", "counter_time", "modes", "steerings"), queueing.by_hand),
    "alerts": peaks.by_hand,
    "recommendations": selling.by_hand,
    "channel_business": channels.by_hand,
    **dict.fromkeys(("device_time", "repairs", "crowds"), facilities.by_hand),
}
