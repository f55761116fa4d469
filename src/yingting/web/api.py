"""The API: one ninja application, a router per domain, bearer tokens, refusals as RFC 9457 problem details."""

from __future__ import annotations

import time
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request, gettext, override
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import BaseRenderer
from ninja.security import HttpBearer

from yingting.domains.appointments.api import router as appointments
from yingting.domains.cases.api import router as cases
from yingting.domains.queueing.api import router as queueing
from yingting.domains.voices.api import router as suggestions
from yingting.foundation.people.access import actor_for_token
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.web.refusing import problem

# An actor is kept this long: a busy hall asks for the same few tokens over and over, and a revoked token or a changed role
# takes effect at the latest after it.
ACTOR_KEPT_S = 2.0
_actors: dict[str, tuple[float, Actor]] = {}


class BearerToken(HttpBearer):
    """`Authorization: Bearer TOKEN`, of a person or a paired device."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Read the token straight from META: `request.headers` would translate every header of every call."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return self.authenticate(request, token.strip()) if scheme.lower() == "bearer" else None

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the actor and put it on the request as `request.actor`; None means 401."""
        kept = _actors.get(token)
        now = time.monotonic()
        if kept is None or now - kept[0] > ACTOR_KEPT_S:
            actor = actor_for_token(token)
            if actor is None:
                _actors.pop(token, None)
                return None
            if len(_actors) > 5000:
                _actors.clear()
            kept = _actors[token] = (now, actor)
        request.actor = kept[1]  # type: ignore[attr-defined]
        return kept[1]


class OrjsonRenderer(BaseRenderer):
    """JSON by orjson: it knows UUIDs and instants."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Return the JSON text."""
        return orjson.dumps(data)


api = NinjaAPI(
    title="Yingting",
    version="1",
    description=(
        "The queue of a service hall, its appointments, its cases, and the suggestions of its staff. Every operation needs a bearer "
        "token of a person or a paired device."
    ),
    auth=BearerToken(),
    renderer=OrjsonRenderer(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/halls", queueing)
api.add_router("/halls", appointments)
api.add_router("/cases", cases)
api.add_router("/suggestions", suggestions)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    with override(get_language_from_request(request)):
        sentence = refusal.in_words(gettext)
    params = {name: str(value) for name, value in refusal.params.items()}
    return problem(status=refusal.status, code=refusal.code, title=sentence, params=params)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [{"where": [str(part) for part in item["loc"]], "what": item["msg"]} for item in error.errors]
    return problem(
        status=422, code="request.invalid", title="The request is not of the documented form.", errors=fields
    )


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(status=401, code="token.unknown", title="The bearer token is missing, unknown or revoked.")


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(status=error.status_code, code="request.unreadable", title="The body is not JSON that can be read.")
