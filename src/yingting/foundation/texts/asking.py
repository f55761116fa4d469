"""Put texts to customers into the outbox. It runs in the caller's transaction; the worker sends (`sending.py`).

Whether a customer may be told is the caller's decision: it is asked again when the text leaves (`kinds.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.models import Channel
from yingting.foundation.privacy.rules import is_mobile, phone_of
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.texts.facts import TextQueued
from yingting.foundation.texts.kinds import TEST
from yingting.foundation.texts.models import Text
from yingting.foundation.texts.refusals import NO_MOBILE
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal

LONGEST = 500  # characters: some seven parts of a Chinese text message
TEST_LASTS = dt.timedelta(minutes=10)
_NONE = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class Texting:
    """A text to be sent: of which kind, about which record, once for `key`; to whom, what, and how long it is of use."""

    kind: str
    about: UUID
    key: str
    phone: str
    words: str
    lasts: dt.timedelta


def has_gateways() -> bool:
    """Is there any gateway to customers in the house?"""
    return Channel.objects.filter(is_active=True, for_customers=True).exists()


def gateway_for(path: str) -> Channel | None:
    """Return the gateway by which customers of a unit are texted: the nearest one up the house, None where there is none."""
    rows = Channel.objects.select_related("unit").filter(
        is_active=True, for_customers=True, unit__path__in=prefixes(path)
    )
    return max(rows, key=lambda row: (len(row.unit.path), row.name), default=None)


def text_customers(
    textings: Iterable[Texting], *, gateway: Channel, unit: UUID, actor: Actor, now: dt.datetime,
    leaves_at: dt.datetime | None = None,
) -> int:  # fmt: skip
    """Put texts into the outbox; return how many are new. What was asked for before, and what is no mobile number, is left out.

    `leaves_at` is the outbox's clock where `now` is that of a hall, which may be another (None: the same).
    """
    due_at = leaves_at or now
    asked = [one for one in textings if is_mobile(one.phone) and one.lasts > _NONE]
    if not asked:
        return 0
    new = 0
    with writing():
        for one in asked:
            phone, words = phone_of(one.phone), one.words.strip()[:LONGEST]
            row, is_new = Text.objects.get_or_create(
                kind=one.kind, about=one.about, key=one.key,
                defaults={
                    "channel": gateway, "unit_id": unit, "phone": phone, "words": words, "created_at": now, "due_at": due_at,
                    "ends_at": due_at + one.lasts,
                },
            )  # fmt: skip
            if is_new:
                fact = TextQueued(gateway.pk, one.kind, one.about)
                record(fact, subject=row.pk, version=1, actor=actor, now=due_at)
                new += 1
    return new


def put_test_text(*, gateway: Channel, phone: str, words: str, actor: Actor, now: dt.datetime) -> None:
    """Ask for a test text to a number. The caller has checked the right. Raises Refusal text.no_mobile."""
    if not is_mobile(phone):
        raise Refusal(NO_MOBILE)
    texting = Texting(TEST.code, new_id(), "", phone, words, TEST_LASTS)
    text_customers([texting], gateway=gateway, unit=gateway.unit_id, actor=actor, now=now)
