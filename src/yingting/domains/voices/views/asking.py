"""What the views of voices read from a request."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest

from yingting.domains.cases.facade import now_at
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.people.access import person_in
from yingting.foundation.people.models import Person
from yingting.kernel.actors import Actor

PER_PAGE = 30
NOTHING = ("", "–")


def here(request: HttpRequest) -> tuple[Actor, Person, dt.datetime]:
    """Return who asks, as a person with their unit, and the time there."""
    actor = actor_in(request)
    person = person_in(actor)
    return actor, person, now_at(person.unit.path)
