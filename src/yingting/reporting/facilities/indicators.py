"""The figures of facilities, declared once: uptime, repairs, seats against the crowd."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from yingting.indicators.declaring import BetterIs, Indicator, Measure, Merge, Unit
from yingting.indicators.measures import mean, only_where, part
from yingting.kernel.words import gettext_noop as _


def _uptime(devices: ir.Table, _terms: None) -> Measure:
    return part(devices.worked_s, devices.due_s)


def _repair_time(repairs: ir.Table, _terms: None) -> Measure:
    return mean(repairs.repair_s)


def _most_waiting(days: ir.Table, _terms: None) -> Measure:
    return Measure(days.most_waiting.max(), days.count())


def _seated(days: ir.Table, _terms: None) -> Measure:
    seated = ibis.least(days.seats, days.most_waiting).cast("float64") / days.most_waiting.nullif(0)
    return mean(only_where(days.seats.notnull() & (days.most_waiting > 0), seated))


AN_HOUR = 3600
_GRAIN = ("hall", "business_day")
_ENTERED = _("What nobody entered into the register is not known: a breakdown that went unnoticed counts as working.")
_DAYS = _("Days on which the hall took no numbers are not counted, and the running day counts up to its last number.")

UPTIME = Indicator(
    "facilities.uptime", _("Device uptime"), Unit.SHARE, "device_time", ("worked_s", "due_s"), _uptime,
    (*_GRAIN, "device_kind", "device"), BetterIs.HIGHER, minimum_sample=AN_HOUR, source="SLF-02, FAC-06",
    formula=_("Open time in which devices were working, divided by the open time in which they were in the register, all devices together."),
    limits=(
        _ENTERED, _DAYS, _("Opening hours are those of the time when the day was counted."),
        _("The number of cases is the seconds due."),
    ),
)  # fmt: skip
REPAIR_TIME = Indicator(
    "facilities.repair_time", _("Mean time to repair"), Unit.SECONDS, "repairs", ("repair_s",), _repair_time,
    (*_GRAIN, "device_kind", "device"), BetterIs.LOWER, minimum_sample=5, source="FAC-06",
    formula=_("Time from the entry that a device is out of order to the entry that it works, by the clock, on the day of the second."),
    limits=(_ENTERED, _("A device that is still out of order, or was taken out of use, has no time to repair: uptime counts it."),),
)  # fmt: skip
MOST_WAITING = Indicator(
    "facilities.most_waiting", _("Most customers waiting at once"), Unit.COUNT, "crowds", ("most_waiting",), _most_waiting,
    _GRAIN, minimum_sample=None, merge=Merge.MAX, source="FAC-10",
    formula=_("The most customers who waited for their first call at the same moment. The number of cases is the days."),
    limits=(_DAYS,),
)  # fmt: skip
SEATED = Indicator(
    "facilities.seated", _("Customers with a seat at the busiest moment"), Unit.SHARE, "crowds", ("seats", "most_waiting"),
    _seated, _GRAIN, BetterIs.HIGHER, minimum_sample=5, source="FAC-10",
    formula=_("Of each day the seats, divided by the most customers who waited at once, 100 % at most; the mean of the days."),
    limits=(_DAYS, _("A day counts with the seats that were entered at its time; who comes along with a customer is not counted.")),
)  # fmt: skip
DEVICE_INDICATORS, REPAIR_INDICATORS, CROWD_INDICATORS = (UPTIME,), (REPAIR_TIME,), (MOST_WAITING, SEATED)
