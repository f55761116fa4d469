"""PURE: the shapes of the rules of the customer file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yingting.kernel.shapes import Named, said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class ReachRule:
    """How far up the tree a customer is recognised: levels counted from the top (1 the province, 2 the city)."""

    depth: int = said(
        _("Levels from the top"), low=1, high=6, default=2,
        help=_("2: in all halls of the same second level, usually the city."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of customers with what it is promised: first, cheaper, better (三优)."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    priority: str = said(_("Priority (优先)"), default="")
    discount: str = said(_("Discount (优惠)"), default="")
    quality: str = said(_("Quality (优质)"), default="")
    priority_en: str = said(_("Priority, in English"), default="")
    discount_en: str = said(_("Discount, in English"), default="")
    quality_en: str = said(_("Quality, in English"), default="")


@dataclass(frozen=True, slots=True)
class Level:
    """A level and what it takes; every condition that is given must hold, 0 asks for nothing."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    segment: str = said(_("Only in segment"), rows="segments", default="")
    monthly_fen: int = said(_("A month at least"), unit=_("fen"), low=0, high=10_000_000_00, default=0)
    tenure_months: int = said(_("Customer for at least"), unit=_("months"), low=0, high=1200, default=0)
    visits: int = said(_("Visits at least"), low=0, high=1000, default=0)


@dataclass(frozen=True, slots=True)
class ClassesRule:
    """Segments with their commitments, and levels: the first that holds."""

    segments: tuple[Segment, ...] = said(_("Segments"), default=())
    for_people: str = said(_("Segment of a person, unless said otherwise"), rows="segments", default="")
    for_companies: str = said(_("Segment of a company, unless said otherwise"), rows="segments", default="")
    levels: tuple[Level, ...] = said(_("Levels, the first that holds"), default=())
    visit_months: int = said(_("Visits are counted over"), unit=_("months"), low=1, high=36, default=6)
    by_hand_months: int = said(
        _("A level given by a person holds for"), unit=_("months"), low=1, high=120, default=12,
        help=_("After that the rule decides again."),
    )  # fmt: skip

    def segment(self, code: str) -> Segment | None:
        """Return a segment, None when the rule has none of the code."""
        return next((row for row in self.segments if row.code == code), None)

    def level(self, code: str) -> Level | None:
        """Return a level, None when the rule has none of the code."""
        return next((row for row in self.levels if row.code == code), None)


class TagSort(StrEnum):
    """Sorts of tags: what a customer likes, and what a customer needs (sensitive: PIPL art. 28)."""

    PREFERENCE = "preference"
    NEED = "need"

    @property
    def title(self) -> str:  # type: ignore[override]  # str.title() is of no use to a code
        """What it is called."""
        return {TagSort.PREFERENCE: _("Preference"), TagSort.NEED: _("Special need")}[self]


@dataclass(frozen=True, slots=True)
class TagKind:
    """A tag that a file may carry."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    sort: TagSort = said(_("Kind of tag"), default=TagSort.PREFERENCE)
    is_shown: bool = said(_("Shown at the counter before the call"), default=False)


@dataclass(frozen=True, slots=True)
class TagsRule:
    """The tags that files may carry."""

    tags: tuple[TagKind, ...] = said(_("Tags"), default=())

    def of(self, code: str) -> TagKind | None:
        """Return a tag's kind, None when the rule has none of the code."""
        return next((row for row in self.tags if row.code == code), None)


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose that a customer agrees to apart, with the notice that is shown first."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    text: str = said(_("Notice"), is_long=True, default="")
    text_en: str = said(_("Notice in English"), is_long=True, default="")
    kept: str = said(_("How long it is kept"), default="")
    kept_en: str = said(_("How long it is kept, in English"), default="")
    is_sensitive: bool = said(_("Sensitive personal data"), default=False)
    for_staff: bool = said(_("Asked of staff, not of customers"), default=False)


@dataclass(frozen=True, slots=True)
class NoticesRule:
    """The purposes of consent and their notices; a new version of the rule is a new version of the notice."""

    purposes: tuple[Purpose, ...] = said(_("Purposes"), default=())

    def of(self, code: str) -> Purpose | None:
        """Return a purpose, None when the rule has none of the code."""
        return next((row for row in self.purposes if row.code == code), None)


@dataclass(frozen=True, slots=True)
class ContactRule:
    """Ways of contact, when we may call, and what came of it."""

    channels: tuple[Named, ...] = said(_("Ways of contact"), default=())
    topics: tuple[Named, ...] = said(_("What it is about"), default=())
    outcomes: tuple[Named, ...] = said(_("Outcomes"), default=())
    first_hour: int = said(_("We call from"), unit=_("o'clock"), low=0, high=23, default=9)
    last_hour: int = said(_("We call until"), unit=_("o'clock"), low=1, high=24, default=20)


@dataclass(frozen=True, slots=True)
class RightsRule:
    """How long we have for a request, how somebody proves who they are, and how long a customer's own link opens."""

    working_days: int = said(_("Working days to answer"), unit=_("days"), low=1, high=30, default=15)
    calendar_days: int = said(
        _("Days at most"), unit=_("days"), low=1, high=60, default=30,
        help=_("Whichever of the two ends first is the deadline."),
    )  # fmt: skip
    proofs: tuple[Named, ...] = said(_("How somebody proves who they are"), default=())
    link_days: int = said(_("A customer's own link opens for"), unit=_("days"), low=1, high=365, default=30)
    per_hour: int = said(_("Requests an hour from one address"), low=1, high=1000, default=10)
