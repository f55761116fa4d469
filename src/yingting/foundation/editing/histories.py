"""Who changed a record when, and from what to what: read from the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.changing import VEIL, Sentence
from yingting.foundation.journal.catalogue import kind_of
from yingting.foundation.journal.facts import ReferenceChanged
from yingting.foundation.journal.models import Fact


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one change, in words."""

    label: Sentence
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change: when, who, what kind of change (created, changed, removed), and the fields."""

    at: dt.datetime
    who: str
    what: str
    fields: tuple[FieldChange, ...]


# Words for fields that no form asks for.
_WORDS: dict[str, Sentence] = {
    "is_active": _("In use"),
    "unit": _("Unit"),
    "hall": _("Hall"),
    "parent": _("Stands under"),
    "path": _("Path"),
    "code": _("Code"),
    "level": _("Level"),
    "kind": _("Kind"),
    "key": _("Key"),
    "name": _("Name"),
    "name_en": _("English name"),
    "staff_no": _("Staff number"),
    "password": _("Password"),
    "queue": _("Queues"),
    "business_class": _("Business classes"),
    "is_default": _("Default"),
    "pairing_digest": _("Pairing code"),
    "pairing_until": _("Code good until"),
    "token_digest": _("Token"),
    "paired_at": _("Paired at"),
    "revoked_at": _("Revoked at"),
}


def history_of(subject: UUID, labels: Mapping[str, Sentence], limit: int = 50) -> list[HistoryRow]:
    """Return the last changes of a record, newest first; a record that was never edited has none."""
    facts = Fact.objects.filter(subject=subject, kind=kind_of(ReferenceChanged)).order_by("-version")[:limit]
    return [_row(fact, labels) for fact in facts]


def _row(fact: Fact, labels: Mapping[str, Sentence]) -> HistoryRow:
    model = apps.get_model(fact.data["model"])
    before, after = fact.data["before"], fact.data["after"]
    what = gettext("Created") if not before else gettext("Removed") if not after else gettext("Changed")
    names = [name for name in (after or before) if _worth_saying(name, before, after)]
    fields = tuple(
        FieldChange(
            labels.get(name) or _WORDS.get(name, name),
            _in_words(model, name, before[name]) if name in before else "",
            _in_words(model, name, after[name]) if name in after else "",
        )
        for name in names
    )
    return HistoryRow(fact.recorded_at, fact.actor_label, what, fields)


def _worth_saying(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Empty values of a new record say nothing."""
    return bool(before) or after.get(name) not in (None, "", [])


def _in_words(model: type[models.Model], name: str, value: Any) -> str:
    if value in (None, "", []):
        return pgettext("no value", "–")
    if value is True or value is False:
        return gettext("yes") if value else gettext("no")
    if value == VEIL:
        return VEIL
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return _listed(value)
    if isinstance(field, models.Field) and field.remote_field and isinstance(field.related_model, type):
        return _named(field.related_model, value if isinstance(value, list) else [value])
    if isinstance(field, models.DateTimeField):
        return f"{timezone.localtime(dt.datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    choices = dict(getattr(field, "flatchoices", None) or ())
    return str(choices.get(value, _listed(value)))


def _listed(value: Any) -> str:
    return gettext(", ").join(str(item) for item in value) if isinstance(value, list) else str(value)


def _named(model: type[models.Model], keys: list[str]) -> str:
    """The names of rows that a record pointed to; a row that is gone shows by the start of its id."""
    try:
        found = {str(row.pk): str(row) for row in model._default_manager.filter(pk__in=keys)}
    except (ValidationError, ValueError):
        found = {}
    return gettext(", ").join(found.get(key, key[:8]) for key in keys)
