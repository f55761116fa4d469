"""A text is done: sent, given up, or dropped. Then it is emptied of the person, and a fact says what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.privacy.fields import emptied
from yingting.foundation.texts.facts import TextDropped, TextFailed, TextSent
from yingting.foundation.texts.models import WAITING, Text
from yingting.kernel.actors import SYSTEM, Actor


def end(rows: Iterable[Text], now: dt.datetime, actor: Actor = SYSTEM, /, **said: object) -> int:
    """End texts, and empty them of the person; return how many. A claim that ran out meanwhile belongs to another worker."""
    ended = 0
    for row in rows:
        with writing():
            mine = Text.objects.filter(WAITING, pk=row.pk, attempts=row.attempts)
            if mine.update(claimed_until=None, **said, **emptied(Text)):
                ended += 1
                record(_fact(row, said), subject=row.pk, version=2, actor=actor, now=now)
    return ended


def _fact(row: Text, said: Mapping[str, object]) -> FactData:
    if "sent_at" in said:
        return TextSent(row.channel_id, row.kind, row.about, row.attempts)
    if "dropped_at" in said:
        return TextDropped(row.channel_id, row.kind, row.about)
    return TextFailed(row.channel_id, row.kind, row.about, row.attempts, str(said["reason"]))
