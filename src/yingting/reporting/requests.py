"""What a request for a report asks, within what its actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from yingting.foundation.people.access import HALL_UNKNOWN, hall_for, halls_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop

BAD_DATE = declare(
    "report.bad_date", gettext_noop("This is not a date: %(value)s. Write it as 2026-01-31."), status=422
)


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """The halls that will be reported on (never more than the actor may see), and the period."""

    visible: tuple[Hall, ...]
    chosen: str
    codes: tuple[str, ...]
    first: dt.date | None
    last: dt.date | None


def report_request(actor: Actor, query: Mapping[str, str]) -> ReportRequest:
    """Read `hall`, `from`, `to` of a query.

    Raises Refusal access or hall.unknown for a hall that the actor may not see, hall.unknown when it may see none,
    report.bad_date.
    """
    visible = tuple(halls_for(actor, Permission.REPORT_VIEW))
    if not visible:
        raise Refusal(HALL_UNKNOWN)
    chosen = query.get("hall", "")
    only = hall_for(actor, Permission.REPORT_VIEW, chosen) if chosen else visible[0] if len(visible) == 1 else None
    codes = (only.code,) if only else tuple(hall.code for hall in visible)
    return ReportRequest(visible, chosen, codes, day_of(query.get("from")), day_of(query.get("to")))


def day_of(text: str | None) -> dt.date | None:
    """Read a day of a query, None where none is given. Raises Refusal report.bad_date."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(BAD_DATE, value=text[:20]) from error
