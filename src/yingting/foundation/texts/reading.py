"""What became of texts to customers, for those who look after what they tell of, and after the gateways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from yingting.foundation.notify.models import Channel
from yingting.foundation.notify.results import SHOWN, Result, in_short, newest_of
from yingting.foundation.texts.kinds import TEST, kind_of
from yingting.foundation.texts.models import Text
from yingting.foundation.texts.sending import LATE
from yingting.kernel.words import gettext_noop as _


class TextState(StrEnum):
    """Where a text stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


WORDS = {
    TextState.WAITING: _("Text message on its way"),
    TextState.SENT: _("Text message sent"),
    TextState.FAILED: _("Text message not delivered: please call"),
    TextState.DROPPED: _("Text message not needed any more"),
}


@dataclass(frozen=True, slots=True)
class TextTold:
    """A text about a record: its kind and key, when it was asked for, where it stands, since when; title and words are msgids."""

    kind: str
    key: str
    title: str
    state: TextState
    asked_at: dt.datetime
    at: dt.datetime

    @property
    def words(self) -> str:
        """What the state is called."""
        return WORDS[self.state]


def texts_about(records: Collection[UUID]) -> dict[UUID, tuple[TextTold, ...]]:
    """Return the texts about each record, the latest first; a record without any is not among them. The caller may see them."""
    found: dict[UUID, list[TextTold]] = {}
    for row in Text.objects.filter(about__in=records).order_by("-created_at", "-id"):
        kind = kind_of(row.kind)
        told = TextTold(row.kind, row.key, kind.title if kind else row.kind, _state(row), row.created_at, _at(row))
        found.setdefault(row.about, []).append(told)
    return {about: tuple(rows) for about, rows in found.items()}


def _state(row: Text) -> TextState:
    if row.sent_at:
        return TextState.SENT
    if row.failed_at:
        return TextState.FAILED
    return TextState.DROPPED if row.dropped_at else TextState.WAITING


def _at(row: Text) -> dt.datetime:
    return row.sent_at or row.failed_at or row.dropped_at or row.created_at


def results_of_gateway(gateway: Channel) -> list[Result]:
    """Return what a gateway sent lately, the newest first: never to whom, nor the words."""
    rows = Text.objects.filter(channel=gateway).order_by("-created_at", "-id")
    return [_result(row) for row in rows[:SHOWN]]


def last_of_gateways(channels: QuerySet[Channel]) -> dict[UUID, Result]:
    """Return the last result of each gateway among channels that has one."""
    return {row.channel_id: _result(row) for row in newest_of(Text.objects.all(), channels)}


def _result(row: Text) -> Result:
    state, kind = _state(row), kind_of(row.kind)
    if state is TextState.DROPPED:
        told = gettext(WORDS[state])
    elif row.reason == LATE:
        told = gettext("Given up: its time was over before the gateway took it.")
    else:
        told = in_short(row.sent_at, row.failed_at, row.reason, row.answer)
    is_bad = bool(row.reason) and state is not TextState.SENT
    title = gettext(kind.title) if kind else row.kind
    return Result(row.created_at, title, told, row.kind == TEST.code, state is TextState.WAITING, is_bad)
