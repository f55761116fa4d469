"""Asking the worker for long work: a look over the cases, a model learnt anew. A page or the schedule asks and does not wait.

SciPy, scikit-learn and datasketch are loaded when the work is done, never with this module: the web process imports it.
"""

from __future__ import annotations

import datetime as dt
from importlib import import_module

from django_tasks import task

from yingting.domains.detection.queries.standouts import is_looked_over
from yingting.domains.detection.queries.suggestions import due_anew
from yingting.foundation.people.access import actor_for_person, require
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import SYSTEM, Actor


def ask_for_look(*, last: dt.date, actor: Actor, now: dt.datetime) -> None:
    """Ask for a look over the cases up to a day."""
    look_over_cases.enqueue(last.isoformat(), str(actor.person or ""), now.isoformat())


def ask_to_learn(*, unit: str, actor: Actor, now: dt.datetime) -> None:
    """Ask for a model of a unit (by path). Raises Refusal hall.unknown, access.refused."""
    require(actor, Permission.CASE_CONFIGURE, unit)
    learn_categories.enqueue(unit, str(actor.person or ""), now.isoformat())


# Asked for by the schedule ("" for the person), it is done once however often it was asked for.
@task()
def look_over_cases(last: str, person: str, now: str) -> None:
    """Look over the cases up to a day."""
    day = dt.date.fromisoformat(last)
    if person or not is_looked_over(day):
        looking = import_module("yingting.domains.detection.actions.looking")
        looking.look_over(last=day, actor=_actor(person), now=dt.datetime.fromisoformat(now))


@task()
def learn_categories(unit: str, person: str, now: str) -> None:
    """Learn a model."""
    at = dt.datetime.fromisoformat(now)
    if person or unit in due_anew(at):
        teaching = import_module("yingting.domains.detection.actions.teaching")
        teaching.teach(unit=unit, actor=_actor(person), now=at)


def _actor(person: str) -> Actor:
    return actor_for_person(Person.objects.get(pk=person)) if person else SYSTEM
