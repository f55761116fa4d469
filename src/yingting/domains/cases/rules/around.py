"""The lists and numbers around processes: channels, severities, categories, causes, call backs, bounces, reopening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yingting.domains.cases.refusals import CHOICE_UNKNOWN
from yingting.domains.cases.rules.answers import SEEN, UNSEEN
from yingting.domains.cases.rules.ladder import Rung
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import Named, codes_once, said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Channel:
    """A way on which cases come in, with what it brings: a number of its own, a reply that must be sent, a law's clock."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    process: str = said(_("Process"), choices="case_processes", default="")
    has_number: bool = said(_("Has a number of its own"), default=False)
    needs_reply: bool = said(_("A reply document must be sent"), default=False)
    is_outside: bool = said(
        _("From outside the operator"), default=False, help=_("A regulator, a consumer association, the media: it counts as escalated.")
    )  # fmt: skip
    is_public: bool = said(_("Open to customers"), default=False)


@dataclass(frozen=True, slots=True)
class Channels:
    """The ways on which cases come in."""

    channels: tuple[Channel, ...] = said(_("Channels"), default=())


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the tree; `parent` is the code above it, "" at the top."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    parent: str = said(_("Under"), rows="categories", default="")


@dataclass(frozen=True, slots=True)
class Categories:
    """What cases are about, and where their causes lie."""

    categories: tuple[Category, ...] = said(_("Categories"), default=())
    causes: tuple[Named, ...] = said(_("Causes"), default=())
    severities: tuple[Named, ...] = said(_("Severities"), default=(), help=_("From the lightest to the gravest."))

    def known(self, code: str) -> str:
        """Return a code that is one of a category, "" for any other text."""
        return code if code in {one.code for one in self.categories} else ""


@dataclass(frozen=True, slots=True)
class Band:
    """A band of hours; attempts to call back count when they lie in different ones."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    since: dt.time = said(_("Begins at"), default=dt.time(8))


@dataclass(frozen=True, slots=True)
class Handling:
    """How cases are handled, whatever their process."""

    bounces: int = said(
        _("Hand-overs before the supervisor decides"), low=1, high=20, default=3,
        help=_("Accepted and declined ones together."),
    )  # fmt: skip
    reopen_days: int = said(
        _("May be reopened for"), unit=_("days"), low=0, high=365, default=30,
        help=_("Later a new case is opened that refers to the old one."),
    )  # fmt: skip
    repeat_days: int = said(
        _("A repeat within"), unit=_("days"), low=0, high=365, default=30,
        help=_("A case of the same telephone number within so many days is linked as a repeat."),
    )  # fmt: skip
    similar_days: int = said(
        _("Similar cases of the last"), unit=_("days"), low=0, high=365, default=30,
        help=_("Cases of the same category and place that are shown beside a case."),
    )  # fmt: skip
    near_hours: int = said(
        _("Nearly due from"), unit=_("hours"), low=0, high=240, default=4,
        help=_("How long before its due moment a case is marked in the queue."),
    )  # fmt: skip
    bands: tuple[Band, ...] = said(_("Bands of hours for call backs"), default=())
    outcomes: tuple[Named, ...] = said(_("Outcomes of an attempt to call back"), default=())
    waits: tuple[Named, ...] = said(_("Reasons for waiting"), default=())
    satisfied_from: int = said(
        _("Satisfied from the mark"), low=1, high=10, default=4, help=_("Marks of call backs from this one on count as satisfied.")
    )  # fmt: skip
    manners: tuple[Named, ...] = said(
        _("How the handling was"), default=(),
        help=_("Items that a call back looks at, each with yes, no or not seen: polite, quick, thorough."),
    )  # fmt: skip
    unreached: tuple[str, ...] = said(
        _("Outcomes that reached nobody"),
        default=(),
        rows="outcomes",
        help=_("Enough of them, at different hours, stand for a call back."),
    )

    @property
    def band_begins(self) -> list[tuple[str, dt.time]]:
        """The bands of hours by code, with when each begins."""
        return [(one.code, one.since) for one in self.bands]

    def seen(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return what was seen of every item; what is not answered was not seen. Raises Refusal case.choice_unknown."""
        items = [one.code for one in self.manners]
        if not (set(given) <= set(items) and set(given.values()) <= set(SEEN)):
            raise Refusal(CHOICE_UNKNOWN, field=_("How the handling was"))
        return {code: given.get(code, UNSEEN) for code in items}


@dataclass(frozen=True, slots=True)
class Ladder:
    """The escalation matrix."""

    rungs: tuple[Rung, ...] = said(_("Rungs"), default=())


@dataclass(frozen=True, slots=True)
class ProcessNames:
    """The processes of the house by name; what each is made of is a rule of its own."""

    processes: tuple[Named, ...] = said(_("Processes"), default=())


@dataclass(frozen=True, slots=True)
class ListNames:
    """The ways of reading lists of cases by name; what each reads is a rule of its own."""

    lists: tuple[Named, ...] = said(_("Ways of reading"), default=())


def category_problems(rule: Categories) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Yield codes that are there twice, and categories under one that is not there or under themselves."""
    yield from codes_once((one.code for one in rule.categories), "categories")
    yield from codes_once((one.code for one in rule.causes), "causes")
    yield from codes_once((one.code for one in rule.severities), "severities")
    above = {one.code: one.parent for one in rule.categories}
    for n, one in enumerate(rule.categories):
        seen, code = {one.code}, one.parent
        while code:
            if code not in above:
                yield f"categories-{n}-parent", _("There is no category “%(code)s” to stand under."), {"code": code}
                break
            if code in seen:
                yield f"categories-{n}-parent", _("The category “%(name)s” stands under itself."), {"name": one.name}
                break
            seen.add(code)
            code = above[code]


def below(categories: Iterable[Category], code: str) -> tuple[str, ...]:
    """Return the codes of a category and of those below it.

    >>> below([Category("fees", "资费"), Category("extra", "多收", parent="fees"), Category("device", "设备")], "fees")
    ('fees', 'extra')
    """
    rows = tuple(categories)
    return tuple(row.code for row in rows if any(one.code == code for one in line_of(rows, row.code)))


def line_of(categories: Iterable[Category], code: str) -> tuple[Category, ...]:
    """Return a category and those above it, from the top down; empty when there is none of this code.

    >>> [one.code for one in line_of([Category("fees", "资费"), Category("extra", "多收", parent="fees")], "extra")]
    ['fees', 'extra']
    """
    by_code = {one.code: one for one in categories}
    found: list[Category] = []
    while code in by_code and by_code[code] not in found:
        found.append(by_code[code])
        code = by_code[code].parent
    return tuple(reversed(found))
