"""What the public staff board of a hall shows, as data: which stars for which rating, and of whom without consent what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.kernel.shapes import said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _


class WithoutConsent(Titled):
    """What stands on the board of somebody who has not agreed to name and photo."""

    NOTHING = "nothing", _("Nothing")
    STAFF_NO = "staff_no", _("Staff number and stars")


@dataclass(frozen=True, slots=True)
class StarLevel:
    """So many stars from this mean rating on."""

    stars: int = said(_("Stars"), low=1, high=5)
    rating: float = said(_("From a mean rating of"), low=1, high=5)


@dataclass(frozen=True, slots=True)
class StarBoard:
    """The public staff board."""

    is_public: bool = said(_("Shown to customers"), default=True)
    days: int = said(_("Ratings of the last"), unit=_("days"), low=7, high=366, default=90)
    least: int = said(
        _("From so many ratings on"), low=1, high=1000, default=30, help=_("Whoever has fewer is not on the board.")
    )
    levels: tuple[StarLevel, ...] = said(_("Stars by rating"), default=())
    without_consent: WithoutConsent = said(_("Without the person's consent"), default=WithoutConsent.STAFF_NO)


def stars_of(levels: Iterable[StarLevel], rating: float) -> int:
    """Return the stars of a mean rating, 0 for none.

    >>> levels = (StarLevel(5, 4.8), StarLevel(4, 4.5))
    >>> [stars_of(levels, rating) for rating in (4.8, 4.79, 4.4)]
    [5, 4, 0]
    """
    return max((row.stars for row in levels if rating >= row.rating), default=0)


def _check(rule: StarBoard, _path: str) -> Iterable[Problem]:
    ordered = sorted(rule.levels, key=lambda row: row.stars)
    if any(more.rating <= less.rating or more.stars == less.stars for less, more in pairwise(ordered)):
        yield "levels", _("More stars ask for a higher rating, and each number of stars stands once."), {}


STAR_BOARD: Kind[StarBoard] = declare(
    Kind(
        "evidence.star_board",
        _("Public staff board"),
        _("Stars of staff by their customers' ratings, and what is shown of whom."),
        StarBoard,
        StarBoard(levels=(StarLevel(5, 4.8), StarLevel(4, 4.6), StarLevel(3, 4.4), StarLevel(2, 4.0), StarLevel(1, 3.5))),
        _(
            "PRF-21 asks for photo, name and stars of staff. No source says how stars are won: the ratings and numbers here are "
            "ours. Name and photo only with the person's own consent, which can be withdrawn (PIPL art. 13, 15, 29)."
        ),
        Permission.HALL_CONFIGURE,
        check=_check,
        position=44,
    )
)  # fmt: skip
