"""Suggestions as other systems read them over the API: plain values; a name only where the reader may know it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from yingting.domains.voices.models import Suggestion
from yingting.domains.voices.queries.suggestions import Line, lines, listed, page_of, suggestion_of
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

PAGE = 50


def require_staff(actor: Actor) -> None:
    """Refuse a device: only people have a voice. Raises Refusal access.refused."""
    if actor.person is None:
        raise Refusal(ACCESS_REFUSED)


def list_outside(actor: Actor, which: str, begin: int) -> dict[str, Any]:
    """Return a page of suggestions, and where the next one begins (None: it was the last). Raises Refusal access.refused."""
    require_staff(actor)
    rows = list(listed(actor, which=which)[begin : begin + PAGE])
    return {
        "suggestions": [_line(one) for one in lines(actor, rows)],
        "next": begin + PAGE if len(rows) == PAGE else None,
    }


def made_outside(suggestion: UUID) -> dict[str, Any]:
    """Return what who has just left a suggestion needs to follow it."""
    row = Suggestion.objects.select_related("case").get(pk=suggestion)
    return {"id": row.pk, "number": row.case.number}


def votes_outside(actor: Actor, suggestion: UUID) -> dict[str, Any]:
    """Return the votes of a suggestion, and whether one of them is the reader's. Raises Refusal voice.unknown."""
    (line,) = lines(actor, [suggestion_of(actor, suggestion)])
    return {"id": line.row.pk, "votes": line.row.votes, "is_supported": line.is_supported}


def suggestion_outside(actor: Actor, suggestion: UUID, now: dt.datetime) -> dict[str, Any]:
    """Return one suggestion with its answer, what is done because of it, and what that has brought. Raises Refusal voice.unknown."""
    page = page_of(actor, suggestion, now)
    row, clock = page.line.row, page.clock
    is_waiting = clock is not None and not row.judgement
    return {
        **_line(page.line), "text": row.text, "effect": row.effect, "cost_fen": row.cost_fen, "why": row.why,
        "judged_at": row.judged_at, "due_at": clock.due.at if clock and is_waiting else None,
        "is_overdue": bool(clock and is_waiting and clock.breached_at), "may_vote": page.may_vote,
        "joined_into": row.joined_into_id,
        "actions": [
            {"what": one.what, "due_on": one.due_on, "state": one.state, "effect": one.effect} for one in page.remedies
        ],
        "effects": [
            {
                "indicator": one.row.indicator, "units": one.row.units, "verdict": one.row.verdict,
                **{
                    side: {name: getattr(one.row, f"{side}_{name}") for name in ("first", "last", "value", "n")}
                    for side in ("before", "after")
                },
            }
            for one in page.effects
        ],
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    row = line.row
    return {
        "id": row.pk, "number": row.case.number, "kind": row.kind, "title": row.title, "unit": row.unit.path, "at": row.at,
        "who": line.who or None, "is_mine": line.is_mine, "votes": row.votes, "is_supported": line.is_supported,
        "judgement": row.judgement or None,
    }  # fmt: skip
