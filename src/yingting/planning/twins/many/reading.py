"""What pages show of questions to many halls. Scoped: a run is shown to who may ask on its unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from yingting.domains.queueing.queries.setup import hall_now
from yingting.foundation.people.access import ACCESS_REFUSED, HALL_UNKNOWN, halls_for, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall, Unit, UnitLevel
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.planning.twins.models import ManyAnswer, ManyRun, RunState
from yingting.planning.twins.refusals import RUN_UNKNOWN

SORTS = {
    "rate": (F("gain_per_hour").desc(nulls_last=True), F("gain").desc(nulls_last=True)),
    "kept": (F("kept_per_hour").desc(nulls_last=True), F("gain").desc(nulls_last=True)),
    "gain": (F("gain").desc(nulls_last=True),),
    "now": (F("now").asc(nulls_last=True),),
    "customers": (F("customers").desc(nulls_last=True),),
    "hall": (),
}


def units_to_ask(actor: Actor) -> list[Unit]:
    """Return the units above halls whose twins the actor may ask together. Raises Refusal access.refused, hall.unknown."""
    mine = units_for(actor, Permission.TWIN_ASK).filter(is_active=True)
    found = list(mine.exclude(level=UnitLevel.HALL).order_by("path"))
    if not found:
        raise Refusal(ACCESS_REFUSED if actor.grants else HALL_UNKNOWN)
    return found


def may_ask_many(actor: Actor) -> bool:
    """Say whether the actor has a unit above halls."""
    return units_for(actor, Permission.TWIN_ASK).filter(is_active=True).exclude(level=UnitLevel.HALL).exists()


def clock_hall(actor: Actor, unit: Unit) -> Hall | None:
    """Return the hall whose clock a question to a unit goes by: the first of those in care."""
    mine = halls_for(actor, Permission.TWIN_ASK).filter(unit__path__startswith=unit.path, unit__is_active=True)
    return mine.order_by("unit__path").first()


def many_runs(actor: Actor, limit: int = 30) -> list[ManyRun]:
    """Return the last questions on units in care, newest first."""
    mine = ManyRun.objects.filter(unit__in=units_for(actor, Permission.TWIN_ASK))
    return list(mine.select_related("unit", "asked_by")[:limit])


def many_run_of(actor: Actor, run: UUID) -> ManyRun:
    """Return a question on a unit in care. Raises Refusal twin.run_unknown."""
    mine = ManyRun.objects.filter(unit__in=units_for(actor, Permission.TWIN_ASK))
    found = mine.select_related("unit", "asked_by").filter(pk=run).first()
    if found is None:
        raise Refusal(RUN_UNKNOWN)
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is: halls in all, answered, not answerable, and those where the change is sure to help or to harm."""

    halls: int
    done: int
    refused: int
    helped: int
    harmed: int

    @property
    def over(self) -> int:
        """Halls that are over, answered or not."""
        return self.done + self.refused

    @property
    def percent(self) -> int:
        """The share of the halls that are over, in percent."""
        return 100 * self.over // max(1, self.halls)


def standing_of(run: ManyRun) -> Standing:
    """Return how far a run is."""
    counts = ManyAnswer.objects.filter(run=run).aggregate(
        done=Count("pk", filter=Q(state=RunState.DONE)), refused=Count("pk", filter=Q(state=RunState.REFUSED)),
        helped=Count("pk", filter=Q(low__gt=0)), harmed=Count("pk", filter=Q(high__lt=0)),
    )  # fmt: skip
    return Standing(run.halls, **counts)


def answers_of(run: ManyRun, sort: str) -> QuerySet[ManyAnswer]:
    """Return the halls of a run that are over, sorted; those that could not be answered come last."""
    over = ManyAnswer.objects.filter(run=run, state__in=(RunState.DONE, RunState.REFUSED)).select_related("hall__unit")
    return over.order_by("state", *SORTS.get(sort, SORTS["rate"]), "hall__code")


def now_at(run: ManyRun) -> dt.datetime:
    """Return the present time at the halls of a run."""
    return hall_now(ManyAnswer.objects.filter(run=run).values_list("hall", flat=True)[0])
