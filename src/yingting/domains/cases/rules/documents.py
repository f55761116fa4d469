"""Laws, rules and orders that limits rest on: what cites them, and what is amiss with a citation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yingting.domains.cases.rules.processes import ClockRule, Process, Step
from yingting.kernel.shapes import codes_once, said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.limits import Limit


@dataclass(frozen=True, slots=True)
class Document:
    """A law, a ministry's rule, an order of the group or the province. A limit cites it by naming it in its basis."""

    code: str = said(_("Code"))
    name: str = said(_("Title"), help=_("As limits cite it in their basis."))
    number: str = said(_("Number"), default="", help=_("Such as order 35 of the ministry."))
    issuer: str = said(_("Issued by"), default="")
    area: str = said(_("Where it holds"), default="", help=_("Empty: in the whole country."))
    in_force_since: dt.date | None = said(_("In force since"), default=None)
    until: dt.date | None = said(_("In force until"), default=None, help=_("The last day on which it holds."))
    replaced_by: str = said(_("Superseded by"), rows="documents", default="")
    place: str = said(_("Where the text is"), default="", help=_("A link, or the place of the file."))
    says: str = said(_("What it says about limits"), is_long=True, default="")

    def holds_on(self, day: dt.date) -> bool:
        """Is it in force on a day?"""
        return (self.in_force_since is None or self.in_force_since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Documents:
    """The register of laws and policies."""

    documents: tuple[Document, ...] = said(_("Laws and policies"), default=())


class Amiss(Titled):
    """What may be amiss with a citation."""

    NOT_IN_FORCE = "not_in_force", _("the document is not in force today")
    OTHER_DATE = "other_date", _("the basis names another date than the register")


@dataclass(frozen=True, slots=True)
class Citation:
    """A basis somewhere in a process: of the process itself ("" and no limit), of a clock or of a step (its code)."""

    process: str
    part: str
    name: str
    name_en: str
    basis: str
    since: dt.date | None
    limit: Limit | None = None

    def amiss(self, document: Document, today: dt.date) -> tuple[Amiss, ...]:
        """Return what is amiss with citing the document."""
        found = [] if document.holds_on(today) else [Amiss.NOT_IN_FORCE]
        if self.since and document.in_force_since and self.since != document.in_force_since:
            found.append(Amiss.OTHER_DATE)
        return tuple(found)


def citations_of(code: str, process: Process) -> list[Citation]:
    """Return all that a process rests on, by its own word."""
    found = [Citation(code, "", "", "", process.basis, process.basis_date)]
    parts: tuple[ClockRule | Step, ...] = (*process.clocks, *process.steps)
    for part in parts:
        limit = part.limit
        found.append(Citation(code, part.code, part.name, part.name_en, limit.basis, limit.in_force_since, limit))
    return [one for one in found if one.basis]


def cites(basis: str, document: Document) -> bool:
    """Does a basis name the document, by its title?

    >>> cites("河南省电信条例第38条", Document("henan", "河南省电信条例"))
    True
    """
    return bool(document.name) and document.name.strip("《》") in basis


def document_problems(rule: Documents) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Yield codes that are there twice, days in the wrong order, and a document that is replaced while it holds on for ever."""
    yield from codes_once((one.code for one in rule.documents), "documents")
    for n, one in enumerate(rule.documents):
        if one.until and one.in_force_since and one.until < one.in_force_since:
            yield f"documents-{n}-until", _("It ends before it begins."), {}
        if one.replaced_by and one.until is None:
            yield f"documents-{n}-until", _("Say until when “%(name)s” holds: it is replaced."), {"name": one.name}


def uncited(citations: Sequence[Citation], documents: Sequence[Document]) -> list[Citation]:
    """Return what rests on something that the register does not have."""
    return [one for one in citations if not any(cites(one.basis, document) for document in documents)]
