"""A request that carries a key is done once: asked again, its first answer is given (decision 0003)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError
from pydantic import TypeAdapter

from yingting.domains.cases.models import KeptAnswer
from yingting.domains.queueing.facade import KEY_REUSED
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

T = TypeVar("T")
# A retry comes within seconds; a phone that was out of reach, within days.
KEPT = dt.timedelta(days=7)


def once(act: Callable[[], T], shape: type[T], *, key: str | None, what: str, actor: Actor, now: dt.datetime) -> T:
    """Do what was asked, and keep the answer (of `shape`) under the key in the same transaction; asked again, return it.

    `what` tells what was asked; without a key it is just done. Raises Refusal request.key_reused, and whatever `act` refuses.
    """
    if key is None:
        return act()
    assert actor.id is not None  # the system sends no requests
    asked = hashlib.sha256(what.encode()).hexdigest()
    try:
        with writing():
            if kept := _kept(key, actor.id):
                return _same(kept, asked, shape)
            answer = act()
            KeptAnswer.objects.create(
                asker=actor.id, key=key, what=asked, body=TypeAdapter(shape).dump_python(answer, mode="json"), at=now
            )
            return answer
    except IntegrityError:  # the same request was faster by a moment: nothing of this one is left
        if kept := _kept(key, actor.id):
            return _same(kept, asked, shape)
        raise


def _kept(key: str, asker: UUID) -> KeptAnswer | None:
    return KeptAnswer.objects.filter(asker=asker, key=key).first()


def _same(kept: KeptAnswer, asked: str, shape: type[T]) -> T:
    if kept.what != asked:
        raise Refusal(KEY_REUSED)
    answer: T = TypeAdapter(shape).validate_python(kept.body)
    return answer


def forget_answers(*, actor: Actor, now: dt.datetime) -> int:  # noqa: ARG001 - every action names who acts
    """Forget answers that nobody asks for again; return how many went."""
    with writing():
        gone, _by_table = KeptAnswer.objects.filter(at__lt=now - KEPT).delete()
    return gone
