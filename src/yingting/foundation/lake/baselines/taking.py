"""Keep the figures before a measure: measured now, or declared with their source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from itertools import product
from typing import Any
from uuid import UUID

from django.conf import settings

from yingting.foundation.catalogue.calendar import CALENDAR
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.baselines.contracts import (
    TOGETHER,
    Item,
    Kept,
    KeptRule,
    KeptStandard,
    Part,
    Snapshot,
    text_of,
)
from yingting.foundation.lake.baselines.measuring import measure_items, parts_of
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.facts import BaselineTaken
from yingting.foundation.lake.models import Baseline
from yingting.foundation.lake.targets import TARGETS, Standard, standards
from yingting.foundation.people.access import hall_for, halls_for, under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind
from yingting.foundation.rulebook.reading import first_days, in_force, prefixes
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.canonical import digest
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

NO_TITLE = declare("baseline.no_title", _("Give the baseline a title, and say what will be tried."), status=422)
NO_HALLS = declare("baseline.no_halls", _("Choose at least one hall."), status=422)
NO_ITEMS = declare("baseline.no_items", _("Choose at least one indicator."), status=422)
ITEM_UNKNOWN = declare("baseline.item_unknown", _("There is no such indicator to keep: %(code)s."), status=422)
PERIOD_WRONG = declare(
    "baseline.period_wrong", _("Choose a first and a last day; the last one has to be over."), status=422
)
NO_SOURCE = declare("baseline.no_source", _("Say where the declared values come from."), status=422)
TITLE, TEXT = 80, 400


def take_baseline(
    *, title: str, measure: str, halls: Collection[str], items: Collection[Item], first: dt.date | None,
    last: dt.date | None, actor: Actor, now: dt.datetime,
) -> UUID:  # fmt: skip
    """Measure and keep the figures of halls before a measure. Returns the baseline's id.

    Peers are the other halls of the same types under the same root. Only figures of all of them together are kept and shown, so
    they need not be in the actor's scope.
    Raises Refusal baseline.*, access.refused, hall.unknown.
    """
    chosen = _checked(title, measure, halls, items, actor)
    if first is None or last is None or not first <= last < business_day(now, settings.TIME_ZONE):
        raise Refusal(PERIOD_WRONG)
    codes, wanted = tuple(hall.code for hall in chosen), _ordered(items)
    peers = _peers(chosen)
    values = measure_items(wanted, codes, first, last)
    snapshot = Snapshot(
        title=title.strip()[:TITLE], measure=measure.strip()[:TEXT], halls=codes, items=wanted, first=first, last=last,
        values={place: tuple(values[place][item] for item in wanted) for place in (TOGETHER, *codes)},
        standards=_standards(wanted, codes, first), peers=peers,
        peer_values=tuple(measure_items(wanted, peers, first, last)[TOGETHER][item] for item in wanted) if peers else (),
        rules=_rules(chosen, wanted, first, last),
    )  # fmt: skip
    return _keep(snapshot, actor, now)


def declare_baseline(
    *, title: str, measure: str, halls: Collection[str], values: Mapping[Item, float], source: str, actor: Actor,
    now: dt.datetime,
) -> UUID:  # fmt: skip
    """Keep values that nobody measured here, such as those of an inspection, with their source. Returns the baseline's id.

    Values are in each indicator's own unit. Raises Refusal baseline.*, access.refused, hall.unknown.
    """
    chosen = _checked(title, measure, halls, values, actor)
    if not source.strip():
        raise Refusal(NO_SOURCE)
    codes, wanted = tuple(hall.code for hall in chosen), _ordered(values)
    today = business_day(now, settings.TIME_ZONE)
    snapshot = Snapshot(
        title=title.strip()[:TITLE], measure=measure.strip()[:TEXT], halls=codes, items=wanted,
        source=source.strip()[:TEXT], values={TOGETHER: tuple(Kept(values[item], None) for item in wanted)},
        standards={TOGETHER: _standards(wanted, codes, today)[TOGETHER]}, rules=_rules(chosen, wanted, today, today),
    )  # fmt: skip
    return _keep(snapshot, actor, now)


def _checked(
    title: str, measure: str, halls: Collection[str], items: Collection[Item], actor: Actor
) -> tuple[Hall, ...]:
    if not title.strip() or not measure.strip():
        raise Refusal(NO_TITLE)
    if not halls:
        raise Refusal(NO_HALLS)
    if not items:
        raise Refusal(NO_ITEMS)
    for item in items:
        if item.key not in declared() or item.part not in parts_of(item.key):
            raise Refusal(ITEM_UNKNOWN, code=item.code[:60])
    mine = {hall.code: hall for hall in halls_for(actor, Permission.BASELINE_TAKE)}
    for code in halls:
        if code not in mine:
            hall_for(actor, Permission.BASELINE_TAKE, code)  # says why not
    return tuple(mine[code] for code in sorted(set(halls)))


def _ordered(items: Collection[Item]) -> tuple[Item, ...]:
    """In the order of the declarations, which is the one that people know; each item once."""
    places = {key: place for place, key in enumerate(declared())}
    return tuple(sorted(set(items), key=lambda item: (places[item.key], list(Part).index(item.part))))


def _peers(chosen: Collection[Hall]) -> tuple[str, ...]:
    types, roots = {hall.hall_type for hall in chosen}, {prefixes(hall.unit.path)[0] for hall in chosen}
    alike = Hall.objects.filter(under("unit__path", tuple(roots)), hall_type__in=types, unit__is_active=True)
    others = alike.exclude(code__in=[hall.code for hall in chosen])
    return tuple(others.order_by("code").values_list("code", flat=True))


def _standards(items: Collection[Item], halls: Collection[str], day: dt.date) -> dict[str, tuple[KeptStandard, ...]]:
    found, known = standards(halls, day), declared()
    indicators = [known[item.key][0] for item in items]
    return {
        TOGETHER: tuple(_standard(found.common(one, halls)) for one in indicators),
        **{hall: tuple(_standard(found.of(one, hall)) for one in indicators) for hall in halls},
    }


def _standard(one: Standard) -> KeptStandard:
    return KeptStandard(one.target, one.challenge, one.minimum_sample)


def _rules(halls: Iterable[Hall], items: Collection[Item], first: dt.date, last: dt.date) -> tuple[KeptRule, ...]:
    """The versions of rules on which the values rest (each day has its own), and their standards (the first day decides)."""
    known = declared()
    kinds: dict[str, Kind[Any]] = {TARGETS.code: TARGETS}
    for item in items:
        if (limits := known[item.key][1].limits) is not None:
            kinds[limits.code] = limits
        if item.part in (Part.BUSY, Part.IDLE):
            kinds[CALENDAR.code] = CALENDAR
    found = set()
    for code, kind in kinds.items():
        later = () if kind is TARGETS else first_days(kind, after=first, until=last)
        for hall, day in product(halls, (first, *later)):
            version = in_force(kind, path=hall.unit.path, day=day)
            found.add(KeptRule(code, version.path, version.number, version.valid_from))
    return tuple(sorted(found, key=lambda rule: (rule.kind, rule.path, rule.number)))


def _keep(snapshot: Snapshot, actor: Actor, now: dt.datetime) -> UUID:
    content = text_of(snapshot)
    with writing():
        row = Baseline.objects.create(
            title=snapshot.title, content=content, digest=digest(content), by_id=actor.person, at=now
        )
        fact = BaselineTaken(
            snapshot.title, snapshot.halls, tuple(item.code for item in snapshot.items), snapshot.first, snapshot.last,
            snapshot.is_declared, row.digest,
        )  # fmt: skip
        record(fact, subject=row.pk, version=1, actor=actor, now=now)
    return row.pk
