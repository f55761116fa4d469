"""The photo of a member of staff: sent by the person alone, kept as proof, shown while the person's consent stands."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid5

from yingting.foundation.customers.consents import PHOTO, give_for_staff, staff_consents, withdraw_for_staff
from yingting.foundation.evidence import store
from yingting.foundation.evidence.keeping import PROOF_HOLDER
from yingting.foundation.evidence.models import Proof, ProofErased
from yingting.foundation.evidence.refusals import UNKNOWN
from yingting.foundation.evidence.rules import format_of
from yingting.foundation.evidence.shapes import Family
from yingting.foundation.evidence.subjects import Place, SubjectKind
from yingting.foundation.evidence.taking import Incoming, Subject, take
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.holders import Erasing
from yingting.foundation.privacy.shapes import Action
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

KIND = "people.photo"
NOT_A_PHOTO = declare("star.not_a_photo", _("This is no photo. Choose a picture (JPEG or PNG)."), status=422)
NO_CONSENT = declare("star.no_consent", _("Agree first; without it no photo is kept."))


def _own(actor: Actor, record: UUID) -> Place:
    """Only oneself. Raises Refusal proof.unknown for anybody else."""
    if actor.person is None or actor.person != record:
        raise Refusal(UNKNOWN)
    return Place(Person.objects.select_related("unit").get(pk=record).unit.path)


STAFF_PHOTO = SubjectKind(KIND, _("Photo on the staff board"), see=_own, add=_own, counts_as_export=False)


def photo_of(person: UUID) -> Proof | None:
    """Return the latest photo that is there; None without the person's consent, whatever is kept."""
    return photos_of([person]).get(person)


def photos_of(people: list[UUID]) -> dict[UUID, Proof]:
    """Return the latest photo of each of the people who agree to its being shown."""
    agreed = staff_consents(people, PHOTO)
    erased = ProofErased.objects.values("pk")
    rows = Proof.objects.filter(kind=KIND, record__in=agreed).exclude(pk__in=erased).order_by("at", "id")
    return {row.record: row for row in rows}


def agree(*, actor: Actor, how: str, now: dt.datetime) -> None:
    """The actor agrees to name, stars and photo on the board. Raises Refusal access.refused."""
    assert actor.person is not None
    give_for_staff(person=actor.person, purpose=PHOTO, how=how, actor=actor, now=now)


def send_photo(*, actor: Actor, content: bytes, form: UUID, now: dt.datetime) -> Proof:
    """Keep the actor's own photo; the one before goes. The same photo of the same form is one.

    Raises Refusal star.no_consent, star.not_a_photo, and what keeping proof refuses.
    """
    assert actor.person is not None
    if not staff_consents([actor.person], PHOTO):
        raise Refusal(NO_CONSENT)
    found = format_of(content)
    if found is None or found.family is not Family.PHOTO:
        raise Refusal(NOT_A_PHOTO)
    file = Incoming(content, "photo", uuid5(form, store.digest_of(content)))
    kept = take(subject=Subject(KIND, actor.person), file=file, actor=actor, now=now)
    _erase(actor, now, but=kept.pk)
    return kept


def withdraw(*, actor: Actor, how: str, now: dt.datetime) -> bool:
    """The actor takes the consent back: name and photo are gone from the board at once, and the picture is erased."""
    assert actor.person is not None
    with writing():
        was_given = withdraw_for_staff(person=actor.person, purpose=PHOTO, how=how, actor=actor, now=now)
        _erase(actor, now)
    return was_given


def _erase(actor: Actor, now: dt.datetime, *, but: UUID | None = None) -> None:
    assert actor.person is not None
    erased = ProofErased.objects.values("pk")
    rows = Proof.objects.filter(kind=KIND, record=actor.person).exclude(pk__in=erased).values_list("pk", flat=True)
    with writing():
        PROOF_HOLDER.erase(Erasing([pk for pk in rows if pk != but], Action.ERASE, actor, now))


def small_photo(person: UUID) -> bytes | None:
    """Return the small picture (JPEG) of somebody who agrees; None: no photo, or no consent."""
    proof = photo_of(person)
    return store.get_small(proof.digest) if proof else None
