"""The border to the outside: hand a text to the service behind an address, and say in a code what came of it.

Only the worker comes here. apprise takes a second to import, so it is imported on first use.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests import Response

log = logging.getLogger(__name__)
OK = 200
_answers: ContextVar[list[Response]] = ContextVar("answers")  # of the try that this thread is at


class Reason(StrEnum):
    """Why a text did not arrive; "" when it was accepted."""

    NONE = ""
    UNREACHABLE = "unreachable"  # no answer
    REFUSED = "refused"  # an answer with an HTTP status that is not 200
    REJECTED = "rejected"  # HTTP 200 with an error code of the service's own
    UNREADABLE = "unreadable"  # the address can no longer be unsealed
    UNUSABLE = "unusable"  # apprise makes nothing of the address


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: why it failed ("" when it did not), and the number that the service gave for it."""

    reason: Reason = Reason.NONE
    number: int | None = None


def carry(address: str | None, title: str, text: str) -> Outcome:
    """Hand a text to the service behind an address. Waits for the service for some seconds; raises nothing."""
    if address is None:
        return Outcome(Reason.UNREADABLE)
    from apprise import Apprise

    answers: list[Response] = []
    heard_by = _answers.set(answers)
    try:
        service = Apprise.instantiate(address)
        if service is None:
            return Outcome(Reason.UNUSABLE)
        _listen_to(service)
        accepted = bool(service.notify(title=title, body=text))
    except Exception as error:  # noqa: BLE001 - whatever a plugin does, the others' messages go on; the text may hold the address
        log.warning("a message could not be handed over: %s", type(error).__name__)
        return Outcome(Reason.UNREACHABLE)
    finally:
        _answers.reset(heard_by)
    return _outcome(accepted, answers)


def _outcome(accepted: bool, answers: list[Response]) -> Outcome:
    if any(not answer.ok for answer in answers) and not accepted:
        return Outcome(Reason.REFUSED, answers[-1].status_code)
    # Robots of WeCom, DingTalk and Feishu refuse with HTTP 200 and an error code in the body, which apprise does not read.
    for answer in answers:
        if code := _own_code(answer):
            return Outcome(Reason.REJECTED, code)
    return Outcome() if accepted else Outcome(Reason.UNREACHABLE)


def _own_code(answer: Response) -> int:
    try:
        said: Any = answer.json()
    except ValueError:
        return 0
    code = said.get("errcode", said.get("code", 0)) if isinstance(said, dict) else 0
    return code if isinstance(code, int) and code != OK else 0


def _listen_to(service: object) -> None:
    """Let a plugin that speaks by `requests` leave its answers in `_answers`. Done once for its module."""
    module = sys.modules[type(service).__module__]
    requests = getattr(module, "requests", None)
    if not isinstance(requests, ModuleType):  # it speaks another way (e-mail), or is listened to already
        return

    def heard(call: Callable[..., Response]) -> Callable[..., Response]:
        def ask(*args: Any, **kwargs: Any) -> Response:
            answer = call(*args, **kwargs)
            _answers.get().append(answer)
            return answer

        return ask

    ways = {verb: heard(getattr(requests, verb)) for verb in ("get", "post", "put", "request")}
    module.requests = SimpleNamespace(**{**vars(requests), **ways})  # type: ignore[attr-defined]
