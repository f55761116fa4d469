"""Moments that people type: on the clock of the unit where they work."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date, parse_datetime

from yingting.domains.cases.refusals import CHOICE_UNKNOWN
from yingting.foundation.calendars.reading import zone_of
from yingting.kernel.refusals import Refusal


def moment_of(text: str, path: str, field: str) -> dt.datetime:
    """Return the instant that was typed at a unit. Raises Refusal case.choice_unknown, which names the field."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Refusal(CHOICE_UNKNOWN, field=field)
    return found.replace(tzinfo=ZoneInfo(zone_of(path))).astimezone(dt.UTC)


def day_of(text: str, field: str) -> dt.date:
    """Return the day that was typed. Raises Refusal case.choice_unknown, which names the field."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise Refusal(CHOICE_UNKNOWN, field=field)
    return found
