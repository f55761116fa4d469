"""The Word template of a unit: its own, or that of the nearest unit above, or the shipped one."""

from __future__ import annotations

import datetime as dt
import hashlib
from uuid import UUID

from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import HALL_UNKNOWN, require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.reporting.bulletins.archive import person_of
from yingting.reporting.bulletins.facts import TemplateReplaced
from yingting.reporting.bulletins.models import WordTemplate
from yingting.reporting.bulletins.word import require_template


def template_for(unit: Unit) -> WordTemplate | None:
    """Return the template that a unit's bulletins are written with; None: the shipped one."""
    rows = WordTemplate.objects.select_related("unit").filter(unit__path__in=prefixes(unit.path))
    return max(rows, key=lambda row: len(row.unit.path), default=None)


def replace_template(*, unit: UUID, name: str, data: bytes, actor: Actor, now: dt.datetime) -> None:
    """Put a template in the place of the one that the unit has, once it has been tried.

    Raises Refusal hall.unknown, access.refused and those of `word.require_template`.
    """
    place = _configured(unit, actor)
    require_template(data)
    with writing():
        WordTemplate.objects.update_or_create(
            unit=place,
            defaults={"name": name[:120], "file": data, "uploaded_by_id": person_of(actor), "uploaded_at": now},
        )
        fact = TemplateReplaced(place.pk, hashlib.sha256(data).hexdigest())
        record(fact, subject=place.pk, actor=actor, now=now)


def drop_template(*, unit: UUID, actor: Actor, now: dt.datetime) -> None:
    """Go back to the template above, or to the shipped one. Raises Refusal hall.unknown, access.refused."""
    place = _configured(unit, actor)
    with writing():
        if WordTemplate.objects.filter(unit=place).delete()[0]:
            record(TemplateReplaced(place.pk, ""), subject=place.pk, actor=actor, now=now)


def _configured(unit: UUID, actor: Actor) -> Unit:
    place = Unit.objects.filter(pk=unit, is_active=True).first()
    if place is None:
        raise Refusal(HALL_UNKNOWN)
    require(actor, Permission.HALL_CONFIGURE, place.path)
    return place
