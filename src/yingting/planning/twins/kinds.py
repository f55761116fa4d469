"""The rules of the twin as data: from how many days it learns, how exact an answer is, how much may be asked at once."""

from __future__ import annotations

from dataclasses import dataclass

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, declare
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class TwinTerms:
    """How the twin of a hall works.

    >>> TwinTerms().learns_days
    90
    """

    learns_days: int = said(
        _("Days that it learns from"), help=_("The last finished days, counted back."), unit=_("days"), low=5, high=800,
        default=90,
    )  # fmt: skip
    looks_back_days: int = said(
        _("Days that a forecast looks back on"), help=_("With a year and more it sees holidays and the time of the month."),
        unit=_("days"), low=14, high=1500, default=400,
    )  # fmt: skip
    half_width: float = said(
        _("Exactness of a share"),
        help=_("Days are simulated until half the 95 % interval is as narrow as this, in points of percent."),
        low=0.05, high=5, default=0.3,
    )  # fmt: skip
    most_days: int = said(_("Simulated days at most"), low=100, high=100_000, default=4_000)
    worlds: int = said(
        _("Versions of the hall that are tried"),
        help=_("The figures of the past leave the hall itself uncertain; the answer's interval holds so many versions of it."),
        low=1, high=200, default=20,
    )  # fmt: skip
    many_days: int = said(
        _("Simulated days at most for each of many halls"),
        help=_("Of all versions together, when one question is asked of the halls of a city or province."),
        low=100, high=100_000, default=1_000,
    )  # fmt: skip
    waiting_most: int = said(_("Questions that may wait"), low=1, high=100, default=5)


TERMS: Kind[TwinTerms] = declare(
    Kind(
        "twin.terms",
        _("Terms of the twin"),
        _("From how many days a hall's twin learns, how exact its answers are, and how much may be asked at once."),
        TwinTerms,
        TwinTerms(),
        _("90 days, 0.3 points, 4,000 days and 20 versions are assumptions of Yingting."),
        Permission.HALL_CONFIGURE,
        position=60,
    )
)
