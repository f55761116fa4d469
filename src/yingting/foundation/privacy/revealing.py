"""Reveal one value of one record: a right, a reason, a record of it, and a word to the auditors when it gets too much."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.rules import HOUR, Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.people.access import holders_of, require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.disclosing import What, Why, disclose, require_why
from yingting.foundation.privacy.holders import Holder, holder_of
from yingting.foundation.privacy.models import Disclosure, Ways
from yingting.foundation.privacy.refusals import DOES_NOT_OPEN, NOTHING_THERE, RECORD_GONE
from yingting.foundation.privacy.rules_in_force import reveal_rule
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop


@dataclass(frozen=True, slots=True)
class Subject:
    """One record that holds personal data: its kind (`holders.Holder.kind`) and id."""

    kind: str
    record: UUID


@dataclass(frozen=True, slots=True)
class MaskedValue:
    """One field as anybody in charge of the record may see it: masked, with its title, and whether this actor may reveal it."""

    subject: Subject
    field: str
    title: str
    shown: str
    can_reveal: bool
    path: str


def masked_value(actor: Actor, subject: Subject, field: str) -> MaskedValue:
    """Return a field masked. Raises Refusal personal.unknown, or what the holder refuses."""
    holder = _holder_with(subject.kind, field)
    held = holder.read(actor, subject.record)
    value = held.values.get(field)
    can_reveal = bool(value) and (held.is_needed or actor.may(Permission.PRIVACY_REVEAL, held.path))
    return MaskedValue(subject, field, holder.fields[field], value.masked if value else "", can_reveal, held.path)


def reveal(*, actor: Actor, subject: Subject, field: str, why: Why, now: dt.datetime) -> str:
    """Return the plain text of one field, after writing down who saw it and why.

    Raises Refusal personal.unknown, access.refused, personal.reason, personal.note, personal.nothing, personal.sealed, or what
    the holder refuses. Nothing is written down then.
    """
    with writing():
        held = _holder_with(subject.kind, field).read(actor, subject.record)
        if not held.is_needed:
            require(actor, Permission.PRIVACY_REVEAL, held.path)
        require_why(why, held.path, now)
        sealed = held.values.get(field)
        if not sealed:
            raise Refusal(NOTHING_THERE)
        try:
            plain = sealed.open()
        except ValueError:
            raise Refusal(DOES_NOT_OPEN) from None
        what = What(subject.kind, subject.record, (field,))
        disclose(Ways.REVEAL, what, why, path=held.path, actor=actor, now=now)
        _tell_when_many(actor, held.path, now)
    return plain


def _holder_with(kind: str, field: str) -> Holder:
    holder = holder_of(kind)
    if field not in holder.fields:
        raise Refusal(RECORD_GONE)
    return holder


def _tell_when_many(actor: Actor, path: str, now: dt.datetime) -> None:
    """Tell those who audit when a person has revealed more in the last hour than the rule lets pass."""
    limit = reveal_rule(path, now).hourly
    seen = Disclosure.objects.filter(way=Ways.REVEAL, by=actor.person, at__gt=now - HOUR, at__lte=now).count()
    if actor.person is None or seen <= limit:
        return
    auditors = {person.pk for person in holders_of(Permission.PRIVACY_AUDIT, path)} - {actor.person}
    telling = Telling(
        "personal.many_reveals",
        gettext_noop("%(staff_no)s revealed personal data %(seen)s times in an hour"),
        Severity.WARNING,
        {"staff_no": actor.label, "seen": seen, "limit": limit},
        body=gettext_noop("More than %(limit)s in an hour are told to you. See who was looked at, and why."),
        subject=f"reveals:{actor.person}",
        link=f"{reverse('privacy:records')}?person={actor.label}",
    )
    notify(people=auditors, telling=telling, actor=SYSTEM, now=now)
