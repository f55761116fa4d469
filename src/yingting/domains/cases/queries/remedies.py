"""Linked actions: of a case, of a person, of a part of the tree, and what is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from yingting.domains.cases.models import OPEN_REMEDIES, Case, Remedy, RemedyState
from yingting.domains.cases.queries.queue import visible
from yingting.domains.cases.refusals import REMEDY_OWNER_ONLY, REMEDY_STATE, REMEDY_UNKNOWN
from yingting.domains.cases.rules.answers import REMEDIES
from yingting.foundation.days import local_day
from yingting.foundation.evidence.subjects import Place, SubjectKind
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

REMEDY_KIND = "remedy"


# Which actions of a part of the tree are shown: those not ended, or one of these.
OVERDUE, TO_LOOK = "overdue", "look"
STANDS = {**REMEDIES, OVERDUE: _("overdue"), TO_LOOK: _("effect not looked at yet")}


@dataclass(frozen=True, slots=True)
class RemedyLine:
    """One action of a list. `is_over`: not done by its day; `is_look_due`: its effect should be looked at by now; `sees_case`: the
    reader may open its case.
    """

    row: Remedy
    is_over: bool
    is_look_due: bool
    sees_case: bool


def today_of(case: Case, now: dt.datetime) -> dt.date:
    """Return the business day at a case's unit."""
    return business_day(now, case.hall.timezone if case.hall else settings.TIME_ZONE)


def open_remedies(case: Case) -> int:
    """Return how many linked actions of a case are neither verified nor given up with their verifier's reason."""
    return Remedy.objects.filter(case=case, state__in=OPEN_REMEDIES).count()


def seen_by(actor: Actor) -> QuerySet[Remedy]:
    """Return the actions that somebody may see: their own to do or to check, those of cases in their part of the tree, and those that
    a unit in their charge is to carry out, whose case may be another's.
    """
    mine = Q(owner=actor.person) | Q(verifier=actor.person) if actor.person else Q(pk__in=())
    theirs = under("unit__path", actor.paths(Permission.CASE_SUPERVISE))
    return _rows().filter(mine | theirs | Q(case__in=visible(actor).values("pk")))


def _rows() -> QuerySet[Remedy]:
    return Remedy.objects.select_related(
        "case", "case__unit", "case__hall", "unit", "owner", "verifier", "set_by", "effect_by", "baseline"
    )


def overseen_by(actor: Actor, *, stand: str, unit: str, now: dt.datetime) -> QuerySet[Remedy]:
    """Return the actions of the part of the tree that somebody supervises: those to be done there, or because of a case there; open
    ones, or those of a stand; below a unit.
    """
    paths = actor.paths(Permission.CASE_SUPERVISE)
    rows = _rows().filter(under("unit__path", paths) | under("case__unit__path", paths)).filter(_stand(stand, now))
    return rows.filter(unit__path__startswith=unit) if unit else rows


def _stand(stand: str, now: dt.datetime) -> Q:
    if stand == OVERDUE:
        return Q(state=RemedyState.OPEN, due_on__lt=local_day(now))
    if stand == TO_LOOK:
        return Q(state=RemedyState.VERIFIED, effect="", look_on__isnull=False)
    return Q(state=stand) if stand in REMEDIES else Q(state__in=OPEN_REMEDIES)


def lines_of(actor: Actor, rows: Iterable[Remedy], now: dt.datetime) -> list[RemedyLine]:
    """Return actions as lists show them; one query more, however many."""
    found = list(rows)
    cases = set(visible(actor).filter(pk__in={row.case_id for row in found}).values_list("pk", flat=True))
    return [RemedyLine(row, is_over(row, now), _is_look_due(row, now), row.case_id in cases) for row in found]


def is_over(row: Remedy, now: dt.datetime) -> bool:
    """Is an action still to be done though its day is past?"""
    return row.state == RemedyState.OPEN and row.due_on < today_of(row.case, now)


def _is_look_due(row: Remedy, now: dt.datetime) -> bool:
    is_waiting = row.state == RemedyState.VERIFIED and not row.effect
    return is_waiting and row.look_on is not None and row.look_on <= today_of(row.case, now)


def remedy_of(actor: Actor, remedy: UUID) -> Remedy:
    """Return one action. Raises Refusal remedy.unknown."""
    row = seen_by(actor).filter(pk=remedy).first()
    if row is None:
        raise Refusal(REMEDY_UNKNOWN)
    return row


def to_do(actor: Actor) -> QuerySet[Remedy]:
    """Return what waits for somebody: actions to do, to check, and whose effect is to be looked at."""
    return seen_by(actor).filter(
        Q(state=RemedyState.OPEN, owner=actor.person)
        | Q(state=RemedyState.SUBMITTED, verifier=actor.person)
        | Q(state=RemedyState.VERIFIED, effect="", look_on__isnull=False, verifier=actor.person)
    )


def due_by(now: dt.datetime) -> QuerySet[Remedy]:
    """Return the actions that may be due anywhere on earth: open ones by their day, verified ones by the day of their effect."""
    day = local_day(now) + dt.timedelta(days=1)
    return Remedy.objects.filter(
        Q(state=RemedyState.OPEN, due_on__lte=day) | Q(state=RemedyState.VERIFIED, effect="", look_on__lte=day)
    ).select_related("case", "case__unit", "case__hall")


def _see(actor: Actor, record: UUID) -> Place:
    row = remedy_of(actor, record)
    return Place(row.case.unit.path, row.case.hall_id)


def _add(actor: Actor, record: UUID) -> Place:
    row = remedy_of(actor, record)
    if row.state not in OPEN_REMEDIES:
        raise Refusal(REMEDY_STATE)
    if actor.person not in (row.owner_id, row.verifier_id):
        raise Refusal(REMEDY_OWNER_ONLY)
    return Place(row.case.unit.path, row.case.hall_id)


def _over(records: Sequence[UUID]) -> Mapping[UUID, dt.datetime]:
    rows = Remedy.objects.filter(pk__in=records, ended_at__isnull=False).values_list("pk", "ended_at")
    return {pk: at for pk, at in rows if at is not None}


PROOF = SubjectKind(REMEDY_KIND, _("Linked action"), see=_see, add=_add, over=_over)
