"""Read proof: only what the record's own part of the house lets the reader see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext

from yingting.foundation.evidence import store
from yingting.foundation.evidence.models import Proof, ProofErased, ProofName
from yingting.foundation.evidence.refusals import ALTERED, ERASED, MISSING, UNKNOWN
from yingting.foundation.evidence.rules_in_force import proof_rule
from yingting.foundation.evidence.shapes import Family, Format, ProofRule
from yingting.foundation.evidence.subjects import SubjectKind, subject_kind
from yingting.foundation.evidence.taking import Subject, awaited
from yingting.foundation.privacy.disclosing import What, Why, disclose
from yingting.foundation.privacy.models import Ways
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal

PROOF_KIND = "evidence.proof"


@dataclass(frozen=True, slots=True)
class Item:
    """One proof object in a list. `name` is masked; a photo has a small picture; the content of an erased one is gone."""

    id: UUID
    name: str
    format: Format
    size: int
    digest: str
    by_label: str
    channel: str
    at: dt.datetime
    is_erased: bool

    @property
    def is_photo(self) -> bool:
        """Is there a small picture to show?"""
        return self.format.family is Family.PHOTO and not self.is_erased


@dataclass(frozen=True, slots=True)
class Shelf:
    """The proof of one record as a reader sees it. `form_id` makes a form sent twice one upload."""

    subject: Subject
    title: str
    items: tuple[Item, ...]
    awaited: int
    can_add: bool
    rule: ProofRule
    form_id: UUID

    @property
    def is_full(self) -> bool:
        """Does the record take no more files?"""
        return len(self.items) >= self.rule.most

    @property
    def accept(self) -> str:
        """The formats, as a file input wants them."""
        return ",".join(f".{one.value}" for one in self.rule.formats) + ",.jpg"


def shelf_of(actor: Actor, subject: Subject, now: dt.datetime) -> Shelf:
    """Return the proof of a record. Raises Refusal proof.unknown, or what the subject refuses."""
    kind = subject_kind(subject.kind)
    place = kind.see(actor, subject.record)
    rows = list(Proof.objects.filter(kind=subject.kind, record=subject.record))
    keys = [row.pk for row in rows]
    names = {name.pk: name.name for name in ProofName.objects.filter(pk__in=keys)}
    erased = set(ProofErased.objects.filter(pk__in=keys).values_list("pk", flat=True))
    items = tuple(
        Item(
            row.pk, str(names.get(row.pk, "")), Format(row.format), row.size, row.digest, row.by_label,
            row.get_channel_display(), row.at, row.pk in erased,
        )
        for row in rows
    )  # fmt: skip
    return Shelf(
        subject, gettext(kind.title), items, len(awaited(subject)), _may_add(kind, actor, subject),
        proof_rule(place.path, now), new_id(),
    )  # fmt: skip


def _may_add(kind: SubjectKind, actor: Actor, subject: Subject) -> bool:
    try:
        kind.add(actor, subject.record)
    except Refusal:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a proof object as it is handed out. The file's name is ours: the original may name a person."""

    body: bytes
    media_type: str
    filename: str


def read(*, proof: UUID, actor: Actor, now: dt.datetime) -> Content:
    """Return the content of a proof object, checked against its digest; written down as an export where its kind says so.

    Raises Refusal proof.unknown, proof.erased, proof.missing, proof.altered, or what the subject refuses.
    """
    row, kind = _seen(proof, actor)
    body = store.get(row.digest)
    if body is None:
        raise Refusal(MISSING)
    if store.digest_of(body) != row.digest:
        raise Refusal(ALTERED)
    if kind.counts_as_export:
        what = What(PROOF_KIND, row.pk, ("content",))
        disclose(Ways.EXPORT, what, Why("", ""), path=row.path, actor=actor, now=now)
    format, day = Format(row.format), row.at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return Content(body, format.media_type, f"proof-{day:%Y%m%d}-{row.digest[:8]}.{format.value}")


def read_small(*, proof: UUID, actor: Actor) -> bytes:
    """Return the small picture of a photo (JPEG). Raises Refusal as `read`."""
    row, _kind = _seen(proof, actor)
    small = store.get_small(row.digest)
    if small is None:
        raise Refusal(MISSING)
    return small


def _seen(proof: UUID, actor: Actor) -> tuple[Proof, SubjectKind]:
    row = Proof.objects.filter(pk=proof).first()
    if row is None:
        raise Refusal(UNKNOWN)
    kind = subject_kind(row.kind)
    kind.see(actor, row.record)
    if ProofErased.objects.filter(pk=row.pk).exists():
        raise Refusal(ERASED)
    return row, kind
