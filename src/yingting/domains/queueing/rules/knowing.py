"""What knowing the customer of a ticket changes: the priority class by segment, level or need (CUS-02, CUS-08, CUS-24)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from uuid import UUID, uuid5

from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


class KnownBy(StrEnum):
    """How a ticket's customer became known; with the last two nobody is known."""

    PHONE = "phone"
    CARD = "card"
    COUNTER = "counter"
    GUIDE = "guide"
    BOOKING = "booking"
    DECLINED = "declined"  # the customer did not want to be known
    SEVERAL = "several"  # several files hold the number that was typed in: a person has to ask


class By(Enum):
    """What of a customer a row looks at."""

    TAG = "tag"
    LEVEL = "level"
    SEGMENT = "segment"

    @property
    def title(self) -> str:
        """How it is told."""
        return {"tag": _("Tag"), "level": _("Level"), "segment": _("Segment")}[self.value]


@dataclass(frozen=True, slots=True)
class ClassRow:
    """Customers of this segment or level, or with this tag, get this priority class, or that of a green-channel entitlement."""

    by: By = said(_("By"))
    code: str = said(_("Code of the segment, level or tag"))
    priority: str = said(_("Priority class"), choices="priorities", default="vip")
    entitlement: str = said(
        _("Entitlement of the green channel"), default="",
        help=_("Its code: while it is in force its class holds instead, and no paper is asked for."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CustomerClasses:
    """Which priority class a known customer's number takes: the first row that holds; the care lane stays before all others."""

    rows: tuple[ClassRow, ...] = said(_("Rows"), default=())
    at_kiosk: bool = said(_("Customers may tell the kiosk who they are"), default=True)
    needs_by_phone: bool = said(
        _("Needs count for a number that was typed in"), default=False,
        help=_("Others know a telephone number too: whoever typed it in would learn of the need by the ticket."),
    )  # fmt: skip

    def rows_for(self, how: KnownBy) -> tuple[ClassRow, ...]:
        """Return the rows that count for a customer who became known in this way.

        >>> rule = CustomerClasses((ClassRow(By.TAG, "elderly", "care"),))
        >>> len(rule.rows_for(KnownBy.PHONE)), len(rule.rows_for(KnownBy.CARD))
        (0, 1)
        """
        is_typed = how is KnownBy.PHONE and not self.needs_by_phone
        return tuple(row for row in self.rows if not (is_typed and row.by is By.TAG))


def class_of_known(
    rows: Iterable[ClassRow], *, segment: str, level: str, tags: Collection[str], classes: Mapping[str, UUID],
    green: Mapping[str, UUID], care: Collection[UUID],
) -> UUID | None:  # fmt: skip
    """Return the priority class of a known customer; None: none of the rows holds, so the number is like everybody's.

    `classes` are the hall's classes by code, `green` the classes of the entitlements in force, `care` those of the care lane.
    A row whose class the hall does not have is passed over.

    >>> vip, care = UUID(int=1), UUID(int=2)
    >>> rows = [ClassRow(By.LEVEL, "gold", "vip"), ClassRow(By.TAG, "elderly", "care")]
    >>> hall = {"classes": {"vip": vip, "care": care}, "green": {}, "care": [care]}
    >>> class_of_known(rows, segment="", level="gold", tags=[], **hall) == vip
    True
    >>> class_of_known(rows, segment="", level="gold", tags=["elderly"], **hall) == care
    True
    """
    has = {By.SEGMENT: {segment} - {""}, By.LEVEL: {level} - {""}, By.TAG: set(tags)}
    holding = (row for row in rows if row.code in has[row.by])
    found = [which for row in holding if (which := green.get(row.entitlement) or classes.get(row.priority)) is not None]
    return next((which for which in found if which in care), found[0] if found else None)


def customer_link_id(ticket: UUID) -> UUID:
    """Return the subject of the facts that say who a ticket's customer is: one sequence a ticket.

    >>> customer_link_id(UUID(int=1)) == customer_link_id(UUID(int=1))
    True
    """
    return uuid5(ticket, "customer")
