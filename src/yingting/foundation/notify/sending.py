"""The outbox's other end: claim what is due, hand it over, note what came of it. Run by the worker, as often as it likes.

A try is claimed in one transaction and noted in another; between them the service is asked, and no row is locked. A worker
that dies in between leaves a claim that runs out, and the text is sent again: at least once, never silently not at all.
All that is due on a channel leaves as one text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext, ngettext, override

from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.links import outside_link
from yingting.foundation.notify.addresses import unseal_address
from yingting.foundation.notify.carrying import Outcome, Reason, carry
from yingting.foundation.notify.facts import MessageFailed, MessageSent, TestAsked
from yingting.foundation.notify.models import Channel, Delivery, Notice
from yingting.foundation.notify.rules import DeliveryRule, gather, next_try
from yingting.foundation.notify.rules_in_force import DELIVERY
from yingting.foundation.notify.words import in_words
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.actors import SYSTEM, Actor

Carry = Callable[[str | None, str, str], Outcome]
LEASE = dt.timedelta(minutes=5)  # far longer than a try takes: a service has seconds to answer
HANDS = 4  # services that are asked at the same time, so that a dead one does not hold up the others


@dataclass(frozen=True, slots=True)
class Parcel:
    """What leaves by one channel at one try: one text for all that was due."""

    channel: Channel
    deliveries: tuple[Delivery, ...]
    rule: DeliveryRule
    title: str
    text: str


def send_due(*, now: dt.datetime, by: Carry = carry) -> int:
    """Send what is due on every channel; return how many deliveries were accepted."""
    parcels = [parcel for channel in _channels_with_work(now) if (parcel := _claim(channel, now))]
    if not parcels:
        return 0
    accepted = 0
    with ThreadPoolExecutor(max_workers=HANDS) as hands:
        outcomes = hands.map(
            lambda parcel: by(unseal_address(parcel.channel.sealed), parcel.title, parcel.text), parcels
        )
        for parcel, outcome in zip(parcels, outcomes, strict=True):
            accepted += _note(parcel, outcome, now)
    return accepted


def _waiting() -> QuerySet[Delivery]:
    return Delivery.objects.filter(sent_at__isnull=True, failed_at__isnull=True)


def is_due(now: dt.datetime) -> Q:
    """Return the condition under which a row of an outbox that waits is to be sent now: nobody has claimed it, or no longer."""
    return Q(claimed_until__isnull=True, due_at__lte=now) | Q(claimed_until__lte=now, due_at__lte=now)


def _due(now: dt.datetime) -> QuerySet[Delivery]:
    return _waiting().filter(is_due(now))


def _channels_with_work(now: dt.datetime) -> list[UUID]:
    """Return the channels with something due. Where the last try failed, what came since waits for the next try with it."""
    resting = _waiting().filter(attempts__gt=0, due_at__gt=now).values("channel")
    found = _due(now).filter(Q(notice__isnull=True) | ~Q(channel__in=resting), channel__is_active=True)
    return list(found.order_by("channel").values_list("channel", flat=True).distinct())


def _claim(pk: UUID, now: dt.datetime) -> Parcel | None:
    with writing():
        # The channel's lock lets one worker claim at a time; the other finds nothing left to do.
        channel = Channel.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=pk)
        due = tuple(_due(now).filter(channel=channel).select_related("notice").order_by("created_at", "id"))
        if not due:
            return None
        rows = Delivery.objects.filter(pk__in=[row.pk for row in due])
        rows.update(claimed_until=now + LEASE, attempts=F("attempts") + 1)
    for row in due:
        row.attempts += 1
    day = local_day(now)
    rule = in_force(DELIVERY, path=channel.unit.path, day=day).rule
    with override(channel.language):
        title, text = _text([row.notice for row in due if row.notice], rule)
    return Parcel(channel, due, rule, title, text)


def _text(notices: list[Notice], rule: DeliveryRule) -> tuple[str, str]:
    """Return title and text in the active language: a test, one notice in full, or the titles of several."""
    if not notices:
        return gettext("Yingting"), gettext(
            "This is a test message. Whoever reads it will get the hall's messages here."
        )
    if len(notices) == 1:
        (one,) = notices
        parts = (in_words(one.body, one.params), _address(one.link))
        return in_words(one.title, one.params), "\n".join(part for part in parts if part)
    lines = []
    for kind in gather([notice.kind for notice in notices], rule.hourly):
        lines += ["· " + in_words(notices[n].title, notices[n].params) for n in kind.shown]
        if kind.more:
            lines.append("· " + ngettext("%(n)s more", "%(n)s more", kind.more) % {"n": kind.more})
    lines.append(_address("/messages/"))
    count = len(notices)
    title = ngettext("Yingting: %(n)s message", "Yingting: %(n)s messages", count) % {"n": count}
    return title, "\n".join(line for line in lines if line)


def _address(link: str) -> str:
    """The link as somebody outside of the house may open it; none where the house has no public address."""
    return outside_link(link) if link else ""


def _note(parcel: Parcel, outcome: Outcome, now: dt.datetime) -> int:
    """Note what came of a try; return how many were accepted. A claim that ran out meanwhile belongs to another worker."""
    accepted = 0
    with writing():
        for row in parcel.deliveries:
            mine = _waiting().filter(pk=row.pk, attempts=row.attempts)
            said = {"reason": outcome.reason.value, "number": outcome.number, "claimed_until": None}
            if outcome.reason is Reason.NONE:
                if mine.update(sent_at=now, **said):
                    accepted += 1
                    _record(MessageSent(row.channel_id, row.notice_id, row.attempts), row, now)
            elif again := _again(row, outcome, parcel.rule, now):
                mine.update(due_at=again, **said)
            elif mine.update(failed_at=now, **said):
                fact = MessageFailed(row.channel_id, row.notice_id, row.attempts, outcome.reason.value)
                _record(fact, row, now)
    return accepted


def _again(row: Delivery, outcome: Outcome, rule: DeliveryRule, now: dt.datetime) -> dt.datetime | None:
    """A test is tried once: somebody waits for its answer. An address that is no address does not get better by waiting."""
    if row.notice_id is None or outcome.reason in (Reason.UNREADABLE, Reason.UNUSABLE):
        return None
    return next_try(row.attempts, rule, now=now)


def _record(fact: MessageSent | MessageFailed, row: Delivery, now: dt.datetime) -> None:
    record(fact, subject=row.pk, actor=SYSTEM, now=now)


def put_test(*, channel: Channel, actor: Actor, now: dt.datetime) -> UUID:
    """Put a test message into the outbox of a channel and return its delivery. The caller has checked the right.

    While one waits, there is no second.
    """
    with writing():
        Channel.objects.select_for_update(of=("self",), no_key=True).get(pk=channel.pk)
        waiting = _waiting().filter(channel=channel, notice__isnull=True).first()
        if waiting is not None:
            return waiting.pk
        row = Delivery(channel=channel, kind="test", created_at=now, due_at=now)
        row.key = f"test-{row.pk.hex}"
        row.save(force_insert=True)
        record(TestAsked(channel.pk), subject=row.pk, version=1, actor=actor, now=now)
        return row.pk
