"""The rules of appointments, declared: what may be booked, and on which terms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yingting.domains.appointments.rules.shapes import PlaceGroup, Places, Terms
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.hours import Interval
from yingting.kernel.shapes import codes_once
from yingting.kernel.words import gettext_noop as _


def _check_places(rule: Places, _path: str) -> Iterable[Problem]:
    yield from codes_once((group.code for group in rule.groups), "groups")
    named: set[str] = set()
    for n, group in enumerate(rule.groups):
        if not group.bookable:
            yield (
                f"groups-{n}-walk_in_percent",
                _("Of %(places)s places nothing is left to book. Lower the share, or raise the places."),
                {"places": group.places},
            )
        for business in group.businesses:
            if business in named:
                yield (
                    f"groups-{n}-businesses",
                    _("“%(code)s” is in two rows: its places would count twice."),
                    {"code": business},
                )
            named.add(business)
    if sum(not group.businesses for group in rule.groups) > 1:
        yield "groups", _("Only one row may be for every business that no other row names."), {}
    for n, hours in enumerate(rule.hours):
        if not Interval(hours.starts, hours.ends).is_forward or not hours.weekdays:
            yield f"hours-{n}", _("Own hours need weekdays, and end after they begin."), {}


def _check_terms(rule: Terms, _path: str) -> Iterable[Problem]:
    if rule.no_show_min < rule.late_min:
        yield "no_show_min", _("A booking cannot be over while the customer may still be late."), {}


PLACES = declare(
    Kind(
        code="appointments.places",
        title=_("Places to book"),
        purpose=_(
            "Which businesses may be booked when, how many places each slot has, and the share kept for walk-ins."
        ),
        shape=Places,
        shipped=Places(groups=(PlaceGroup("all", "全部业务", "All business"),)),
        source=_("APT-01; the numbers are ours, to be set by each hall."),
        permission=Permission.APPOINTMENTS_PLAN,
        check=_check_places,
        position=40,
    )
)
TERMS = declare(
    Kind(
        code="appointments.terms",
        title=_("Terms of booking"),
        purpose=_(
            "How many bookings a person may have, when one arrives early, late or too late, and what follows from no-shows."
        ),
        shape=Terms,
        shipped=Terms(),
        source=_("APT-01; the numbers are ours, to be set by each hall."),
        permission=Permission.APPOINTMENTS_PLAN,
        check=_check_terms,
        position=41,
    )
)


def places_at(path: str, day: dt.date) -> Places:
    """Return what a unit offers to be booked on a day: as in force on that day, so a change from a day on holds from it on."""
    return in_force(PLACES, path=path, day=day).rule


def terms_at(path: str, day: dt.date) -> Terms:
    """Return the terms of booking in force for a unit on a day."""
    return in_force(TERMS, path=path, day=day).rule
