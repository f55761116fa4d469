"""Account managers: three fasts (三快), three on-site visits (三上门), leads, outreach. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yingting.kernel.shapes import Named, said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _


class Fast(Titled):
    """The three that have to be fast (CUS-12)."""

    HANDLING = "handling", _("Handling")
    COMPLAINT = "complaint", _("Complaints and faults")
    NOTICE = "notice", _("Notices")


@dataclass(frozen=True, slots=True)
class Fasts:
    """For which customers the three fasts are timed, and by which limits."""

    segments: tuple[str, ...] = said(
        _("For the segments"),
        default=(),
        choices="relations.segments",
        help=_("Codes of the rule of customer classes."),
    )
    handling_min: int = said(
        _("Handling within"), unit=_("minutes"), low=1, high=240, default=15,
        help=_("From taking the number to the end of the visit."),
    )  # fmt: skip
    complaint_h: int = said(
        _("Complaints answered within"), unit=_("hours"), low=1, high=720, default=24,
        help=_("From the registration to the first answer to the customer, around the clock."),
    )  # fmt: skip
    fault_h: int = said(
        _("Network faults answered within"), unit=_("hours"), low=1, high=720, default=4,
        help=_("Cases of the categories below (CUS-20)."),
    )  # fmt: skip
    fault_categories: tuple[str, ...] = said(_("Categories of network faults"), choices="cases.categories", default=())
    notice_h: int = said(
        _("Notices delivered within"), unit=_("hours"), low=1, high=720, default=24,
        help=_("From the announcement to the word with the customer."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timed:
    """One instance of a fast: when it began, when it was done (None: not yet) and by when it should be."""

    fast: Fast
    began: dt.datetime
    done: dt.datetime | None
    due: dt.datetime

    def is_kept(self, now: dt.datetime) -> bool | None:
        """Was the limit kept? None: not done, and still within it.

        >>> nine = dt.datetime(2026, 1, 5, 9)
        >>> timed = Timed(Fast.NOTICE, nine, None, nine + dt.timedelta(hours=1))
        >>> timed.is_kept(nine), timed.is_kept(nine + dt.timedelta(hours=2))
        (None, False)
        """
        if self.done is not None:
            return self.done <= self.due
        return None if now <= self.due else False


def kept_of(timed: Iterable[Timed], now: dt.datetime) -> dict[Fast, tuple[int, int]]:
    """Return how many instances of each fast were kept, of how many that are decided."""
    found = dict.fromkeys(Fast, (0, 0))
    for each in timed:
        kept = each.is_kept(now)
        if kept is not None:
            done, of = found[each.fast]
            found[each.fast] = (done + kept, of + 1)
    return found


class Purpose(Titled):
    """Why somebody goes to a customer (CUS-13)."""

    REGULAR = "regular", _("Regular visit")
    HANDLING = "handling", _("Handling on the spot")
    DEMO = "demo", _("Demonstration of a new business")


@dataclass(frozen=True, slots=True)
class SegmentVisits:
    """How often customers of a segment are visited."""

    segment: str = said(_("Segment"), choices="relations.segments")
    every_months: int = said(_("Regular visit every"), unit=_("months"), low=1, high=24, default=3)


@dataclass(frozen=True, slots=True)
class Visiting:
    """The plan of visits to customers."""

    segments: tuple[SegmentVisits, ...] = said(_("Regular visits"), default=())
    grace_days: int = said(_("Overdue after"), unit=_("days"), low=0, high=60, default=3)

    def every(self, segment: str) -> int | None:
        """Return every how many months a segment is visited; None: not regularly."""
        return next((one.every_months for one in self.segments if one.segment == segment), None)


@dataclass(frozen=True, slots=True)
class Leading:
    """How interested customers are followed (CUS-26)."""

    interests: tuple[Named, ...] = said(_("Interests"), default=())
    first_days: int = said(_("First contact within"), unit=_("days"), low=1, high=60, default=3)
    from_results: tuple[str, ...] = said(
        _("Referrals that suggest a lead"), default=("interested", "done"),
        help=_("Codes of the results of a referral to the lobby."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reaching:
    """Whom the outreach list names (CUS-17)."""

    months: int = said(_("Not come for"), unit=_("months"), low=1, high=60, default=6)
    segments: tuple[str, ...] = said(_("Segments shown first"), choices="relations.segments", default=())


class LeadState(Titled):
    """What became of a lead."""

    OPEN = "open", _("Lead goes on")
    WON = "won", _("Won")
    LOST = "lost", _("Not interested any more")
