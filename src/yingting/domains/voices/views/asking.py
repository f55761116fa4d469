"""What the views of voices read from a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from yingting.domains.cases.facade import now_at
from yingting.domains.voices.queries.people import person_in
from yingting.foundation.people.models import Person
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

PER_PAGE = 30
NOTHING = ("", "–")


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor that the middleware put on the request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # put there by the middleware
    return actor


def here(request: HttpRequest) -> tuple[Actor, Person, dt.datetime]:
    """Return who asks, as a person with their unit, and the time there."""
    actor = actor_of(request)
    person = person_in(actor)
    return actor, person, now_at(person.unit.path)


def form_page(
    request: HttpRequest, template: str, form: BaseForm, act: Callable[[], HttpResponse], more: Mapping[str, object]
) -> HttpResponse:
    """Show a form; when it was sent and is right, act. A refusal of what was typed stands above the fields, which keep it."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return act()
            except Refusal as refusal:
                if refusal.status in (403, 404):
                    raise
                status = refusal.status
                form.add_error(None, refusal.in_words(gettext))
    return render(request, template, {"form": form, **more}, status=status)
