"""The register of laws and policies of a unit, with what rests on each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yingting.domains.cases.queries.processes import names_of
from yingting.domains.cases.queries.rules_in_force import DOCUMENTS, PROCESS
from yingting.domains.cases.rules.documents import Amiss, Citation, Document, citations_of, cites, uncited
from yingting.foundation.rulebook.reading import in_force, in_force_by_key


@dataclass(frozen=True, slots=True)
class Entered:
    """A document with what cites it, and what is amiss with that; the document that replaced it."""

    document: Document
    is_in_force: bool
    replaced_by: Document | None
    cited_by: tuple[tuple[Citation, tuple[Amiss, ...]], ...]


@dataclass(frozen=True, slots=True)
class Register:
    """The register of a unit on a day, and what rests on something that is not in it."""

    entered: tuple[Entered, ...]
    unknown: tuple[Citation, ...]


def register_of(path: str, day: dt.date) -> Register:
    """Return the laws and policies of a unit with what rests on each, by the processes in force there on the day."""
    documents = in_force(DOCUMENTS, path=path, day=day).rule.documents
    held = in_force_by_key(PROCESS, path=path, day=day, keys=tuple(names_of(path, day)))
    citations = [one for code, found in held.items() for one in citations_of(code, found.rule)]
    by_code = {one.code: one for one in documents}
    return Register(
        tuple(
            Entered(
                one, one.holds_on(day), by_code.get(one.replaced_by),
                tuple((cited, cited.amiss(one, day)) for cited in citations if cites(cited.basis, one)),
            )
            for one in documents
        ),
        tuple(uncited(citations, documents)),
    )  # fmt: skip
