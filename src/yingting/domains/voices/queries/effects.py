"""What an adopted suggestion has brought: indicators before it was carried out and after, and who may compare them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from yingting.domains.cases.models import OPEN_REMEDIES, Remedy, RemedyState
from yingting.domains.voices.models import Effect, Suggestion
from yingting.domains.voices.queries.rules_in_force import suggesting
from yingting.domains.voices.rules import Judgement, Stretches, stretches
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.people.permissions import Permission
from yingting.indicators.before_after import Verdict
from yingting.indicators.declaring import AnyIndicator, Unit
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop as _

ADOPTED = (Judgement.ADOPTED.value, Judgement.PARTLY.value)
SAID = {
    Verdict.BETTER: _("better"), Verdict.WORSE: _("worse"), Verdict.CANNOT_TELL: _("no difference can be told"),
    Verdict.NO_INTERVAL: _("no interval"), Verdict.NOT_RATED: _("too few cases to tell"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """An adopted suggestion that was carried out: at which units, by whom, and the days to be compared."""

    units: tuple[str, ...]
    doers: frozenset[UUID]
    days: Stretches


@dataclass(frozen=True, slots=True)
class EffectTold:
    """One comparison in words."""

    row: Effect
    title: str
    before: str
    after: str
    verdict: str
    is_clear: bool


def carried_out(row: Suggestion) -> CarriedOut | None:
    """Return how an adopted suggestion was carried out; None while an action is open, or none was checked as done."""
    actions = list(Remedy.objects.filter(case=row.case_id).select_related("unit"))
    done = [(one, one.ended_at) for one in actions if one.state == RemedyState.VERIFIED and one.ended_at is not None]
    if row.judgement not in ADOPTED or not done or any(one.state in OPEN_REMEDIES for one in actions):
        return None
    path = row.unit.path
    begun = min(today_at(path, one.set_at) for one, _ended in done)
    ended = max(today_at(path, at) for _one, at in done)
    days = suggesting(path, ended).compared_days
    return CarriedOut(
        tuple(sorted({one.unit.path for one, _ended in done})), frozenset(one.owner_id for one, _ended in done),
        stretches(begun, ended, days),
    )  # fmt: skip


def may_measure(actor: Actor, row: Suggestion, found: CarriedOut) -> bool:
    """May somebody compare figures before and after: who answers for the case or leads there, and neither made nor carried it out?"""
    if actor.person is None or actor.person in found.doers or actor.person == row.author_id:
        return False
    leads = actor.person == row.case.owner_id or actor.may(Permission.CASE_SUPERVISE, row.unit.path)
    return leads and all(actor.may(Permission.REPORT_VIEW, path) for path in found.units)


def effects_of(row: Suggestion) -> tuple[EffectTold, ...]:
    """Return what was compared for a suggestion, in words. (Late: what measures takes seconds to load.)"""
    rows = list(Effect.objects.filter(suggestion=row).select_related("by"))
    if not rows:
        return ()
    from yingting.foundation.lake.declared import declared

    known = {key: indicator for key, (indicator, _set) in declared().items()}
    return tuple(_told(one, known.get(one.indicator)) for one in rows)


def _told(row: Effect, indicator: AnyIndicator | None) -> EffectTold:
    """One comparison in words; it outlives its indicator."""
    verdict, unit = Verdict(row.verdict), indicator.unit if indicator else Unit.SCORE
    title = gettext(indicator.title) if indicator else row.indicator
    return EffectTold(
        row, title, _text(unit, row.before_value), _text(unit, row.after_value), gettext(SAID[verdict]),
        verdict in (Verdict.BETTER, Verdict.WORSE),
    )  # fmt: skip


def _text(unit: Unit, value: float | None) -> str:
    if value is None:
        return "–"
    if unit is Unit.SHARE:
        return f"{value * 100:.1f} %"
    if unit is Unit.SECONDS:
        return gettext("%(count)s min") % {"count": f"{value / 60:.1f}"}
    return f"¥{value / 100:,.2f}" if unit is Unit.MONEY else f"{value:,.2f}"
