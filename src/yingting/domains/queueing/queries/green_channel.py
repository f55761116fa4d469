"""The green channel as data: who is entitled to it, what they show, and which priority class their ticket takes.

It is not the care lane: that needs no grant and stays ahead of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing.contracts import Priority
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.shapes import codes_once, items_of, said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One kind of entitlement to the green channel."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    shows: str = said(
        _("What the customer shows"), help=_("Several, each after a comma. It is looked at, never copied."), default=""
    )
    shows_en: str = said(_("What the customer shows, in English"), default="")
    priority: str = said(
        _("Priority class"), choices="priorities", default="green",
        help=_("Numbers get this class by a grant only."),
    )  # fmt: skip
    since: dt.date | None = said(_("From"), default=None)
    until: dt.date | None = said(_("Until"), default=None)

    @property
    def papers(self) -> tuple[tuple[str, str], ...]:
        """What may be shown, one by one (Chinese, English)."""
        named, english = items_of(self.shows), items_of(self.shows_en)
        return tuple((name, english[i] if i < len(english) else name) for i, name in enumerate(named))

    def holds_on(self, day: dt.date) -> bool:
        """Is it in force on the day? Both ends belong to it.

        >>> Entitlement("x", "x", until=dt.date(2026, 1, 5)).holds_on(dt.date(2026, 1, 5))
        True
        """
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class GreenChannel:
    """Who is entitled to the green channel."""

    entitlements: tuple[Entitlement, ...] = said(_("Entitlements"), default=())


def _check(rule: GreenChannel, _path: str) -> Iterable[Problem]:
    yield from codes_once((row.code for row in rule.entitlements), "entitlements")
    for row in rule.entitlements:
        if "/" in row.code:
            yield "entitlements", _("A code has no slash."), {}
        if not row.papers:
            yield "entitlements", _("Say what the customer shows for “%(name)s”."), {"name": row.name}
        if row.since and row.until and row.until < row.since:
            yield "entitlements", _("“%(name)s” ends before it begins."), {"name": row.name}


GREEN_CHANNEL = declare(
    Kind(
        code="queueing.green_channel",
        title=_("Green channel"),
        purpose=_("Who gets the green channel, what they show for it, and the priority class that their number takes."),
        shape=GreenChannel,
        shipped=GreenChannel(
            (
                Entitlement("star", "高星级客户", "Top-star customer", "手机星级页面,贵宾卡", "Star page on the phone,VIP card"),
                Entitlement("soldier", "现役军人", "On active service", "军官证,士兵证", "Officer's card,Soldier's card"),
                Entitlement("veteran", "退役军人", "Veteran", "优待证", "Veteran's card"),
                Entitlement("donor", "无偿献血者", "Blood donor", "无偿献血荣誉证", "Donor's certificate of honour"),
                Entitlement("again", "本厅原因再次来厅", "Back because of our mistake", "上次业务的回执", "Slip of the last visit"),
            )
        ),
        source=_("CUS-24. The kinds are ours, to be set by each operator: they differ from city to city."),
        permission=Permission.CATALOGUE_CONFIGURE,
        check=_check,
        position=34,
    )
)  # fmt: skip


def green_classes(path: str, day: dt.date, priorities: Mapping[UUID, Priority]) -> dict[str, UUID]:
    """Return the priority class of each entitlement in force; one whose class the hall does not have is left out."""
    ids = {row.code: row.id for row in priorities.values()}
    rule = in_force(GREEN_CHANNEL, path=path, day=day).rule
    return {row.code: ids[row.priority] for row in rule.entitlements if row.holds_on(day) and row.priority in ids}
