"""Pages of personal data: one masked value, who saw what, what is kept how long, and erasure at a person's request."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.disclosing import What
from yingting.foundation.privacy.exporting import recorded_export
from yingting.foundation.privacy.forms import AskedForm, PersonForm, WhyForm, why_of
from yingting.foundation.privacy.holds import hold, holds_for, release
from yingting.foundation.privacy.reading import disclosures_for, lines, reasons_of, sheet_of
from yingting.foundation.privacy.refusals import NOTHING_CHOSEN, RECORD_GONE
from yingting.foundation.privacy.retention import Chosen, erase_on_request, find_person, runs, what_is_due
from yingting.foundation.privacy.revealing import Subject, masked_value, reveal
from yingting.foundation.privacy.rules import DataKind, masked
from yingting.foundation.privacy.rules_in_force import reveal_rule
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

PAGE_ROWS = 50
EXPORT_ROWS = 50_000
RUNS_SHOWN = 20


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the page middleware
    return actor


def _paths(request: HttpRequest, permission: Permission) -> tuple[str, ...]:
    """The parts of the tree on which the reader holds the permission. Raises Refusal access.refused when there is none."""
    paths = _actor(request).paths(permission)
    if not paths:
        raise Refusal(ACCESS_REFUSED)
    return paths


# ------------------------------------------------------------------------------------------------ one value
@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def value(request: HttpRequest, kind: str, record: UUID, field: str) -> HttpResponse:
    """Show one field masked, with the form that asks why; a POST reveals it for as long as the rule says."""
    actor, subject, now = _actor(request), Subject(kind, record), system_now()
    shown = masked_value(actor, subject, field)
    if request.method == "POST":
        plain = reveal(actor=actor, subject=subject, field=field, why=why_of(request.POST), now=now)
        seconds = reveal_rule(shown.path, now).shown_s
        response = _part(request, "privacy/_revealed.html", value=shown, plain=plain, seconds=seconds)
        if not _wants_fragment(request):
            response.headers["Refresh"] = f"{seconds}; url={request.path}"
        return response
    is_asking = shown.can_reveal and (not _wants_fragment(request) or "why" in request.GET)
    part = "privacy/_ask.html" if is_asking else "privacy/_masked.html"
    return _part(request, part, value=shown, form=WhyForm(reasons=reasons_of(shown.path, now)))


def _wants_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _part(request: HttpRequest, part: str, **context: object) -> HttpResponse:
    """The part alone where it replaces another on a page, else a page around it."""
    is_fragment = _wants_fragment(request)
    template = part if is_fragment else "privacy/value.html"
    return render(request, template, {**context, "part": part, "is_fragment": is_fragment})


# ------------------------------------------------------------------------------------------------ who saw what
@require_GET
@login_required
@never_cache
def records(request: HttpRequest) -> HttpResponse:
    """Show the reveals and exports of records in the auditor's care."""
    now, paths = system_now(), _paths(request, Permission.PRIVACY_AUDIT)
    reasons = reasons_of(paths[0], now)
    form = AskedForm(request.GET, reasons=reasons)
    page = Paginator(disclosures_for(_actor(request), form.asked()), PAGE_ROWS).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form, "page": page, "lines": lines(page, now), "asked": asked.urlencode(), "why": WhyForm(reasons=reasons),
    }  # fmt: skip
    return render(request, "privacy/records.html", context)


@require_POST
@login_required
def export_records(request: HttpRequest) -> HttpResponse:
    """Hand out what the page shows as a file; that is written down as well, in each part of the tree it comes from."""
    now, path = system_now(), _paths(request, Permission.PRIVACY_AUDIT)[0]
    asked = AskedForm(request.GET, reasons=reasons_of(path, now)).asked()
    found = lines(disclosures_for(_actor(request), asked)[:EXPORT_ROWS], now)
    what = What("privacy.disclosure", None, ("note",), len(found), asked.as_question())
    form = "xlsx" if request.POST.get("form") == "xlsx" else "csv"
    return recorded_export(
        [sheet_of(found)], form, f"personal-data-{now:%Y%m%d}", what=what, why=why_of(request.POST), path=path,
        actor=_actor(request), now=now, permission=Permission.PRIVACY_AUDIT,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ keeping and erasing
@require_GET
@login_required
def retention(request: HttpRequest) -> HttpResponse:
    """Show what is due, what is held, and what was erased."""
    paths = _paths(request, Permission.PRIVACY_RETAIN)
    context = {
        "due": what_is_due(system_now(), paths), "holds": holds_for(_actor(request)), "runs": runs()[:RUNS_SHOWN],
    }  # fmt: skip
    return render(request, "privacy/retention.html", context)


@require_POST
@login_required
def place_hold(request: HttpRequest, kind: str, record: UUID) -> HttpResponse:
    """Keep a record until the hold is released."""
    hold(
        kind=kind, record_id=record, reason=request.POST.get("reason", ""), actor=_actor(request), now=system_now()
    )  # fmt: skip
    messages.success(request, gettext("The record is held."))
    return redirect("privacy:retention")


@require_POST
@login_required
def release_hold(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """End a hold."""
    release(hold_id=hold_id, actor=_actor(request), now=system_now())
    messages.success(request, gettext("The hold is released."))
    return redirect("privacy:retention")


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def person(request: HttpRequest) -> HttpResponse:
    """Look for the records of one person. What is looked for travels in the form's body, never in an address."""
    _paths(request, Permission.PRIVACY_RETAIN)
    form = PersonForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        kind, text = DataKind(form.cleaned_data["kind"]), form.cleaned_data["value"]
        found = find_person(actor=_actor(request), kind=kind, value=text, now=system_now())
        context |= {"found": found, "is_asked": True, "shown": masked(kind, text)}
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    return render(request, "privacy/person.html", context, status=status)


@require_POST
@login_required
def erase_person(request: HttpRequest) -> HttpResponse:
    """Erase the chosen records of one person who asked for it."""
    _paths(request, Permission.PRIVACY_RETAIN)
    chosen = [_chosen(one) for one in request.POST.getlist("chosen")]
    if not chosen:
        raise Refusal(NOTHING_CHOSEN)
    erase_on_request(
        chosen=chosen, reason=request.POST.get("reason", ""), actor=_actor(request), now=system_now()
    )  # fmt: skip
    messages.success(request, gettext("Erased: %(n)s") % {"n": len(chosen)})
    return redirect("privacy:retention")


def _chosen(text: str) -> Chosen:
    kind, _sep, record = text.partition(" ")
    try:
        return Chosen(kind, UUID(record))
    except ValueError:
        raise Refusal(RECORD_GONE) from None
