"""Settings pages of channels: where messages leave the house, and whether that works."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.naming import named
from yingting.foundation.editing.notify import actions
from yingting.foundation.editing.notify.forms import ChannelForm
from yingting.foundation.editing.pages import (
    Column,
    Editor,
    Frame,
    Listing,
    actor_in,
    edit_page,
    found,
    list_page,
    require_somewhere,
    retire_page,
    staff_page,
)
from yingting.foundation.notify.addresses import SCHEMES, unseal_address
from yingting.foundation.notify.models import Channel
from yingting.foundation.notify.results import Result, last_results, results_of
from yingting.foundation.people.access import require, under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.texts.reading import last_of_gateways, results_of_gateway
from yingting.foundation.texts.refusals import NO_MOBILE
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

CHANNEL = Editor(
    actions.CHANNELS,
    ChannelForm,
    _("Message channel"),
    _("New message channel"),
    save=lambda row, values, actor, read: actions.save_channel(
        row=row, values=values, actor=actor, now=system_now(), read=read
    ),
)


def _frame() -> Frame:
    return Frame(((_("Message channels"), reverse("channels:channels")),))


def _channel(request: HttpRequest, pk: UUID) -> Channel:
    row = found(Channel.objects.select_related("unit", "role"), pk=pk)
    require(actor_in(request), Permission.NOTIFY_CONFIGURE, row.unit.path)
    return row


@staff_page("GET")
def channels(request: HttpRequest) -> HttpResponse:
    """Show where messages leave the house, and what came of the last one."""
    actor = actor_in(request)
    require_somewhere(actor, Permission.NOTIFY_CONFIGURE)
    rows = Channel.objects.select_related("unit", "role").filter(
        under("unit__path", actor.paths(Permission.NOTIFY_CONFIGURE))
    )
    last = last_results(rows) | last_of_gateways(rows)
    listing: Listing[Channel] = Listing(
        _("Message channels"),
        (
            Column(_("Name"), lambda row: row.name),
            Column(_("Kind"), _kind),
            Column(_("For the people of"), lambda row: named(row.unit)),
            Column(_("Role"), _for_whom),
            Column(_("From severity"), lambda row: "–" if row.for_customers else row.get_least_display()),
            Column(_("Last message"), lambda row: last[row.pk].in_words if row.pk in last else gettext("none yet")),
        ),
        url=lambda row: reverse("channels:channel", args=[row.pk]),
        empty=_("No channels yet: messages stand in the inbox only."),
        new_url=reverse("channels:channel-new"),
        new_title=_("New message channel"),
        hint=_("Robots, mailboxes and SMS gateways that get a copy of what is told to people. When is set by the rule “Messages”."),
    )  # fmt: skip
    return list_page(request, listing, rows, Frame())


def _for_whom(row: Channel) -> str:
    if row.for_customers:
        return gettext("customers")
    return named(row.role) if row.role else gettext("everybody")


def _kind(row: Channel) -> str:
    scheme = (unseal_address(row.sealed) or "").partition("://")[0]
    return gettext(SCHEMES[scheme]) if scheme in SCHEMES else gettext("cannot be read")


@staff_page("GET", "POST")
def channel(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Edit a channel or make a new one; see what it sent lately."""
    require_somewhere(actor_in(request), Permission.NOTIFY_CONFIGURE)
    row = None if pk is None else _channel(request, pk)
    results = _sent_by(row) if row else []
    return edit_page(
        request, CHANNEL, row=row, frame=_frame(), back=reverse("channels:channels"), template="channels/channel.html",
        done=lambda saved: reverse("channels:channel", args=[saved.pk]), row_title=named(row.unit) if row else "",
        retire_url=reverse("channels:channel-retire", args=[row.pk]) if row else "", results=results,
        is_waiting=_is_waiting(results),
    )  # fmt: skip


def _sent_by(row: Channel) -> list[Result]:
    return results_of_gateway(row) if row.for_customers else results_of(row)


def _is_waiting(results: list[Result]) -> bool:
    """Does a test wait for its answer? Then the page looks again by itself."""
    return any(result.is_test and result.is_waiting for result in results)


@staff_page("GET", "POST")
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a channel out of use."""
    told = _("Nothing is sent there from now on; what waits is not sent. The inboxes stay as they are.")
    return retire_page(
        request, actions.CHANNELS, _channel(request, pk), frame=_frame(), back=reverse("channels:channel", args=[pk]),
        consequence=told,
    )  # fmt: skip


@staff_page("POST")
def send_test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the worker for a test message, and show what comes of it."""
    row = _channel(request, pk)
    try:
        phone = request.POST.get("phone", "")
        actions.send_test(channel=row, phone=phone, actor=actor_in(request), now=system_now())
    except Refusal as refusal:
        if refusal.code != NO_MOBILE:
            raise
        return _results(request, row, wrong=refusal)
    return _results(request, row)


@staff_page("GET")
def results(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a channel sent lately."""
    return _results(request, _channel(request, pk))


def _results(request: HttpRequest, row: Channel, wrong: Refusal | None = None) -> HttpResponse:
    shown = _sent_by(row)
    wrong_words = wrong.in_words(gettext) if wrong else ""
    context = {"row": row, "results": shown, "is_waiting": _is_waiting(shown), "wrong": wrong_words}
    return render(request, "channels/_results.html", context)
