"""Cases as other systems read them over the API: plain values, personal data as its mask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import Model

from yingting.domains.cases.queries.findings import of_case
from yingting.domains.cases.queries.moments import now_for
from yingting.domains.cases.queries.page import ClockTold, file_of
from yingting.domains.cases.queries.queue import PAGE, Asked, lines, open_of
from yingting.domains.cases.rules.gate import Missing
from yingting.foundation.privacy.fields import Sealed, SearchKey
from yingting.kernel.actors import Actor


def queue_outside(actor: Actor, asked: Asked, begin: int) -> dict[str, Any]:
    """Return a page of the work queue, and where the next one begins (None: it was the last)."""
    now = now_for(actor)
    found = lines(open_of(actor, asked, now), now, begin=begin)
    return {"cases": [asdict(line) for line in found], "next": begin + PAGE if len(found) == PAGE else None}


def file_outside(actor: Actor, case: UUID, now: dt.datetime) -> dict[str, Any]:
    """Return a case with all that belongs to it. Raises Refusal case.unknown."""
    told = file_of(actor, case, now)
    return {
        **_plain(told.case),
        "unit": told.case.unit.path,
        "words": _plain(told.words),
        "complainant": _plain(told.complainant) if told.complainant else None,
        "clocks": [_clock(clock) for clock in told.clocks],
        **{
            name: _rows(getattr(told, name))
            for name in ("cycles", "holdings", "handovers", "visits", "messages", "promises", "calls", "consults", "escalations")
        },
        # As on the page: all for who supervises the case, else one's own.
        "findings": _rows(of_case(actor, told.case)),
        "doers": sorted(told.doers),
        "missing_here": _missing(told.missing_here),
        "missing_to_close": _missing(told.missing_to_close),
    }  # fmt: skip


def _rows(rows: Iterable[Model]) -> list[dict[str, Any]]:
    return [_plain(row) for row in rows]


def _plain(row: Model) -> dict[str, Any]:
    """The columns of a row: what is sealed as its mask, fingerprints not at all."""
    columns = [field for field in row._meta.concrete_fields if not isinstance(field, SearchKey)]
    values = {field.attname: getattr(row, field.attname) for field in columns if field.attname != "case_id"}
    return {name: value.masked if isinstance(value, Sealed) else value for name, value in values.items()}


def _clock(clock: ClockTold) -> dict[str, Any]:
    return {
        "id": clock.id, "code": clock.code, "sort": clock.sort, "cycle": clock.cycle, "due_at": clock.due.at,
        "is_provisional": clock.due.is_provisional, "is_running": clock.is_running, "is_resting": clock.is_resting,
        "is_statutory": clock.limit.is_statutory, "breached_at": clock.breached_at, "breach_s": clock.breach_s,
    }  # fmt: skip


def _missing(missing: Missing) -> dict[str, Any]:
    return {
        "needs": [need.value for need in missing.needs], "proofs": missing.proofs,
        "proofs_awaited": missing.proofs_awaited, "actions": missing.actions,
    }  # fmt: skip
