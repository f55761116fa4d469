"""Suggestions over HTTP: leave one, list, follow, support, by the same actions and the same scope as the pages.

`Idempotency-Key` on a POST makes a retry safe: it is the client's name for this one deed. Only people have a voice, no devices.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status
from pydantic import AwareDatetime

from yingting.domains.cases.facade import now_at, once
from yingting.domains.queueing.api import KEYED, PROBLEMS, actor_of, key_of
from yingting.domains.voices.actions import suggesting
from yingting.domains.voices.actions.suggesting import Idea
from yingting.domains.voices.queries.outside import (
    list_outside,
    made_outside,
    require_staff,
    suggestion_outside,
    votes_outside,
)
from yingting.domains.voices.queries.suggestions import suggestion_of
from yingting.foundation.people.access import person_in
from yingting.kernel.actors import Actor

router = Router(tags=["suggestions"])
NO_NUL = r"^[^\x00]*$"


class Which(StrEnum):
    """Which suggestions are listed."""

    ALL = ""
    MINE = "mine"
    OPEN = "open"
    ANSWER = "answer"
    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT = "not"


class IdeaIn(Schema):
    """A suggestion. `about` is a category of cases; without `is_named` colleagues do not see who made it."""

    kind: Annotated[str, Field(max_length=40, pattern=NO_NUL)]
    title: Annotated[str, Field(max_length=80, pattern=NO_NUL)]
    text: Annotated[str, Field(max_length=2000, pattern=NO_NUL)]
    effect: Annotated[str, Field(max_length=400, pattern=NO_NUL)]
    about: Annotated[str, Field(max_length=64, pattern=NO_NUL)] = ""
    cost_fen: Annotated[int, Field(ge=0, le=10**11)] | None = None
    is_named: bool = True
    campaign: UUID | None = None


class MadeOut(Schema):
    """The suggestion, with the number of its case."""

    id: UUID
    number: str


class VotesOut(Schema):
    """The votes of a suggestion, and whether one of them is the caller's."""

    id: UUID
    votes: int
    is_supported: bool


class LineOut(VotesOut):
    """A suggestion of a list; `who` is null where the reader may not know, `judgement` until it is answered."""

    number: str
    kind: str
    title: str
    unit: str
    at: AwareDatetime
    who: str | None
    is_mine: bool
    judgement: str | None


class ListOut(Schema):
    """A page of a list; `next` is where the following one begins, null: it was the last."""

    suggestions: list[LineOut]
    next: int | None


class ActionOut(Schema):
    """What is done because of a suggestion."""

    what: str
    due_on: dt.date
    state: str
    effect: str


class StretchOut(Schema):
    """What an indicator said over some days, of so many cases."""

    first: dt.date
    last: dt.date
    value: float | None
    n: int


class EffectOut(Schema):
    """An indicator before a suggestion was carried out and after it, and what may be said of the change."""

    indicator: str
    units: list[str]
    verdict: str
    before: StretchOut
    after: StretchOut


class SuggestionOut(LineOut):
    """A suggestion with its answer, what is done because of it, and what that has brought. `due_at`: to be answered by."""

    text: str
    effect: str
    cost_fen: int | None
    why: str
    judged_at: AwareDatetime | None
    due_at: AwareDatetime | None
    is_overdue: bool
    may_vote: bool
    joined_into: UUID | None
    actions: list[ActionOut]
    effects: list[EffectOut]


@router.post("", response={201: MadeOut, **PROBLEMS}, openapi_extra=KEYED)
def leave(request: HttpRequest, body: IdeaIn) -> Any:
    """Leave a suggestion at one's own unit."""
    actor, idea = actor_of(request), Idea(**body.dict())
    require_staff(actor)
    now = now_at(person_in(actor).unit.path)

    def act() -> UUID:
        return suggesting.suggest(idea=idea, actor=actor, now=now)

    made = once(act, UUID, key=key_of(request), what=f"suggest {idea}", actor=actor, now=now)
    return Status(201, made_outside(made))


@router.get("", response={200: ListOut, **PROBLEMS})
def listing(request: HttpRequest, which: Which = Which.MINE, begin: Annotated[int, Field(ge=0, le=10**6)] = 0) -> Any:
    """One's own suggestions, or those that the caller may read, 50 at once from `begin` on."""
    return list_outside(actor_of(request), which.value, begin)


@router.get("/{uuid:suggestion}", response={200: SuggestionOut, **PROBLEMS})
def follow(request: HttpRequest, suggestion: UUID) -> Any:
    """Follow a suggestion: its answer, what is done because of it, what that has brought."""
    actor = actor_of(request)
    return suggestion_outside(actor, suggestion, _now_of(actor, suggestion))


@router.post("/{uuid:suggestion}/support", response={200: VotesOut, **PROBLEMS}, openapi_extra=KEYED)
def support(request: HttpRequest, suggestion: UUID) -> Any:
    """Give a suggestion one's vote."""
    return _vote(request, suggestion, suggesting.support)


@router.post("/{uuid:suggestion}/withdraw-support", response={200: VotesOut, **PROBLEMS}, openapi_extra=KEYED)
def withdraw_support(request: HttpRequest, suggestion: UUID) -> Any:
    """Take one's vote back."""
    return _vote(request, suggestion, suggesting.withdraw_support)


def _vote(request: HttpRequest, suggestion: UUID, action: Callable[..., None]) -> dict[str, Any]:
    actor = actor_of(request)
    now = _now_of(actor, suggestion)

    def act() -> dict[str, Any]:
        action(suggestion=suggestion, actor=actor, now=now)
        return votes_outside(actor, suggestion)

    what = f"{action.__name__} {suggestion}"
    return once(act, dict[str, Any], key=key_of(request), what=what, actor=actor, now=now)


def _now_of(actor: Actor, suggestion: UUID) -> dt.datetime:
    return now_at(suggestion_of(actor, suggestion).unit.path)
