"""What a hall offers to be booked, and on which terms: the shapes of the two rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yingting.kernel.shapes import said
from yingting.kernel.weekdays import Weekday
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """Businesses that share places: how long a slot is, how many customers it takes, which share of them walks in."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    businesses: tuple[str, ...] = said(
        _("For these businesses"), choices="floor.businesses", default=(),
        help=_("None: for every business that no other row names."),
    )  # fmt: skip
    slot_min: int = said(_("Length of a slot"), unit=_("minutes"), low=5, high=480, default=30)
    places: int = said(
        _("Customers in a slot"), low=1, high=500, default=4,
        help=_("So many customers of these businesses the hall can serve in one slot, booked or not."),
    )  # fmt: skip
    walk_in_percent: int = said(
        _("Share kept for walk-ins"), unit="%", low=0, high=95, default=50,
        help=_("This share is never booked away: who comes without a booking finds it free."),
    )  # fmt: skip

    @property
    def bookable(self) -> int:
        """Places of a slot that may be booked: what walk-ins keep is rounded in their favour.

        >>> PlaceGroup("a", "A", places=5, walk_in_percent=50).bookable
        2
        """
        return self.places * (100 - self.walk_in_percent) // 100


@dataclass(frozen=True, slots=True)
class GroupHours:
    """Hours in which the businesses of a group may be booked."""

    group: str = said(_("Businesses"), rows="groups")
    weekdays: tuple[Weekday, ...] = said(_("Weekdays"))
    starts: dt.time = said(_("From"))
    ends: dt.time = said(_("To"), help=_("00:00 is the end of the day."))


@dataclass(frozen=True, slots=True)
class Places:
    """What a hall offers to be booked. Slots lie within the opening hours; a group with hours of its own also within them."""

    is_on: bool = said(_("Bookings are taken"), default=True)
    groups: tuple[PlaceGroup, ...] = said(_("Places"), default=())
    hours: tuple[GroupHours, ...] = said(
        _("Own hours"), default=(), help=_("A row of places without own hours may be booked whenever the hall is open.")
    )
    days_ahead: int = said(_("Booked at most ahead"), unit=_("days"), low=0, high=90, default=7)
    latest_min: int = said(_("Booked at the latest before the slot"), unit=_("minutes"), low=0, high=1440, default=30)
    on_holidays: bool = said(
        _("Also on public holidays"), default=False,
        help=_("No: on a holiday of the calendar nothing can be booked, unless the hall has set opening hours for that date."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms customers book, arrive, and stay away."""

    open_most: int = said(_("Open bookings of a person"), low=1, high=50, default=2)
    per_day: int = said(_("Bookings of a person for one day"), low=1, high=20, default=1)
    hold_min: int = said(
        _("A place is held for"), unit=_("minutes"), low=1, high=60, default=10,
        help=_("While the customer fills in the form; then it is free again by itself."),
    )  # fmt: skip
    cancel_min: int = said(
        _("Late cancellation from"), unit=_("minutes before"), low=0, high=1440, default=60,
        help=_("Whoever cancels later than this gives the place back too late for others to book it."),
    )  # fmt: skip
    late_cancel_counts: bool = said(_("A late cancellation counts as a no-show"), default=False)
    early_min: int = said(
        _("May arrive before the time"), unit=_("minutes"), low=0, high=240, default=15,
        help=_("Who comes earlier still waits for the booked time, and is told so."),
    )  # fmt: skip
    late_min: int = said(
        _("May arrive after the time"), unit=_("minutes"), low=0, high=240, default=10,
        help=_("Who comes later than this is ranked by arrival."),
    )  # fmt: skip
    no_show_min: int = said(_("No-show after"), unit=_("minutes"), low=1, high=480, default=30)
    no_show_most: int = said(
        _("No-shows until a waiting period"), low=0, high=20, default=3, help=_("0: no waiting period at all.")
    )
    within_days: int = said(_("Counted within"), unit=_("days"), low=1, high=730, default=90)
    waiting_days: int = said(_("Waiting period"), unit=_("days"), low=1, high=365, default=30)
    may_appeal: bool = said(_("May object to the waiting period"), default=True)
    reminder_h: int = said(
        _("Reminder before"), unit=_("hours"), low=0, high=168, default=24, help=_("0: no reminder.")
    )
    answer_h: int = said(
        _("Answer to a touched booking within"), unit=_("hours"), low=1, high=168, default=24,
        help=_("A customer whose booking cannot stand and who has not answered by then, or by the day before, is called."),
    )  # fmt: skip
    priority: str = said(
        _("Priority class of booked customers"), choices="priorities", default="",
        help=_("Empty: the one for bookings, or that of every customer; their rank counts from the booked time in either case."),
    )  # fmt: skip
