"""Cases that belong together: linked ones, those of the same telephone, those of the same category and place lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.cases.models import Case, Complainant
from yingting.domains.cases.queries.links import links_of
from yingting.domains.cases.queries.queue import visible
from yingting.domains.cases.queries.rules_in_force import HANDLING, rule_of
from yingting.domains.cases.rules.answers import LINKS
from yingting.foundation.days import local_day
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.rules import DataKind
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop as _

MOST = 10
SAME_PHONE, SAME_PLACE = _("same telephone"), _("same category and place")
ORIGIN, GREW = _("it grew out of this"), _("grew out of it")


@dataclass(frozen=True, slots=True)
class Alike:
    """Another case and why it is shown: `why` is a msgid, `is_linked` whether somebody, or the house, has linked them."""

    id: UUID
    number: str
    process: str
    category: str
    state: str
    registered_at: dt.datetime
    why: str
    is_linked: bool


def last_of_phone(phone: str, since: dt.datetime, *, but: Collection[UUID | None] = ()) -> UUID | None:
    """Return the latest case of a telephone number since a moment, in whichever hall; None for none."""
    keys = search_keys(DataKind.PHONE, phone)
    rows = Complainant.objects.filter(phone_key__in=keys, case__received_at__gte=since)
    rows = rows.exclude(case__in=[one for one in but if one])
    return rows.order_by("-case__received_at", "-case").values_list("case", flat=True).first() if keys else None


def of_phone(actor: Actor, phone: str, now: dt.datetime, path: str) -> list[Alike]:
    """Return the cases of a telephone number that the actor may see, within the days in which another is a repeat."""
    since = now - dt.timedelta(days=rule_of(HANDLING, path, local_day(now)).repeat_days)
    return _phone(actor, search_keys(DataKind.PHONE, phone), since)


def alike(actor: Actor, case: Case, path: str) -> tuple[Alike, ...]:
    """Return the cases that belong to this one, of those that the actor may see; each once, linked ones first."""
    rule = rule_of(HANDLING, path, case.business_day)
    who = Complainant.objects.filter(case=case).first()
    found = [*_linked(actor, case), *_grown(actor, case)]
    if who is not None and who.phone_key:
        found += _phone(actor, [who.phone_key], case.received_at - dt.timedelta(days=rule.repeat_days))
    if case.category:
        since = case.received_at - dt.timedelta(days=rule.similar_days)
        rows = visible(actor).filter(unit=case.unit_id, category=case.category, registered_at__gte=since)
        found += [_line(row, SAME_PLACE) for row in rows.order_by("-registered_at")[:MOST]]
    once: dict[UUID, Alike] = {}
    for one in found:
        once.setdefault(one.id, one)
    once.pop(case.pk, None)
    return tuple(once.values())


def _linked(actor: Actor, case: Case) -> list[Alike]:
    pairs = links_of(case.pk).values_list("case", "other", "sort")
    sorts = {other if one == case.pk else one: sort for one, other, sort in pairs}
    rows = visible(actor).filter(pk__in=sorts).order_by("-registered_at")[:MOST]
    return [_line(row, LINKS[sorts[row.pk]], is_linked=True) for row in rows]


def _grown(actor: Actor, case: Case) -> list[Alike]:
    out_of = visible(actor).filter(origin_kind="case", origin_id=case.pk).order_by("registered_at")[:MOST]
    found = [_line(row, GREW, is_linked=True) for row in out_of]
    if case.origin_kind == "case" and case.origin_id is not None:
        found += [_line(row, ORIGIN, is_linked=True) for row in visible(actor).filter(pk=case.origin_id)]
    return found


def _phone(actor: Actor, keys: Collection[str], since: dt.datetime) -> list[Alike]:
    cases = Complainant.objects.filter(phone_key__in=keys).values("case")
    rows = visible(actor).filter(pk__in=cases, received_at__gte=since).order_by("-received_at")[:MOST]
    return [_line(row, SAME_PHONE) for row in rows]


def _line(row: Case, why: str, *, is_linked: bool = False) -> Alike:
    return Alike(row.pk, row.number, row.process, row.category, row.state, row.registered_at, why, is_linked)
