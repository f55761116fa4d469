"""My shifts, on one's own phone."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET


@login_required
@require_GET
def mine(_request: HttpRequest) -> HttpResponse:
    """Show the coming shifts of whoever is signed in."""
    return HttpResponse(status=501)


urls = [path("shifts/", mine, name="mine")]
