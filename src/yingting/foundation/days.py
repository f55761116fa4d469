"""Days of the house: rules in force, periods and lists go by the date in the house's time zone, where no hall has its own."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from yingting.kernel.clocks import business_day, system_now


def local_day(instant: dt.datetime) -> dt.date:
    """Return the date in the house's time zone at the instant."""
    return business_day(instant, settings.TIME_ZONE)


def house_today() -> dt.date:
    """Return the present date in the house's time zone; for borders only, as `system_now`."""
    return local_day(system_now())
