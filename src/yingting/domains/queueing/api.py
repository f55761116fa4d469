"""The queue over HTTP: schema in → action → schema out. `Idempotency-Key` on a POST makes a retry safe."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from yingting.domains.queueing.actions import calling, issuing, moving, serving, sessions, verifying
from yingting.domains.queueing.queries.boards import hall_board, hall_live
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now, setup_of
from yingting.domains.queueing.queries.tickets import session_now, ticket_place
from yingting.domains.queueing.rules import Place
from yingting.foundation.people.access import actor_for_token, require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop

router = Router(tags=["queue"])
KEY_FORM = declare(
    "request.key_form", gettext_noop("An Idempotency-Key has 8 to 64 characters; a fresh UUID is right."), status=422
)
# Read by hand from the request: a declared header would build ninja's model of all headers for every call.
KEYED: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "schema": {"type": "string", "minLength": 8, "maxLength": 64},
            "required": False,
            "description": "A fresh UUID per press; a retry with the same key gets the first answer.",
        }
    ]
}


class Problem(Schema):
    """RFC 9457 problem details; `code` names the refusal, `title` says it in the reader's language, `params` holds what it is
    about (for queue.steered the other channel, its place and script; for queue.not_here the nearest hall).
    """

    type: str
    title: str
    status: int
    code: str
    params: dict[str, str] = {}


class IssueIn(Schema):
    """What a customer comes for."""

    business: UUID
    care: bool = False
    priority: UUID | None = None
    channel: Annotated[str, Field(pattern="^(kiosk|guide|phone|api)$")] = "api"
    insists: Annotated[str, Field(max_length=60)] | None = None


class IssueOut(Schema):
    """The ticket: number, people ahead, range of minutes (null when no counter serves the line)."""

    id: UUID
    secret: str
    number: str
    hall: UUID
    queue: UUID
    business: UUID
    priority: UUID
    issued_at: dt.datetime
    ahead: int
    low_min: int | None
    high_min: int | None


class CallOut(Schema):
    """The called ticket and which rule chose it; `told` has the values for the sentence of an edited rule."""

    id: UUID
    number: str
    queue: UUID
    business: UUID
    priority: UUID
    counter: UUID
    called_at: dt.datetime
    waited_s: float
    rule: str
    version: int
    told: dict[str, Any] = {}


class StepOut(Schema):
    """The ticket after a step."""

    id: UUID
    number: str
    state: str
    version: int
    at: dt.datetime


class SessionOut(Schema):
    """The counter session after a step."""

    id: UUID
    counter: UUID
    clerk: UUID
    state: str
    version: int
    at: dt.datetime


class OpenIn(Schema):
    """Which counter; for which clerk when the duty manager opens it."""

    counter: UUID
    clerk: UUID | None = None


class ReasonIn(Schema):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=60)]


class TransferIn(Schema):
    """Where to, and where in that line."""

    place: Place
    queue: UUID | None = None
    counter: UUID | None = None
    business: UUID | None = None


class BusinessIn(Schema):
    """A business type."""

    business: UUID


class SessionIn(Schema):
    """A counter session."""

    session: UUID


class PlacesIn(Schema):
    """How many others may go first."""

    places: Annotated[int, Field(ge=1, le=20)] = 3


class VerifyIn(Schema):
    """How risk business was made safe; a second person confirms with an own token."""

    how: verifying.How
    second_token: str | None = None


class RateIn(Schema):
    """A rating from 1 (bad) to 5 (very good); there is no default."""

    score: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Field(max_length=300)] = ""


PROBLEMS = dict.fromkeys((401, 403, 404, 409, 422), Problem)


def actor_of(request: HttpRequest) -> Actor:
    """Return who the token stands for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # put there by the token
    return actor


def key_of(request: HttpRequest) -> str | None:
    """Return the idempotency key of a request. Raises Refusal request.key_form."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is not None and not 8 <= len(key) <= 64:
        raise Refusal(KEY_FORM)
    return key


def _now(hall: UUID) -> dt.datetime:
    # The hot path trusts the remembered clock; the statements notice when the setup is outdated.
    return setup_of(hall).clock.at(system_now())


def _plain(answer: Any, status: int = 200) -> HttpResponse:
    """A contract as JSON. ninja's own check of answers would cost as much as the operation: contracts are typed already, and
    a test compares the answers with their schemas.
    """
    return HttpResponse(orjson.dumps(answer), status=status, content_type="application/json")


# Routes are tried in this order: the busy ones come first.
@router.post("/{uuid:hall}/tickets", response={201: IssueOut, **PROBLEMS}, openapi_extra=KEYED)
def issue(request: HttpRequest, hall: UUID, body: IssueIn) -> Any:
    """Take a ticket."""
    issued = issuing.issue_ticket(
        hall=hall, business=body.business, care=body.care, priority=body.priority, channel=body.channel,
        actor=actor_of(request), now=_now(hall), request_key=key_of(request), insists=body.insists,
    )  # fmt: skip
    return _plain(issued, 201)


@router.post("/{uuid:hall}/sessions/{uuid:session}/call", response={200: CallOut, **PROBLEMS}, openapi_extra=KEYED)
def call_next(request: HttpRequest, hall: UUID, session: UUID) -> Any:
    """Call the next customer for this counter."""
    actor = actor_of(request)
    require(actor, Permission.QUEUE_SERVE, setup_of(hall).path)
    seat = session_now(hall, session, actor)
    called = calling.call_next(
        hall=hall,
        session=session,
        counter=seat.counter,
        skills=seat.skills,
        actor=actor,
        now=_now(hall),
        request_key=key_of(request),
    )
    return _plain(called)


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/start", response={200: StepOut, **PROBLEMS}, openapi_extra=KEYED)
def start(request: HttpRequest, hall: UUID, ticket: UUID) -> Any:
    """The customer is at the counter."""
    return _plain(
        serving.start_handling(
            hall=hall, ticket=ticket, actor=actor_of(request), now=_now(hall), request_key=key_of(request)
        )
    )


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/finish", response={200: StepOut, **PROBLEMS}, openapi_extra=KEYED)
def finish(request: HttpRequest, hall: UUID, ticket: UUID) -> Any:
    """The visit is done."""
    return _plain(
        serving.finish(hall=hall, ticket=ticket, actor=actor_of(request), now=_now(hall), request_key=key_of(request))
    )


@router.get("/{uuid:hall}/board", response={200: dict[str, Any], **PROBLEMS})
def board(request: HttpRequest, hall: UUID) -> Any:
    """Now calling, recently called, waiting per queue."""
    actor, setup = actor_of(request), fresh_setup(hall)
    if not any(setup.path.startswith(path) for _, path in actor.grants):
        require(actor, Permission.QUEUE_VIEW, setup.path)
    return _plain(hall_board(setup, now=hall_now(hall)))


@router.get("/{uuid:hall}/live", response={200: dict[str, Any], **PROBLEMS})
def live(request: HttpRequest, hall: UUID) -> Any:
    """The hall as the duty manager sees it: waiting by queue and age, long waits, counters and their state."""
    setup = fresh_setup(hall)
    require(actor_of(request), Permission.QUEUE_VIEW, setup.path)
    return _plain(hall_live(setup, now=hall_now(hall)))


@router.get("/{uuid:hall}/tickets/{uuid:ticket}", response={200: dict[str, Any], **PROBLEMS})
def ticket(request: HttpRequest, hall: UUID, ticket: UUID) -> Any:
    """The live place of a ticket."""
    setup = fresh_setup(hall)
    actor = actor_of(request)
    if not actor.may(Permission.QUEUE_ISSUE, setup.path):
        require(actor, Permission.QUEUE_VIEW, setup.path)
    return _plain(ticket_place(setup, ticket, now=_now(hall)))


@router.post("/{uuid:hall}/sessions", response={200: SessionOut, **PROBLEMS})
def open_counter(request: HttpRequest, hall: UUID, body: OpenIn) -> Any:
    """Sign in at a counter, or (supervising) open it for a clerk."""
    return _plain(
        sessions.open_counter(
            hall=hall, counter=body.counter, clerk=body.clerk, actor=actor_of(request), now=hall_now(hall)
        )
    )


@router.post("/{uuid:hall}/sessions/{uuid:session}/pause", response={200: SessionOut, **PROBLEMS})
def pause(request: HttpRequest, hall: UUID, session: UUID, body: ReasonIn) -> Any:
    """Take no new tickets for a while, for a reason."""
    return _plain(
        sessions.pause(hall=hall, session=session, reason=body.reason, actor=actor_of(request), now=hall_now(hall))
    )


@router.post("/{uuid:hall}/sessions/{uuid:session}/unpause", response={200: SessionOut, **PROBLEMS})
def unpause(request: HttpRequest, hall: UUID, session: UUID) -> Any:
    """Take tickets again."""
    return _plain(sessions.unpause(hall=hall, session=session, actor=actor_of(request), now=hall_now(hall)))


@router.post("/{uuid:hall}/sessions/{uuid:session}/close", response={200: SessionOut, **PROBLEMS})
def close_counter(request: HttpRequest, hall: UUID, session: UUID) -> Any:
    """Sign out of the counter, or (supervising) close it."""
    return _plain(sessions.close_counter(hall=hall, session=session, actor=actor_of(request), now=hall_now(hall)))


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/recall", response={200: StepOut, **PROBLEMS})
def recall(request: HttpRequest, hall: UUID, ticket: UUID) -> Any:
    """Call once more."""
    return _plain(calling.recall(hall=hall, ticket=ticket, actor=actor_of(request), now=hall_now(hall)))


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/no-show", response={200: StepOut, **PROBLEMS})
def no_show(request: HttpRequest, hall: UUID, ticket: UUID) -> Any:
    """Nobody came."""
    return _plain(calling.mark_no_show(hall=hall, ticket=ticket, actor=actor_of(request), now=hall_now(hall)))


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/return", response={200: StepOut, **PROBLEMS})
def come_back(request: HttpRequest, hall: UUID, ticket: UUID) -> Any:
    """A missed customer is back and waits again."""
    return _plain(calling.return_ticket(hall=hall, ticket=ticket, actor=actor_of(request), now=hall_now(hall)))


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/transfer", response={200: StepOut, **PROBLEMS})
def transfer(request: HttpRequest, hall: UUID, ticket: UUID, body: TransferIn) -> Any:
    """Send on to a queue or a counter: first, last, or by age of the visit."""
    return _plain(
        moving.transfer_ticket(hall=hall, ticket=ticket, actor=actor_of(request), now=hall_now(hall), **body.dict())
    )


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/park", response={200: StepOut, **PROBLEMS})
def park(request: HttpRequest, hall: UUID, ticket: UUID, body: ReasonIn) -> Any:
    """Set the handling aside, for a reason."""
    return _plain(
        serving.park(hall=hall, ticket=ticket, reason=body.reason, actor=actor_of(request), now=hall_now(hall))
    )


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/resume", response={200: StepOut, **PROBLEMS})
def resume(request: HttpRequest, hall: UUID, ticket: UUID, body: SessionIn) -> Any:
    """Take a parked ticket up again."""
    return _plain(
        serving.resume(hall=hall, ticket=ticket, session=body.session, actor=actor_of(request), now=hall_now(hall))
    )


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/add-business", response={200: StepOut, **PROBLEMS})
def add_business(request: HttpRequest, hall: UUID, ticket: UUID, body: BusinessIn) -> Any:
    """One more business in the same handling."""
    return _plain(
        serving.add_business(
            hall=hall, ticket=ticket, business=body.business, actor=actor_of(request), now=hall_now(hall)
        )
    )


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/next-business", response={200: StepOut, **PROBLEMS})
def next_business(request: HttpRequest, hall: UUID, ticket: UUID, body: BusinessIn) -> Any:
    """End this handling and begin another business of the same visit."""
    return _plain(
        serving.next_business(
            hall=hall, ticket=ticket, business=body.business, actor=actor_of(request), now=hall_now(hall)
        )
    )


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/ask-rating", response={200: StepOut, **PROBLEMS})
def ask_rating(request: HttpRequest, hall: UUID, ticket: UUID) -> Any:
    """Ask the customer for a rating."""
    return _plain(serving.ask_rating(hall=hall, ticket=ticket, actor=actor_of(request), now=hall_now(hall)))


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/verify", response={200: StepOut, **PROBLEMS})
def verify(request: HttpRequest, hall: UUID, ticket: UUID, body: VerifyIn) -> Any:
    """Risk business was verified: identity checked again, confirmed by a second person, or not carried out."""
    second = actor_for_token(body.second_token) if body.second_token else None
    return _plain(
        verifying.verify_identity(
            hall=hall,
            ticket=ticket,
            how=body.how,
            second=second.id if second else None,
            actor=actor_of(request),
            now=hall_now(hall),
        )
    )


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/leave", response={200: StepOut, **PROBLEMS})
def leave(request: HttpRequest, hall: UUID, ticket: UUID) -> Any:
    """The customer gave the number back or was seen to go."""
    return _plain(moving.leave(hall=hall, ticket=ticket, actor=actor_of(request), now=hall_now(hall)))


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/step-back", response={200: StepOut, **PROBLEMS})
def step_back(request: HttpRequest, hall: UUID, ticket: UUID, body: PlacesIn) -> Any:
    """Let some others go first."""
    return _plain(
        moving.step_back(hall=hall, ticket=ticket, places=body.places, actor=actor_of(request), now=hall_now(hall))
    )


@router.post("/{uuid:hall}/tickets/{uuid:ticket}/rating", response={200: StepOut, **PROBLEMS})
def rate(request: HttpRequest, hall: UUID, ticket: UUID, body: RateIn) -> Any:
    """Rate the visit, once."""
    return _plain(
        moving.rate(
            hall=hall,
            ticket=ticket,
            score=body.score,
            comment=body.comment,
            actor=actor_of(request),
            now=hall_now(hall),
        )
    )
