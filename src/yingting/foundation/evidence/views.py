"""Proof of a record: the list with its form, a file, a small picture. Pages of other parts include the fragment."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yingting.foundation.evidence.reading import read, read_small, shelf_of
from yingting.foundation.evidence.refusals import NO_FILE, TOO_LARGE
from yingting.foundation.evidence.shapes import Family
from yingting.foundation.evidence.store import digest_of
from yingting.foundation.evidence.taking import Incoming, Subject, take
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the page middleware
    return actor


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def proofs(request: HttpRequest, kind: str, record: UUID) -> HttpResponse:
    """Show the proof of a record; a POST adds files to it."""
    subject, now = Subject(kind, record), system_now()
    is_fragment = request.headers.get("HX-Request") == "true"
    shelf = shelf_of(_actor(request), subject, now)
    if request.method == "POST":
        largest = max(shelf.rule.limit_mb(family) for family in Family)
        for file in incoming(request.FILES, request.POST.get("form_id", ""), largest):
            take(subject=subject, file=file, actor=_actor(request), now=now)
        if not is_fragment:
            return redirect("evidence:proofs", kind, record)
        shelf = shelf_of(_actor(request), subject, now)
    return render(request, "evidence/_proofs.html" if is_fragment else "evidence/proofs.html", {"shelf": shelf})


def incoming(files: MultiValueDict[str, UploadedFile[Any]], form_id: str, largest_mb: int) -> list[Incoming]:
    """Return the files of a form; the same file of the same form has the same client id, so a retry adds nothing.

    Raises Refusal proof.no_file, proof.too_large.
    """
    found = files.getlist("files")
    try:
        form = UUID(form_id)
    except ValueError:
        raise Refusal(NO_FILE) from None
    if not found:
        raise Refusal(NO_FILE)
    taken = []
    for file in found:
        if (file.size or 0) > largest_mb << 20:
            raise Refusal(TOO_LARGE, limit=largest_mb)
        content: bytes = file.read()
        taken.append(Incoming(content, file.name or "", uuid5(form, digest_of(content))))
    return taken


@require_GET
@login_required
@never_cache
def content(request: HttpRequest, proof: UUID) -> HttpResponse:
    """Hand out the file, to be saved and not to be shown by the browser."""
    found = read(proof=proof, actor=_actor(request), now=system_now())
    response = HttpResponse(found.body, content_type=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.filename}"'
    return response


@require_GET
@login_required
@never_cache
def small(request: HttpRequest, proof: UUID) -> HttpResponse:
    """Show the small picture of a photo."""
    return HttpResponse(read_small(proof=proof, actor=_actor(request)), content_type="image/jpeg")
