"""What the customers' pages share: nobody indexes or keeps them, and whatever is refused is told on a page for a phone."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext

from yingting.domains.cases.refusals import PICTURES_MOST, PICTURES_ONLY
from yingting.foundation.editing.public import page_for_customers
from yingting.foundation.evidence.rules import format_of
from yingting.foundation.evidence.rules_in_force import proof_rule
from yingting.foundation.evidence.shapes import Family
from yingting.foundation.evidence.taking import Incoming, Subject, take
from yingting.foundation.evidence.views import incoming
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

for_customers = page_for_customers("cases/public_refused.html")


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
