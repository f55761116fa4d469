"""Customers who were served without a number: shown another way, or on the move."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from uuid import UUID

from yingting.domains.floor.models import Diversion, RovingVisit
from yingting.domains.floor.rules import Result, RovingResult


def served_elsewhere(hall: UUID, first: dt.date, last: dt.date) -> dict[str, int]:
    """Return how many customers took no number and got what they came for, by the name of the business, over days of a hall
    (both included). Asks no right: whoever calls has asked it for the hall.
    """
    span = {"hall": hall, "business_day__range": (first, last)}
    shown = Diversion.objects.filter(**span, ticket__isnull=True, result=Result.DONE)
    moved = RovingVisit.objects.filter(**span, result=RovingResult.DONE)
    return dict(Counter(name for rows in (shown, moved) for name in rows.values_list("business__name", flat=True)))
