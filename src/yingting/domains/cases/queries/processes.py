"""Processes as their owners see them: the editions there are, and how many cases run by each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Min

from yingting.domains.cases.models import OPEN, Case, ProcessEdition
from yingting.domains.cases.queries.rules_in_force import PROCESS, PROCESS_NAMES
from yingting.domains.cases.refusals import PROCESS_UNKNOWN
from yingting.domains.cases.rules.processes import Process
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import as_body, from_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.rulebook.reading import InForce, in_force, in_force_by_key
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.canonical import canonical, digest
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import Named

SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Usage:
    """How many cases run by an edition and ran by it, and when the first of them began; of the reader's part of the tree."""

    running: int = 0
    all: int = 0
    since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One text of a process: as shipped, as a version of a unit, or as cases keep it though nobody has it any more.

    `ref` names it in addresses; `kept` are the texts that cases hold.
    """

    ref: str
    process: Process
    unit: Unit | None = None
    number: int = 0
    valid_from: dt.date | None = None
    is_withdrawn: bool = False
    reason: str = ""
    kept: tuple[UUID, ...] = ()
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Listed:
    """A process of a unit with its edition in force, and the cases of the reader's part that run by whichever edition."""

    name: Named
    held: InForce[Process]
    running: int


def names_of(path: str, day: dt.date) -> dict[str, Named]:
    """Return the processes of a unit by code."""
    return {one.code: one for one in in_force(PROCESS_NAMES, path=path, day=day).rule.processes}


def require_process(code: str, path: str, day: dt.date) -> Named:
    """Return a process by its code. Raises Refusal case.process_unknown."""
    named = names_of(path, day).get(code)
    if named is None:
        raise Refusal(PROCESS_UNKNOWN)
    return named


def processes_of(actor: Actor, path: str, day: dt.date) -> list[Listed]:
    """Return the processes of a unit as they are in force on a day."""
    names = names_of(path, day)
    held = in_force_by_key(PROCESS, path=path, day=day, keys=tuple(names))
    mine = _cases(actor).filter(OPEN).order_by().values_list("process").annotate(n=Count("pk"))
    running = dict(mine.values_list("process", "n"))
    return [Listed(named, held[code], running.get(code, 0)) for code, named in names.items()]


def _cases(actor: Actor):  # type: ignore[no-untyped-def]  # a queryset of our own rows
    """The cases that a process owner may count; who reads them needs another permission."""
    return Case.objects.filter(under("unit__path", actor.paths(Permission.CASE_CONFIGURE)))


def editions_of(actor: Actor, code: str) -> list[Edition]:
    """Return every edition of a process that is the reader's business: of units in their part of the tree and above it."""
    kept = _kept(actor, code)
    usages = _usages(actor, code)
    shipped = PROCESS.shipped_for(code)
    mine = digest(canonical(as_body(PROCESS, shipped)))
    ours = tuple(row.pk for row in kept if not row.number and row.digest == mine)
    found = [Edition(SHIPPED, shipped, kept=ours, usage=_sum(usages, ours))]
    named = set(ours)
    for row in _versions(actor, code):
        ids = tuple(one.pk for one in kept if (one.path, one.number) == (row.unit.path, row.number))
        named.update(ids)
        found.append(
            Edition(
                f"v-{row.pk}", from_body(PROCESS, row.body), row.unit, row.number, row.valid_from,
                row.withdrawn_at is not None, row.reason, ids, _sum(usages, ids),
            )
        )  # fmt: skip
    for one in kept:
        if one.pk not in named:
            unit = Unit.objects.filter(path=one.path).first()
            process = from_body(PROCESS, one.body)
            found.append(
                Edition(f"e-{one.pk}", process, unit, one.number, kept=(one.pk,), usage=_sum(usages, (one.pk,)))
            )
    return found


def _is_seen(actor: Actor, path: str) -> bool:
    """Is a unit in the reader's part of the tree, or above it? What is written above holds for them too."""
    return any(path.startswith(mine) or mine.startswith(path) for mine in actor.paths(Permission.CASE_CONFIGURE))


def _versions(actor: Actor, code: str) -> list[RuleVersion]:
    rows = RuleVersion.objects.filter(kind=PROCESS.code, key=code).select_related("unit")
    return [row for row in rows.order_by("valid_from", "written_at") if _is_seen(actor, row.unit.path)]


def _kept(actor: Actor, code: str) -> list[ProcessEdition]:
    rows = ProcessEdition.objects.filter(code=code).order_by("first_used_at")
    return [row for row in rows if _is_seen(actor, row.path)]


def _usages(actor: Actor, code: str) -> dict[UUID, Usage]:
    rows = _cases(actor).filter(process=code).order_by().values("edition").annotate(
        running=Count("pk", filter=OPEN), all=Count("pk"), since=Min("registered_at")
    )  # fmt: skip
    return {row["edition"]: Usage(row["running"], row["all"], row["since"]) for row in rows}


def _sum(usages: dict[UUID, Usage], ids: tuple[UUID, ...]) -> Usage:
    mine = [usages[one] for one in ids if one in usages]
    return Usage(
        sum(one.running for one in mine),
        sum(one.all for one in mine),
        min((one.since for one in mine if one.since), default=None),
    )
