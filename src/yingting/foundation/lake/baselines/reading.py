"""Find baselines: a person sees those all of whose halls it may see."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.foundation.lake.baselines.contracts import KeptBaseline, snapshot_of
from yingting.foundation.lake.models import Baseline
from yingting.foundation.people.access import halls_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.canonical import digest
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

CHOSEN_FROM = 50
UNKNOWN = declare(
    "baseline.unknown", _("There is no such baseline, or not all of its halls are in your care."), status=404
)  # fmt: skip


def baselines_for(actor: Actor) -> tuple[KeptBaseline, ...]:
    """Return the baselines that the actor may see, the latest first."""
    mine = visible_halls(actor)
    found = (_kept(row) for row in Baseline.objects.select_related("by"))
    return tuple(one for one in found if mine.issuperset(one.snapshot.halls))


def baseline_for(actor: Actor, baseline: UUID) -> KeptBaseline:
    """Return a baseline that the actor may see. Raises Refusal baseline.unknown."""
    row = Baseline.objects.select_related("by").filter(pk=baseline).first()
    if row is not None and visible_halls(actor).issuperset((found := _kept(row)).snapshot.halls):
        return found
    raise Refusal(UNKNOWN)


def latest_titles(actor: Actor) -> list[tuple[UUID, str, dt.datetime]]:
    """Return id, title and moment of those of the latest baselines that the actor may see, to choose from."""
    rows = list(Baseline.objects.all()[:CHOSEN_FROM])
    mine = visible_halls(actor) if rows else set()
    return [(row.pk, row.title, row.at) for row in rows if mine.issuperset(snapshot_of(row.content).halls)]


def visible_halls(actor: Actor) -> set[str]:
    """Return the codes of the halls whose reports the actor may read."""
    return set(halls_for(actor, Permission.REPORT_VIEW).values_list("code", flat=True))


def _kept(row: Baseline) -> KeptBaseline:
    return KeptBaseline(
        row.pk, snapshot_of(row.content), row.digest, digest(row.content) == row.digest, row.by.name if row.by else "",
        row.at,
    )  # fmt: skip
