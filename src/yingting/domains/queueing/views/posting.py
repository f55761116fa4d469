"""What the views of staff screens read from a request."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from yingting.domains.queueing.refusals import COUNTER_UNKNOWN, QUEUE_UNKNOWN
from yingting.domains.queueing.rules import Place
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor that the middleware put on the request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # put there by the middleware
    return actor


def posted_id(request: HttpRequest, name: str, unknown: str) -> UUID:
    """Return the id posted under the name. Raises the refusal `unknown` when it is none."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Refusal(unknown) from error


def posted_id_or_none(request: HttpRequest, name: str, unknown: str) -> UUID | None:
    """Return the id posted under the name, None when the field is empty or missing."""
    return posted_id(request, name, unknown) if request.POST.get(name) else None


def posted_target(request: HttpRequest) -> tuple[dict[str, UUID], Place]:
    """Return where a transfer goes ({"queue": id} or {"counter": id}, posted as "queue:ID") and its place in that line.

    Raises Refusal queue.unknown or counter.unknown when the form names neither.
    """
    kind, _, target = request.POST.get("to", "").partition(":")
    try:
        target_id, place = UUID(target), Place(request.POST.get("place", ""))
    except ValueError as error:
        raise Refusal(COUNTER_UNKNOWN if kind == "counter" else QUEUE_UNKNOWN) from error
    return {"counter" if kind == "counter" else "queue": target_id}, place


def posted_reason(request: HttpRequest) -> str:
    """Return the typed reason, or the chosen one where none was typed."""
    return request.POST.get("other", "").strip() or request.POST.get("reason", "")


def posted_key(request: HttpRequest) -> str | None:
    """Return the request key that the page made, None for none of a sensible length."""
    key = request.POST.get("key", "")
    return key if 8 <= len(key) <= 64 else None
