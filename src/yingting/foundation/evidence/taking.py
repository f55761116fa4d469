"""Take proof: a file comes in once, whole, within the limits, and is never changed afterwards.

Bytes first, then the row: a row never names what is not there. Killed in between, the bytes are swept away (`keeping.sweep`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from yingting.foundation.evidence import store
from yingting.foundation.evidence.facts import ProofAwaited, ProofGivenUp, ProofTaken
from yingting.foundation.evidence.models import Awaited, Channels, Proof, ProofName
from yingting.foundation.evidence.photos import prepared
from yingting.foundation.evidence.refusals import EMPTY, NOT_TAKEN, OTHER_BYTES, TOO_LARGE, TOO_MANY
from yingting.foundation.evidence.rules import format_of
from yingting.foundation.evidence.rules_in_force import proof_rule
from yingting.foundation.evidence.shapes import Family, Format, ProofRule
from yingting.foundation.evidence.subjects import Place, subject_kind
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Subject:
    """What proof belongs to: a kind of `subjects.SUBJECTS`, and the record's id."""

    kind: str
    record: UUID


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it came: its bytes, the name it had, and the sender's id of it: sent again it is the same proof."""

    content: bytes
    name: str
    client_id: UUID


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file as it is kept."""

    format: Format
    content: bytes
    small: bytes | None


def take(
    *, subject: Subject, file: Incoming, actor: Actor, now: dt.datetime, channel: Channels = Channels.PAGE
) -> Proof:
    """Keep a file as proof for a record; sent again with the same client id, return what was kept the first time.

    Raises Refusal proof.unknown, proof.empty, proof.too_large, proof.format, proof.unreadable, proof.too_many,
    proof.other_bytes, or what the subject refuses. Nothing is kept then.
    """
    place = subject_kind(subject.kind).add(actor, subject.record)
    rule, received = proof_rule(place.path, now), store.digest_of(file.content)
    if first := _first(subject, file, received):
        return first
    kept = _checked(file.content, rule)
    _require_room(subject, rule)
    store.put(kept.content, kept.small)  # outside of the transaction: writing to a disk takes its time
    with writing():
        take_turn(subject.record)
        if first := _first(subject, file, received):
            return first
        _require_room(subject, rule)
        proof = _insert(subject, file, kept, received, place, actor, now, channel)
        Awaited.objects.filter(kind=subject.kind, record=subject.record, client_id=file.client_id).delete()
    return proof


def _first(subject: Subject, file: Incoming, received: str) -> Proof | None:
    """What came in first under the client id; None when nothing did."""
    first = Proof.objects.filter(kind=subject.kind, record=subject.record, client_id=file.client_id).first()
    if first is not None and first.received != received:
        raise Refusal(OTHER_BYTES)
    return first


def _checked(content: bytes, rule: ProofRule) -> _Kept:
    if not content:
        raise Refusal(EMPTY)
    format = format_of(content)
    if format is None or format not in rule.formats:
        raise Refusal(NOT_TAKEN, formats=", ".join(one.title for one in rule.formats))
    limit = rule.limit_mb(format.family)
    if len(content) > limit << 20:
        raise Refusal(TOO_LARGE, limit=limit)
    if format.family is not Family.PHOTO:
        return _Kept(format, content, None)
    photo = prepared(content, format, megapixels=rule.megapixels, keep_location=rule.keep_location)
    return _Kept(format, photo.content, photo.small)


def _require_room(subject: Subject, rule: ProofRule) -> None:
    if Proof.objects.filter(kind=subject.kind, record=subject.record).count() >= rule.most:
        raise Refusal(TOO_MANY, most=rule.most)


def _insert(
    subject: Subject, file: Incoming, kept: _Kept, received: str, place: Place, actor: Actor, now: dt.datetime,
    channel: Channels,
) -> Proof:  # fmt: skip
    digest = store.digest_of(kept.content)
    take_turn(UUID(digest[:32]))
    store.put(kept.content, kept.small)  # there already, unless somebody erased the same bytes a moment ago
    proof = Proof.objects.create(
        kind=subject.kind, record=subject.record, client_id=file.client_id, format=kept.format.value,
        size=len(kept.content), digest=digest, received=received, path=place.path, hall_id=place.hall,
        channel=channel.value, by_kind=actor.kind.value, by_id=actor.person, by_label=actor.label[:64], at=now,
    )  # fmt: skip
    ProofName.objects.create(proof=proof, name=file.name[-200:])
    fact = ProofTaken(
        subject.kind, subject.record, proof.format, proof.size, digest, received, proof.channel
    )  # fmt: skip
    record(fact, subject=proof.pk, version=1, actor=actor, now=now, hall=place.hall)
    return proof


def take_turn(key: UUID) -> None:
    """Wait until no other transaction has taken its turn at this key; SQLite's writers come one by one anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [(key.int >> 64) - (1 << 63)])


# ------------------------------------------------------------------------------------------------ complete only when all are in
def announce(*, subject: Subject, client_ids: Collection[UUID], actor: Actor, now: dt.datetime) -> None:
    """Say which files will come for a record, which is complete only when all of them are in. What is in already is not awaited.

    Raises Refusal proof.unknown, or what the subject refuses.
    """
    subject_kind(subject.kind).add(actor, subject.record)
    with writing():
        take_turn(subject.record)
        here = Proof.objects.filter(kind=subject.kind, record=subject.record, client_id__in=client_ids)
        known = {*here.values_list("client_id", flat=True), *awaited(subject)}
        fresh = [one for one in dict.fromkeys(client_ids) if one not in known]
        rows = [Awaited(kind=subject.kind, record=subject.record, client_id=one, at=now) for one in fresh]
        if Awaited.objects.bulk_create(rows):
            record(ProofAwaited(subject.kind, tuple(fresh)), subject=subject.record, actor=actor, now=now)


def give_up(*, subject: Subject, client_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """Await a file no more. Raises Refusal proof.unknown, or what the subject refuses."""
    subject_kind(subject.kind).add(actor, subject.record)
    with writing():
        take_turn(subject.record)
        gone, _by_table = Awaited.objects.filter(
            kind=subject.kind, record=subject.record, client_id=client_id
        ).delete()  # fmt: skip
        if gone:
            record(ProofGivenUp(subject.kind, client_id), subject=subject.record, actor=actor, now=now)


def awaited(subject: Subject) -> set[UUID]:
    """Return the client ids of the files that are still to come for a record."""
    rows = Awaited.objects.filter(kind=subject.kind, record=subject.record)
    return set(rows.values_list("client_id", flat=True))


def is_complete(subject: Subject) -> bool:
    """Is every announced file of a record in?"""
    return not awaited(subject)
