"""Look after proof: check every digest, sweep away what a killed process left, and erase content whose time is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from yingting.foundation.evidence import store
from yingting.foundation.evidence.models import Proof, ProofErased, ProofName
from yingting.foundation.evidence.reading import PROOF_KIND
from yingting.foundation.evidence.refusals import UNKNOWN
from yingting.foundation.evidence.subjects import subject_kind
from yingting.foundation.evidence.taking import take_turn
from yingting.foundation.journal.writing import writing
from yingting.foundation.privacy.fields import emptied
from yingting.foundation.privacy.holders import Due, Erasing, Held, Holder, Kept
from yingting.foundation.privacy.rules_in_force import PROOF
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

DRAFT_AGE = dt.timedelta(days=1)  # an upload that is still written after a day is none


def _alive() -> QuerySet[Proof]:
    return Proof.objects.filter(~Exists(ProofErased.objects.filter(pk=OuterRef("pk"))))


# ------------------------------------------------------------------------------------------------ whole and unchanged
@dataclass(frozen=True, slots=True)
class Damage:
    """A proof object whose content is "missing" or "altered"."""

    proof: Proof
    what: str


def verify() -> Iterator[Damage]:
    """Compute every digest anew and yield the proof objects whose content is missing or altered. Nothing is changed."""
    said: dict[str, str] = {}
    for proof in _alive().order_by("digest").iterator(chunk_size=500):
        if proof.digest not in said:
            body = store.get(proof.digest)
            said = {
                proof.digest: "missing" if body is None else "" if store.digest_of(body) == proof.digest else "altered"
            }
        if said[proof.digest]:
            yield Damage(proof, said[proof.digest])


def sweep(now: dt.datetime) -> int:
    """Take away drafts and files that no living proof names, older than a day; return how many."""
    before, swept = (now - DRAFT_AGE).timestamp(), 0
    for draft in store.drafts_before(before):
        draft.unlink(missing_ok=True)
        swept += 1
    for digest in store.digests_before(before):
        swept += _drop_unless_alive(digest)
    return swept


def _drop_unless_alive(digest: str) -> bool:
    with writing():
        take_turn(UUID(digest[:32]))
        if _alive().filter(digest=digest).exists():
            return False
        store.drop(digest)
        return True


# ------------------------------------------------------------------------------------------------ retention
def _path_and_name(actor: Actor, record: UUID) -> Held:
    proof = Proof.objects.filter(pk=record).first()
    if proof is None:
        raise Refusal(UNKNOWN)
    subject_kind(proof.kind).see(actor, proof.record)
    row = ProofName.objects.filter(pk=record).first()
    return Held(proof.path, {"name": row.name} if row else {})


def _kept(proofs: Sequence[Proof]) -> list[Kept]:
    by_kind: dict[str, list[UUID]] = {}
    for proof in proofs:
        by_kind.setdefault(proof.kind, []).append(proof.record)
    over: dict[UUID, dt.datetime] = {}
    for kind, records in by_kind.items():
        over.update(subject_kind(kind).over(records))
    return [
        Kept(proof.pk, proof.path, over.get(proof.record), proof.digest[:8], part_of=proof.record) for proof in proofs
    ]


def _due(due: Due) -> Sequence[Kept]:
    """Go through living proof until there are enough of which the record is over long enough."""
    found: list[Kept] = []
    after = due.after
    while len(found) < due.limit:
        rows = _alive().filter(at__lt=due.before).order_by("pk")
        piece = list((rows.filter(pk__gt=after) if after else rows)[: due.limit])
        if not piece:
            break
        after = piece[-1].pk
        found += [kept for kept in _kept(piece) if kept.since is not None and kept.since < due.before]
    return found[: due.limit]


def _kept_among(records: Sequence[UUID]) -> Sequence[Kept]:
    return _kept(list(_alive().filter(pk__in=records)))


def _erase(erasing: Erasing) -> None:
    """The content and the file's name go; that there was proof, whose and when, stays."""
    proofs = list(_alive().filter(pk__in=erasing.records))
    rows = [ProofErased(proof=proof, at=erasing.now, by_label=erasing.actor.label[:64]) for proof in proofs]
    ProofErased.objects.bulk_create(rows)
    ProofName.objects.filter(pk__in=[proof.pk for proof in proofs]).update(**emptied(ProofName))
    for digest in {proof.digest for proof in proofs}:
        transaction.on_commit(partial(_drop_unless_alive, digest))


PROOF_HOLDER = Holder(
    kind=PROOF_KIND,
    title=_("Proof"),
    data_class=PROOF,
    read=_path_and_name,
    due=_due,
    kept=_kept_among,
    erase=_erase,
    fields={"name": _("Name of the file")},
)
