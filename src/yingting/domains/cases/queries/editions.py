"""The process that a case runs by: frozen when it begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from yingting.domains.cases.models import ProcessEdition
from yingting.domains.cases.queries.rules_in_force import PROCESS, PROCESS_NAMES
from yingting.domains.cases.refusals import PROCESS_UNKNOWN
from yingting.domains.cases.rules.processes import Process, Step
from yingting.foundation.rulebook.kinds import as_body, from_body
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.canonical import canonical, digest
from yingting.kernel.refusals import Refusal


def edition_in_force(code: str, *, path: str, day: dt.date, now: dt.datetime) -> ProcessEdition:
    """Return the edition of a process as it is in force for a unit on a day, kept from now on. Raises Refusal
    case.process_unknown.
    """
    names = in_force(PROCESS_NAMES, path=path, day=day).rule
    found = in_force(PROCESS, path=path, day=day, key=code)
    if code not in {one.code for one in names.processes} or not found.rule.steps:
        raise Refusal(PROCESS_UNKNOWN)
    body = as_body(PROCESS, found.rule)
    edition, _made = ProcessEdition.objects.get_or_create(
        code=code, digest=digest(canonical(body)), path=found.path, number=found.number,
        defaults={"body": body, "first_used_at": now},
    )  # fmt: skip
    return edition


_known: dict[UUID, Process] = {}  # an edition never changes
MOST_KNOWN = 2_000


def process_of(edition: UUID) -> Process:
    """Return the process of an edition."""
    return processes_of([edition])[edition]


def processes_of(editions: Collection[UUID]) -> dict[UUID, Process]:
    """Return the processes of many editions, in one query at most."""
    missing = {*editions} - _known.keys()
    if missing:
        if len(_known) > MOST_KNOWN:
            _known.clear()
            missing = {*editions}
        for pk, body in ProcessEdition.objects.filter(pk__in=missing).values_list("pk", "body"):
            _known[pk] = from_body(PROCESS, body)
    return {edition: _known[edition] for edition in editions}


def step_names(codes: Collection[str]) -> dict[tuple[str, str], Step]:
    """Return the steps of processes by process and step, as the editions in use have them, the latest last."""
    rows = ProcessEdition.objects.filter(code__in=codes).order_by("first_used_at").values_list("pk", "code")
    known = dict(rows)
    processes = processes_of(known)
    return {(code, step.code): step for pk, code in known.items() for step in processes[pk].steps}
