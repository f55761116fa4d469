"""The other end of the outbox: claim what is due, ask whether it is still true, hand it to the gateway, note what came of it.

A try is claimed in one transaction and noted in another; between them the gateway is asked, and no row is locked. A worker
that dies in between leaves a claim that runs out, and the text is sent again: at least once, never silently not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote
from uuid import UUID

from django.db.models import QuerySet

from yingting.foundation.days import local_day
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.addresses import PHONE, unseal_address
from yingting.foundation.notify.carrying import Outcome, Reason, carry
from yingting.foundation.notify.rules import DeliveryRule, next_try
from yingting.foundation.notify.rules_in_force import DELIVERY
from yingting.foundation.notify.sending import HANDS, LEASE, Carry, is_due
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.texts.ending import end
from yingting.foundation.texts.kinds import TEST, Waiting, kind_of
from yingting.foundation.texts.models import WAITING, Text

BATCH = 40  # a turn takes far less than the lease: a gateway has seconds to answer
LATE = "late"  # the reason of a text whose time was over before it could be sent
HOPELESS = (Reason.UNREADABLE, Reason.UNUSABLE)  # waiting does not make such an address better


def send_texts(*, now: dt.datetime, by: Carry = carry) -> int:
    """Send the texts that are due, as many as one turn takes; return how many the gateways accepted."""
    claimed = _claim(now)
    if not claimed:
        return 0
    wanted = _wanted(claimed, now)
    end([row for row in claimed if row.pk not in wanted], now, dropped_at=now)
    sent = 0
    rows = [row for row in claimed if row.pk in wanted]
    rules = in_force_by_path(DELIVERY, paths={row.channel.unit.path for row in rows}, day=local_day(now))
    with ThreadPoolExecutor(max_workers=HANDS) as hands:
        for row, outcome in zip(rows, hands.map(lambda row: _hand_over(row, by), rows), strict=True):
            sent += _note(row, outcome, rules, now)
    return sent


def _waiting() -> QuerySet[Text]:
    return Text.objects.filter(WAITING)


def _claim(now: dt.datetime) -> list[Text]:
    with writing():
        due = _waiting().filter(is_due(now)).select_related("channel__unit")
        rows = list(due.select_for_update(of=("self",), skip_locked=True, no_key=True).order_by("due_at", "id")[:BATCH])
        late = [row for row in rows if row.ends_at <= now]
        claimed = [row for row in rows if row.ends_at > now]
        for row in claimed:
            row.attempts += 1
            row.claimed_until = now + LEASE
        Text.objects.bulk_update(claimed, ["attempts", "claimed_until"])
    end(late, now, failed_at=now, reason=LATE)
    return claimed


def _wanted(rows: Sequence[Text], now: dt.datetime) -> set[UUID]:
    """Ask those who know whether what the texts tell is still true, and the customers still want to be told."""
    by_kind: dict[str, list[Waiting]] = {}
    for row in rows:
        if row.channel.is_active:
            by_kind.setdefault(row.kind, []).append(Waiting(row.pk, row.about, row.key))
    found: set[UUID] = set()
    for code, texts in by_kind.items():
        if (kind := kind_of(code)) is not None:
            found |= kind.wanted(texts, now)
    return found


def _hand_over(row: Text, by: Carry) -> Outcome:
    try:
        phone, words = row.phone.open(), row.words.open()
    except ValueError:
        return Outcome(Reason.UNREADABLE)
    address = unseal_address(row.channel.sealed)
    return by(address and address.replace(PHONE, quote(phone)), "", words)


def _note(row: Text, outcome: Outcome, rules: Mapping[str, DeliveryRule], now: dt.datetime) -> int:
    """Note what came of a try; return 1 for a text that the gateway accepted."""
    said = {"reason": outcome.reason.value, "answer": outcome.number}
    if outcome.reason is Reason.NONE:
        return end([row], now, sent_at=now, **said)
    again = None if outcome.reason in HOPELESS or row.kind == TEST.code else next_try(
        row.attempts, rules[row.channel.unit.path], now=now
    )  # fmt: skip
    if again is None or again >= row.ends_at:
        end([row], now, failed_at=now, **said)
    else:
        _waiting().filter(pk=row.pk, attempts=row.attempts).update(due_at=again, claimed_until=None, **said)
    return 0
