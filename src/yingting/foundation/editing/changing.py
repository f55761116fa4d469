"""The one way to change reference data: create, change, remove.

Whatever is edited, the order is the same: lock, check the scope before and after, refuse lost updates, check the house's
rules, save only what differs, record one fact with only what differs, raise `config_version` of every hall whose queue
remembers it, tell the halls' screens. A `Rule` says for one model where a row lies and which checks it must pass.

Guards that look at several rows hold also when two people edit at once: an edit locks the halls that it touches before it
looks (PostgreSQL: row locks, always in order of id; SQLite: one writer at a time).
"""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.refusals import RECORD_OUTDATED, RECORD_UNKNOWN
from yingting.foundation.journal.facts import ReferenceChanged
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

M = TypeVar("M", bound=models.Model)
Sentence = str | Promise
VEIL = "•"
NO_HALLS = Q(pk__in=())
_FIXED = _("This cannot be changed any more: history points to it.")
_TAKEN = _("Somebody else has just created the same. Look at the list again.")


@dataclass(frozen=True, slots=True)
class Change(Generic[M]):
    """One change while it is being checked: the row as it will be, as it was (None when it is new), and who does it when.

    `values` are what the editor gave; many-to-many values are only there, not yet on the row.
    """

    after: M
    before: M | None
    values: Mapping[str, Any]
    actor: Actor
    now: dt.datetime

    def touches(self, *fields: str) -> bool:
        """Does any of these plain fields differ? Everything differs on a new row."""
        return self.before is None or any(getattr(self.before, name) != getattr(self.after, name) for name in fields)

    @property
    def retires(self) -> bool:
        """Does this take a row out of use?"""
        return (
            self.before is not None
            and getattr(self.before, "is_active", False)
            and not getattr(self.after, "is_active", True)
        )


@dataclass(frozen=True, slots=True)
class Unique:
    """Fields that are unique together, the field beside which a collision is shown, and its sentence."""

    fields: tuple[str, ...]
    shown_at: str
    sentence: Sentence


def _nothing(_change: Change[Any]) -> None:
    """Check nothing."""


def _no_hall(_row: models.Model) -> None:
    """Belong to no hall."""


def _no_day(_row: models.Model, _now: dt.datetime) -> None:
    """Belong to no business day."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[M]):
    """How one model is edited.

    `permission` is required on `path` of the row, before and after. `halls` selects the halls whose queue remembers the row.
    `hall` is the hall that the fact belongs to, `day` the business day, where the lake counts such changes by days. `check`
    raises ValidationError by field; `follow` runs after saving, in the same transaction. `fixed` fields never change once
    written; `veiled` ones enter the journal as "•"; `unseen` ones
    are none of an editor's business.
    """

    model: type[M]
    permission: Permission
    path: Callable[[M], str]
    halls: Callable[[M], Q]
    hall: Callable[[M], UUID | None] = _no_hall
    day: Callable[[M, dt.datetime], dt.date | None] = _no_day
    check: Callable[[Change[M]], None] = _nothing
    follow: Callable[[Change[M]], None] = _nothing
    unique: tuple[Unique, ...] = ()
    fixed: frozenset[str] = frozenset()
    veiled: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()


def mark(rule: Rule[M], row: M) -> str:
    """Return a mark of the values that an editor reads; a change is refused when the stored ones differ by then."""
    seen = json.dumps(snapshot(rule, row), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(seen.encode()).hexdigest()[:24]


def snapshot(rule: Rule[M], row: M, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the row's editable values as the journal writes them; `values` overrides many-to-many fields."""
    meta = rule.model._meta
    plain = {
        field.name: _plain(field.value_from_object(row))
        for field in meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in rule.unseen
    }
    for many in meta.many_to_many:
        given = (values or {}).get(many.name)
        rows = given if given is not None else getattr(row, many.name).all() if not row._state.adding else ()
        plain[many.name] = sorted(str(item.pk) for item in rows)
    return plain


def _plain(value: object) -> object:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.time | dt.datetime):
        return value.isoformat()
    return value


def create(rule: Rule[M], *, values: Mapping[str, Any], actor: Actor, now: dt.datetime) -> M:
    """Create a row. Raises ValidationError by field, Refusal access.refused or hall.unknown."""
    return _save(rule, None, values=values, actor=actor, now=now, read=None)


def change(
    rule: Rule[M], pk: UUID, *, values: Mapping[str, Any], actor: Actor, now: dt.datetime, read: str | None = None
) -> M:
    """Change a row's `values`; `read` is the mark of the row that the editor saw (None: whatever it is now).

    Changing nothing records nothing. Raises ValidationError by field, Refusal record.unknown, record.outdated, access.refused.
    """
    return _save(rule, pk, values=values, actor=actor, now=now, read=read)


def remove(rule: Rule[M], pk: UUID, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a row that no history points to (hours, grants, papers). Raises Refusal record.unknown, access.refused."""
    with writing():
        row = locked(rule, pk)
        require(actor, rule.permission, rule.path(row))
        halls = lock_halls(rule.halls(row))
        gone, was = copy.copy(row), snapshot(rule, row)
        row.delete()
        _record(rule, gone, was, {}, actor, now)
        rule.follow(Change(gone, gone, {}, actor, now))
        stir(halls)


def retire(rule: Rule[M], pk: UUID, *, actor: Actor, now: dt.datetime, active: bool = False) -> M:
    """Take a row out of use, or (`active`) back into use. What points to it stays readable."""
    return change(rule, pk, values={"is_active": active}, actor=actor, now=now)


def locked(rule: Rule[M], pk: UUID) -> M:
    """Return the row, locked until the transaction ends. Raises Refusal record.unknown."""
    row = rule.model._default_manager.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Refusal(RECORD_UNKNOWN)
    return row


def lock_halls(halls: Q) -> list[UUID]:
    """Lock the halls in order of id, so that two edits that touch the same halls come one after the other; return their ids."""
    rows = Hall.objects.filter(halls).order_by("pk").select_for_update(of=("self",)).only("pk")
    return [hall.pk for hall in rows]


def stir(halls: list[UUID]) -> None:
    """Make the queue read the setup of these halls again, and their screens look again."""
    # In slices: SQLite allows only so many parameters in one statement.
    for start in range(0, len(halls), 500):
        Hall.objects.filter(pk__in=halls[start : start + 500]).update(config_version=F("config_version") + 1)
    for hall in halls:
        publish(hall)


def _save(
    rule: Rule[M], pk: UUID | None, *, values: Mapping[str, Any], actor: Actor, now: dt.datetime, read: str | None
) -> M:
    with writing():
        before = None if pk is None else locked(rule, pk)
        if before is not None:
            require(actor, rule.permission, rule.path(before))
            if read is not None and read != mark(rule, before):
                raise Refusal(RECORD_OUTDATED, who=last_editor(before.pk))
        after = _with_values(rule, before, values)
        require(actor, rule.permission, rule.path(after))
        was = {} if before is None else snapshot(rule, before)
        becomes = snapshot(rule, after, values)
        if before is not None and was == becomes:
            return before
        reach = rule.halls(after) if before is None else rule.halls(before) | rule.halls(after)
        halls = lock_halls(reach)
        step = Change(after, before, values, actor, now)
        _validate(rule, step, was, becomes)
        _store(rule, step, was, becomes)
        _record(rule, after, was, becomes, actor, now)
        rule.follow(step)
        # A new hall is among the halls that its own rule selects only after saving; it has nothing to forget.
        stir(halls)
        return after


def _with_values(rule: Rule[M], before: M | None, values: Mapping[str, Any]) -> M:
    after = rule.model() if before is None else copy.copy(before)
    many = {field.name for field in rule.model._meta.many_to_many}
    for name, value in values.items():
        if name not in many:
            setattr(after, name, value)
    return after


def _validate(rule: Rule[M], step: Change[M], was: Mapping[str, Any], becomes: Mapping[str, Any]) -> None:
    after = step.after
    for name in rule.fixed if step.before is not None else ():
        if was[name] != becomes[name]:
            raise ValidationError({name: _FIXED})
    after.clean_fields(exclude=set(rule.unseen))
    for unique in rule.unique:
        same = {name: getattr(after, name) for name in unique.fields}
        if rule.model._default_manager.filter(**same).exclude(pk=after.pk).exists():
            raise ValidationError({unique.shown_at: unique.sentence})
    rule.check(step)
    after.validate_constraints(exclude=set(rule.unseen))


def _store(rule: Rule[M], step: Change[M], was: Mapping[str, Any], becomes: Mapping[str, Any]) -> None:
    meta = rule.model._meta
    many = {field.name for field in meta.many_to_many}
    try:
        with transaction.atomic():
            if step.before is None:
                step.after.save(force_insert=True)
            elif changed := [name for name in becomes if name not in many and was[name] != becomes[name]]:
                step.after.save(update_fields=changed)
            for name in sorted(many & set(step.values)):
                getattr(step.after, name).set(step.values[name])
    except IntegrityError as error:
        # Somebody created the same in the moment after our look.
        raise ValidationError({NON_FIELD_ERRORS: _TAKEN}) from error


def _record(
    rule: Rule[M], row: M, was: Mapping[str, Any], becomes: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> None:
    names = [
        name
        for name in {**was, **becomes}
        if was.get(name) != becomes.get(name) or name not in was or name not in becomes
    ]

    def told(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: VEIL if name in rule.veiled else values[name] for name in names if name in values}

    note(
        rule.model, row.pk, told(was), told(becomes), hall=rule.hall(row), business_day=rule.day(row, now), actor=actor, now=now
    )  # fmt: skip


def note(
    model: type[models.Model], subject: UUID, before: Mapping[str, Any], after: Mapping[str, Any], *,
    actor: Actor, now: dt.datetime, hall: UUID | None = None, business_day: dt.date | None = None,
) -> None:  # fmt: skip
    """Record that reference data changed; the caller holds the row's lock."""
    fact = ReferenceChanged(model=model._meta.label_lower, before=dict(before), after=dict(after))
    record(fact, subject=subject, actor=actor, now=now, hall=hall, business_day=business_day)


def last_editor(subject: UUID) -> str:
    """Return who changed this last (a staff number), or a dash when nobody ever did on record."""
    label = Fact.objects.filter(subject=subject).order_by("-version").values_list("actor_label", flat=True).first()
    return label or "–"
