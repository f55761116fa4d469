"""Special care (CUS-08): what was done for a customer who is owed it, ticked off; what was left out becomes a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext

from yingting.domains.cases.facade import Intake, enter
from yingting.domains.relations.actions.stepping import kept_file, note
from yingting.domains.relations.facts import SpecialCareNoted
from yingting.domains.relations.models import SpecialCare
from yingting.domains.relations.queries.rules_in_force import ATTENDING, rule_of
from yingting.domains.relations.queries.special import owed_to
from yingting.domains.relations.refusals import FIELD_MISSING, NO_CHECKLIST
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.editing.naming import named
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import hall_for, holders_of
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

REASON = _("Why it was left out")
LEFT_OUT = _("Special care left out: %(items)s. %(why)s")


def note_special_care(
    *, customer: UUID, hall: UUID, done: Collection[str], why: str, actor: Actor, now: dt.datetime
) -> UUID:
    """Note what was done for a customer who is owed special care. Something left out needs a word why, and becomes a case of
    rectification of whoever supervises the hall.

    Raises Refusal customer.unknown, customer.gone, hall.unknown, access.refused, special_care.none, relation.field_missing.
    """
    place = hall_for(actor, Permission.CUSTOMERS_KEEP, hall)
    with writing():
        file = kept_file(actor, customer)
        today = today_at(place.unit.path, now)
        items = owed_to(file, place.unit.path, today)
        if not items:
            raise Refusal(NO_CHECKLIST)
        left = [one for one in items if one.code not in done]
        if left and not why.strip():
            raise Refusal(FIELD_MISSING, field=gettext(REASON))
        assert actor.person is not None
        names = "、".join(named(one) for one in left)
        case = _rectify(place, names, why.strip(), actor, now) if left else None
        row = SpecialCare.objects.create(
            customer=file, hall=place, business_day=today, ticks={one.code: one not in left for one in items},
            left_out=len(left), why=why.strip()[:120], case=case, by_id=actor.person, at=now,
        )  # fmt: skip
        ticked = tuple(one.code for one in items if one not in left)
        told = SpecialCareNoted(file.pk, ticked, tuple(one.code for one in left), case)
        note(told, row.pk, place.unit_id, today, actor, now)
    return row.pk


def _rectify(hall: Hall, items: str, why: str, actor: Actor, now: dt.datetime) -> UUID:
    """A case for whoever supervises the hall, the nearest first; the customer is not named in it."""
    path = hall.unit.path
    handlers = set(holders_of(Permission.CASE_HANDLE, path).values_list("pk", flat=True))
    able = holders_of(Permission.CASE_SUPERVISE, path).select_related("unit")
    nearest = sorted((one for one in able if one.pk in handlers), key=lambda one: -len(one.unit.path))
    text = gettext(LEFT_OUT) % {"items": items, "why": why}
    channel = rule_of(ATTENDING, path, today_at(path, now)).channel
    intake = Intake(path, channel, text, owner=nearest[0].pk if nearest else None, origin_kind="relations.special_care")
    return enter(intake, hall.unit, actor=actor, now=now).id
