"""Cases over HTTP: schema in → action → schema out, by the same actions and the same gate as the screens.

`If-Match: "7"` on a step says which version the caller looked at; somebody else's change meanwhile is 409 case.changed.
`Idempotency-Key` on a POST makes a retry safe. Personal data comes masked; to reveal it is for people, with a reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema
from pydantic import AfterValidator, AwareDatetime

from yingting.domains.cases.actions import closing, customers, handling, holding, tracing
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.actions.repeating import once
from yingting.domains.cases.contracts import Done, Registered
from yingting.domains.cases.queries.moments import now_at, now_of_case
from yingting.domains.cases.queries.outside import file_outside, queue_outside
from yingting.domains.cases.queries.queue import Asked, Which
from yingting.domains.cases.refusals import VERSION_FORM
from yingting.domains.queueing.api import KEYED, PROBLEMS, actor_of, key_of
from yingting.kernel.refusals import Refusal

router = Router(tags=["cases"])
_SEEN = {
    "in": "header", "name": "If-Match", "schema": {"type": "string"}, "required": False,
    "description": "The version of the case that the caller looked at, as its ETag tells it.",
}  # fmt: skip
_STEP: dict[str, Any] = {"parameters": [*KEYED["parameters"], _SEEN]}
Text = Annotated[str, Field(max_length=5000), AfterValidator(lambda text: text.replace("\x00", ""))]
Code = Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]


# What lies farther back is a slip of the pen: deadlines are reckoned day by day from there.
EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def _not_long_ago(at: dt.datetime) -> dt.datetime:
    if at < EARLIEST:
        raise ValueError(f"not before {EARLIEST:%Y-%m-%d}")
    return at


Instant = Annotated[AwareDatetime, AfterValidator(_not_long_ago)]


class RegisterIn(Schema):
    """A case as it came in. `unit` is the path of the unit; what is left empty follows from the channel's rule."""

    unit: Annotated[str, Field(max_length=160, pattern=r"^[^\x00]*$")]
    channel: Code
    text: Text
    process: Code = ""
    channel_number: Code = ""
    received_at: Instant | None = None
    severity: Code = ""
    category: Code = ""
    demand: Text = ""
    reason: Text = ""
    product: Annotated[str, Field(max_length=120, pattern=r"^[^\x00]*$")] = ""
    model: Annotated[str, Field(max_length=120, pattern=r"^[^\x00]*$")] = ""
    name: Code = ""
    phone: Code = ""
    number: Code = ""
    prefers: Annotated[str, Field(max_length=24, pattern=r"^[^\x00]*$")] = ""
    first_asker: UUID | None = None
    owner: UUID | None = None


class RegisteredOut(Schema):
    """The case with its numbers: the house's, and the customer's."""

    id: UUID
    number: str
    public_number: str
    due_at: AwareDatetime | None
    is_due_provisional: bool


class DoneOut(Schema):
    """The case after a step, with its version from now on."""

    case: UUID
    version: int


class Nothing(Schema):
    """A step that takes no values."""


class ClassifyIn(Schema):
    """What a case is about; what is left empty stays as it is."""

    severity: Code = ""
    category: Code = ""
    cause: Code = ""
    suggested: Code = ""


class FillIn(Schema):
    """Fields of the record by name: text, demand, reason, result, product, model."""

    words: dict[Literal["text", "demand", "reason", "result", "product", "model"], Text]


class VerifyIn(Schema):
    """Is it true?"""

    verification: Literal["true", "partly", "false"]


class MoveIn(Schema):
    """The next step of the process; who does it where another person must."""

    to: Code
    owner: UUID | None = None
    note: Text = ""


class WaitIn(Schema):
    """What is waited for."""

    reason: Code
    for_customer: bool


class HandOverIn(Schema):
    """Who shall take the case, and why."""

    receiver: UUID
    reason: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class AnswerOfferIn(Schema):
    """Accepted, or declined with the reason."""

    accepts: bool
    words: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""


class AssignIn(Schema):
    """Who handles it from now on."""

    owner: UUID


class ConsultIn(Schema):
    """Whom is asked what."""

    asked: UUID
    question: Text


class AnswerConsultIn(Schema):
    """The answer to a question."""

    consult: UUID
    answer: Text


class TellIn(Schema):
    """Something told to the customer; `reached_at` is when it reached them, null: not yet."""

    text: Text
    channel: Code
    reached_at: Instant | None = None
    is_answer: bool = False
    is_consent: bool = False


class PromiseIn(Schema):
    """A promised time."""

    due_at: AwareDatetime


class CallBackIn(Schema):
    """An attempt to call back."""

    outcome: Code
    solved: Literal["", "yes", "partly", "no"] = ""
    satisfied: Annotated[int, Field(ge=1, le=5)] | None = None
    words: Text = ""
    manners: dict[Code, Literal["yes", "no", "unseen"]] = {}


class SettleIn(Schema):
    """What came of the handling."""

    result: Literal["solved", "partly", "not"]


class FindIn(Schema):
    """Who is answerable, at which step; neither person nor unit: nobody."""

    cause: Code
    person: UUID | None = None
    unit: UUID | None = None
    step: Code = ""
    is_main: bool = True


class EndIn(Schema):
    """Why a case ends without the close."""

    outcome: Literal["withdrawn", "out_of_scope"]
    reason: Text


class ReasonIn(Schema):
    """Why."""

    reason: Text


class MergeIn(Schema):
    """The case that goes on."""

    into: UUID


def _answer(answer: Any, status: int = 200) -> HttpResponse:
    response = HttpResponse(orjson.dumps(answer), status=status, content_type="application/json")
    if version := answer.get("version") if isinstance(answer, dict) else getattr(answer, "version", None):
        response.headers["ETag"] = f'"{version}"'
    return response


def _seen(request: HttpRequest) -> int | None:
    said = request.META.get("HTTP_IF_MATCH", "").removeprefix("W/").strip('"')
    if not said or said == "*":
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise Refusal(VERSION_FORM)
    return int(said)


def _step(
    request: HttpRequest, case: UUID, action: Callable[..., Done], *, versioned: bool = True, **values: Any
) -> Any:
    """Take a step by its action, once for each key."""
    actor, seen = actor_of(request), _seen(request)
    now = now_of_case(actor, case)
    given = values | ({"seen": seen} if versioned else {})

    def act() -> Done:
        return action(case=case, actor=actor, now=now, **given)

    what = f"{action.__name__} {case} {given}"
    return _answer(once(act, Done, key=key_of(request), what=what, actor=actor, now=now))


@router.post("", response={201: RegisteredOut, **PROBLEMS}, openapi_extra=KEYED)
def register_case(request: HttpRequest, body: RegisterIn) -> Any:
    """Write a case down."""
    actor, now, intake = actor_of(request), now_at(body.unit), Intake(**body.dict())
    answer = once(
        lambda: register(intake=intake, actor=actor, now=now), Registered, key=key_of(request), what=f"register {intake}",
        actor=actor, now=now,
    )  # fmt: skip
    return _answer(answer, 201)


@router.get("", response={200: dict[str, Any], **PROBLEMS})
def queue(
    request: HttpRequest, which: Which = Which.MINE, process: Code = "", category: Code = "", severity: Code = "",
    begin: Annotated[int, Field(ge=0, le=10**6)] = 0,
) -> Any:  # fmt: skip
    """Open cases by their nearest due moment, 50 at once from `begin` on."""
    return _answer(
        queue_outside(actor_of(request), Asked(which, process, (category,) if category else (), severity), begin)
    )


@router.get("/{uuid:case}", response={200: dict[str, Any], **PROBLEMS})
def file(request: HttpRequest, case: UUID) -> Any:
    """A case with all that belongs to it, personal data masked, and what is still missing before it may go on or close."""
    actor = actor_of(request)
    return _answer(file_outside(actor, case, now_of_case(actor, case)))


@router.post("/{uuid:case}/accept", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def accept(request: HttpRequest, case: UUID) -> Any:
    """Take the case up."""
    return _step(request, case, holding.accept)


@router.post("/{uuid:case}/classify", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def classify(request: HttpRequest, case: UUID, body: ClassifyIn) -> Any:
    """Say how grave it is, what it is about, where its cause lies."""
    return _step(request, case, handling.classify, **body.dict())


@router.post("/{uuid:case}/fill", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def fill(request: HttpRequest, case: UUID, body: FillIn) -> Any:
    """Write fields of the record."""
    return _step(request, case, handling.fill, **body.dict())


@router.post("/{uuid:case}/verify", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def verify(request: HttpRequest, case: UUID, body: VerifyIn) -> Any:
    """Say whether it is true, partly true or false."""
    return _step(request, case, handling.verify, **body.dict())


@router.post("/{uuid:case}/move", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def move(request: HttpRequest, case: UUID, body: MoveIn) -> Any:
    """Go on to a next step of the process."""
    return _step(request, case, handling.move, **body.dict())


@router.post("/{uuid:case}/wait", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def wait(request: HttpRequest, case: UUID, body: WaitIn) -> Any:
    """Wait for the customer or for others."""
    return _step(request, case, handling.wait, **body.dict())


@router.post("/{uuid:case}/go-on", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def go_on(request: HttpRequest, case: UUID) -> Any:
    """Go on after waiting."""
    return _step(request, case, handling.go_on)


@router.post("/{uuid:case}/hand-over", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def hand_over(request: HttpRequest, case: UUID, body: HandOverIn) -> Any:
    """Offer the case to another; until they accept, the giver stays its owner."""
    return _step(request, case, holding.offer, **body.dict())


@router.post("/{uuid:case}/hand-over/answer", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def answer_hand_over(request: HttpRequest, case: UUID, body: AnswerOfferIn) -> Any:
    """Accept a case that was offered, or decline it."""
    return _step(request, case, holding.answer_offer, **body.dict())


@router.post("/{uuid:case}/hand-over/withdraw", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def withdraw_hand_over(request: HttpRequest, case: UUID) -> Any:
    """Take an offer back before it is answered."""
    return _step(request, case, holding.withdraw_offer)


@router.post("/{uuid:case}/assign", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def assign(request: HttpRequest, case: UUID, body: AssignIn) -> Any:
    """Name who handles it from now on: a superior's right."""
    return _step(request, case, holding.assign, **body.dict())


@router.post("/{uuid:case}/consult", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def consult(request: HttpRequest, case: UUID, body: ConsultIn) -> Any:
    """Ask a colleague; the owner stays the owner."""
    return _step(request, case, holding.consult, **body.dict())


@router.post("/{uuid:case}/consult/answer", response={200: DoneOut, **PROBLEMS}, openapi_extra=KEYED)
def answer_consult(request: HttpRequest, case: UUID, body: AnswerConsultIn) -> Any:
    """Answer what one was asked."""
    return _step(request, case, holding.answer_consult, versioned=False, **body.dict())


@router.post("/{uuid:case}/tell", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def tell(request: HttpRequest, case: UUID, body: TellIn) -> Any:
    """Write down what was told to the customer."""
    return _step(request, case, customers.tell, told=customers.Told(**body.dict()))


@router.post("/{uuid:case}/promise", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def promise(request: HttpRequest, case: UUID, body: PromiseIn) -> Any:
    """Promise the customer a time."""
    return _step(request, case, customers.promise, **body.dict())


@router.post("/{uuid:case}/call-back", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def call_back(request: HttpRequest, case: UUID, body: CallBackIn) -> Any:
    """Write down an attempt to call back, by somebody who did not handle the case."""
    return _step(request, case, customers.call_back, call=customers.Call(**body.dict()))


@router.post("/{uuid:case}/settle", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def settle(request: HttpRequest, case: UUID, body: SettleIn) -> Any:
    """Say what came of the handling."""
    return _step(request, case, closing.settle, **body.dict())


@router.post("/{uuid:case}/find", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def find(request: HttpRequest, case: UUID, body: FindIn) -> Any:
    """Say who is answerable."""
    return _step(request, case, tracing.find, found=tracing.Found(**body.dict()))


@router.post("/{uuid:case}/close", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def close(request: HttpRequest, case: UUID) -> Any:
    """Close a case from its last step, when nothing is missing, by somebody who did not handle it."""
    return _step(request, case, closing.close)


@router.post("/{uuid:case}/end", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def end(request: HttpRequest, case: UUID, body: EndIn) -> Any:
    """End a case that was withdrawn or is not ours: a superior's right."""
    return _step(request, case, closing.end_without, **body.dict())


@router.post("/{uuid:case}/reopen", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def reopen(request: HttpRequest, case: UUID, body: ReasonIn) -> Any:
    """Open a closed case again."""
    return _step(request, case, closing.reopen, **body.dict())


@router.post("/{uuid:case}/merge", response={200: DoneOut, **PROBLEMS}, openapi_extra=_STEP)
def merge(request: HttpRequest, case: UUID, body: MergeIn) -> Any:
    """Put a case into another one of the same matter; the answer is about that one."""
    return _step(request, case, closing.merge, **body.dict())
