"""What the customers' pages share: nobody indexes or keeps them, and whatever is refused is told on a page for a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from yingting.domains.cases.refusals import FORM_AGAIN, PICTURES_MOST, PICTURES_ONLY
from yingting.foundation.evidence.rules import format_of
from yingting.foundation.evidence.rules_in_force import proof_rule
from yingting.foundation.evidence.shapes import Family
from yingting.foundation.evidence.taking import Incoming, Subject, take
from yingting.foundation.evidence.views import incoming
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

View = Callable[..., HttpResponse]


def for_customers(view: View) -> View:
    """A page that belongs to one customer: kept by nobody, found by no search engine, refused in a customer's words."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Refusal as refusal:
            context = {"sentence": refusal.in_words(gettext)}
            response = render(request, "cases/public_refused.html", context, status=refusal.status)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return never_cache(wrapped)


def form_of(request: HttpRequest) -> UUID:
    """Return the form that was sent. Raises Refusal case.form_again for what no form of ours sends: a robot fills every field."""
    try:
        form = UUID(request.POST.get("form", ""))
    except ValueError:
        raise Refusal(FORM_AGAIN) from None
    if request.POST.get("website"):
        raise Refusal(FORM_AGAIN)
    return form


def pictures_of(request: HttpRequest, form: UUID, *, path: str, most: int, now: dt.datetime) -> list[Incoming]:
    """Return the pictures of a form. Raises Refusal case.pictures_only, case.pictures_most, proof.too_large."""
    sent = request.FILES.getlist("files")
    if not sent:
        return []
    if len(sent) > most:
        raise Refusal(PICTURES_MOST, most=most)
    files = incoming(request.FILES, str(form), proof_rule(path, now).photo_mb)
    for file in files:
        found = format_of(file.content)
        if found is None or found.family is not Family.PHOTO:
            raise Refusal(PICTURES_ONLY)
    return files


def keep_pictures(files: list[Incoming], actor: Actor, now: dt.datetime) -> list[str]:
    """Keep pictures as proof of the customer's own case; return why some could not be, in words."""
    refused = []
    for file in files:
        assert actor.id is not None
        try:
            take(subject=Subject("case", actor.id), file=file, actor=actor, now=now)
        except Refusal as refusal:
            refused.append(refusal.in_words(gettext))
    return refused
