"""What one case is to another, inside a step."""

from __future__ import annotations

from uuid import UUID

from yingting.domains.cases.actions.stepping.turns import Turn
from yingting.domains.cases.facts import CaseLinked
from yingting.domains.cases.models import Link, LinkSort
from yingting.domains.cases.queries.links import links


def add_link(taken: Turn, other: UUID, sort: LinkSort, by: UUID | None) -> None:
    """Link the case with another; twice is the same as once, unless it was taken back meanwhile."""
    if not links().filter(case=taken.case, other=other, sort=sort).exists():
        Link.objects.create(case=taken.case, other_id=other, sort=sort, at=taken.now, by_id=by)
        taken.note(CaseLinked(other, sort.value))
        taken.touch()
