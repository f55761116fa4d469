"""The overview of all settings."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yingting.foundation.editing.menu import links
from yingting.foundation.editing.pages import actor_in, staff_page
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.kernel.refusals import Refusal


@staff_page("GET")
def overview(request: HttpRequest) -> HttpResponse:
    """Show the settings that the reader may change, in groups."""
    pages = links("settings", actor_in(request))
    if not pages:
        raise Refusal(ACCESS_REFUSED)
    groups = [(name, list(group)) for name, group in groupby(pages, key=lambda page: str(page.group))]
    return render(request, "editing/overview.html", {"groups": groups})
