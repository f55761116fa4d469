"""The inbox: one's own messages, read and unread. There is no way to another's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.facts import MessageRead
from yingting.foundation.notify.models import Message
from yingting.foundation.notify.words import in_words
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_min
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop

MESSAGE_UNKNOWN = declare("message.unknown", gettext_noop("There is no such message in your inbox."), status=404)
FOLDED_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its reader sees it, in the active language; `folded` are the titles of the first under it, `more` how many."""

    id: UUID
    title: str
    body: str
    severity: str
    severity_title: str
    link: str
    at: dt.datetime
    due_at: dt.datetime | None
    is_read: bool
    more: int
    folded: tuple[str, ...]


def unread_count(person: UUID) -> int:
    """Return how many messages in a person's inbox are unread. One query over an index of the unread alone."""
    return Message.objects.filter(person=person, read_at__isnull=True, folded_into__isnull=True).count()


def inbox_of(actor: Actor, *, only_unread: bool) -> QuerySet[Message]:
    """Return the messages in the actor's own inbox, newest first."""
    rows = Message.objects.filter(person=actor.person, folded_into__isnull=True).select_related("notice")
    return (rows.filter(read_at__isnull=True) if only_unread else rows).order_by("-created_at", "-id")


def letters(messages: Collection[Message]) -> list[Letter]:
    """Return messages as letters, in two more queries however many there are."""
    inside = Message.objects.filter(folded_into__in=messages)
    counts = dict(inside.values_list("folded_into").annotate(n=Count("id")))
    folded: dict[UUID | None, list[str]] = {}
    if counts:
        for row in inside.select_related("notice").order_by("-created_at", "-id")[: FOLDED_SHOWN * len(counts)]:
            folded.setdefault(row.folded_into_id, []).append(in_words(row.notice.title, row.notice.params))
    return [
        Letter(
            row.pk, in_words(row.notice.title, row.notice.params), in_words(row.notice.body, row.notice.params),
            row.severity, row.get_severity_display(), row.notice.link, row.created_at, row.notice.due_at,
            row.read_at is not None, counts.get(row.pk, 0), tuple(folded.get(row.pk, ())[:FOLDED_SHOWN]),
        )
        for row in messages
    ]  # fmt: skip


def read_message(*, message: UUID, actor: Actor, now: dt.datetime) -> Message:
    """Mark one of the actor's messages as read, with what is folded into it; twice changes nothing. Raises message.unknown."""
    with writing():
        row = inbox_of(actor, only_unread=False).filter(pk=message).first()
        if row is None:
            raise Refusal(MESSAGE_UNKNOWN)
        _read([row], actor, now)
    return row


def read_all(*, actor: Actor, until: dt.datetime, now: dt.datetime) -> int:
    """Mark the actor's messages up to an instant (what the page showed) as read; return how many were unread."""
    with writing():
        return _read(list(inbox_of(actor, only_unread=True).filter(created_at__lte=until)), actor, now)


def _read(rows: list[Message], actor: Actor, now: dt.datetime) -> int:
    assert actor.person is not None
    count = 0
    for row in rows:
        if Message.objects.filter(pk=row.pk, read_at__isnull=True).update(read_at=now, is_open=False):
            count += 1
            fact = MessageRead(actor.person, row.notice_id, elapsed_min(row.created_at, now))
            record(fact, subject=row.pk, actor=actor, now=now)
    Message.objects.filter(folded_into__in=rows, read_at__isnull=True).update(read_at=now, is_open=False)
    return count
