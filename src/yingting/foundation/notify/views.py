"""The inbox of whoever is signed in, and its badge in the bar. No permission: everybody has their own, and no one else's."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from yingting.foundation.notify.reading import inbox_of, letters, read_all, read_message
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now

PAGE_ROWS = 30


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the page middleware
    return actor


@require_GET
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """Show one's own messages, the unread or all."""
    only_unread = request.GET.get("show") != "all"
    page = Paginator(inbox_of(_actor(request), only_unread=only_unread), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"letters": letters(list(page)), "page": page, "only_unread": only_unread, "shown_at": system_now()}
    return render(request, "notify/inbox.html", context)


@require_GET
@login_required
def badge(request: HttpRequest) -> HttpResponse:
    """Show how many messages are unread."""
    return render(request, "notify/_badge.html")


@require_POST
@login_required
def read(request: HttpRequest, message: UUID) -> HttpResponse:
    """Mark a message as read."""
    read_message(message=message, actor=_actor(request), now=system_now())
    return _back(request)


@require_POST
@login_required
def open_link(request: HttpRequest, message: UUID) -> HttpResponse:
    """Go where a message leads; that reads it."""
    row = read_message(message=message, actor=_actor(request), now=system_now())
    return redirect(row.notice.link) if _is_ours(row.notice.link) else _back(request)


def _is_ours(link: str) -> bool:
    return bool(link) and url_has_allowed_host_and_scheme(link, None)


@require_POST
@login_required
def read_everything(request: HttpRequest) -> HttpResponse:
    """Mark all that the page showed as read; what came since stays unread."""
    now = system_now()
    read_all(actor=_actor(request), until=_shown_at(request) or now, now=now)
    return _back(request)


def _shown_at(request: HttpRequest) -> dt.datetime | None:
    try:
        instant = parse_datetime(request.POST.get("shown_at", ""))
    except ValueError:
        return None
    return instant if instant and instant.tzinfo else None


def _back(request: HttpRequest) -> HttpResponse:
    answer = redirect("notify:inbox")
    if request.POST.get("show") == "all":
        answer.headers["Location"] += "?show=all"
    return answer
