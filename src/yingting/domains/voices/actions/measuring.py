"""What an adopted suggestion has brought, told by an indicator of the catalogue: as many days before it was carried out as after."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from yingting.domains.voices.facts import SuggestionMeasured
from yingting.domains.voices.models import Effect, Suggestion
from yingting.domains.voices.queries.effects import CarriedOut, carried_out, may_measure
from yingting.domains.voices.queries.suggestions import suggestion_of
from yingting.domains.voices.refusals import (
    INDICATOR_UNKNOWN,
    MEASURE_EARLY,
    MEASURED,
    MEASURED_BY_DOER,
    NOT_CARRIED_OUT,
)
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def measure_effect(*, suggestion: UUID, indicator: str, actor: Actor, now: dt.datetime) -> Effect:
    """Compare an indicator before an adopted suggestion was carried out and after it, once, and keep what came out: both values
    with their cases, and what may be said of the change. Too few cases are told as such.

    Raises Refusal voice.unknown, voice.not_carried_out, voice.measured_by_doer, access.refused, voice.measure_early,
    voice.indicator_unknown, voice.measured.
    """
    row = suggestion_of(actor, suggestion)
    found = _measurable(row, actor, now)
    values = _compared(indicator, found)  # read from the lake before anything is locked
    with writing():
        Suggestion.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if Effect.objects.filter(suggestion=row, indicator=indicator).exists():
            raise Refusal(MEASURED)
        assert actor.person is not None
        kept = Effect.objects.create(
            suggestion=row, indicator=indicator, units=list(found.units), by_id=actor.person, at=now, **values
        )
        case = row.case
        record(
            SuggestionMeasured(indicator, kept.verdict), subject=row.pk, hall=case.place, business_day=case.business_day,
            actor=actor, now=now, correlation=case.pk,
        )  # fmt: skip
    return kept


def _measurable(row: Suggestion, actor: Actor, now: dt.datetime) -> CarriedOut:
    found = carried_out(row)
    if found is None:
        raise Refusal(NOT_CARRIED_OUT)
    if actor.person in found.doers or actor.person == row.author_id:
        raise Refusal(MEASURED_BY_DOER)
    if not may_measure(actor, row, found):
        raise Refusal(ACCESS_REFUSED)
    if found.days.after_last >= today_at(row.unit.path, now):
        raise Refusal(MEASURE_EARLY, day=found.days.after_last.isoformat())
    return found


def _compared(key: str, found: CarriedOut) -> dict[str, Any]:
    """What the lake tells of both stretches. (Late: what measures takes seconds to load.)"""
    from yingting.foundation.lake.baselines.comparing import compared
    from yingting.foundation.lake.declared import declared
    from yingting.foundation.lake.offices import place_paths

    indicator = declared()[key][0] if key in declared() else None
    if indicator is None or indicator.better_is is None:
        raise Refusal(INDICATOR_UNKNOWN)
    places = tuple(code for code, path in place_paths().items() if path.startswith(found.units))
    days = found.days
    change = compared(key, places, (days.before_first, days.before_last), (days.after_first, days.after_last))
    moved = change.difference
    return {
        "before_first": days.before_first, "before_last": days.before_last, "before_value": change.before.value,
        "before_n": change.before.n, "after_first": days.after_first, "after_last": days.after_last,
        "after_value": change.after.value, "after_n": change.after.n, "low": moved.low if moved else None,
        "high": moved.high if moved else None, "verdict": change.verdict.value,
    }  # fmt: skip
