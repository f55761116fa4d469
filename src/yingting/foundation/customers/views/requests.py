"""Requests about personal data at the desk: who asks is checked, then they are carried out and answered by a person."""

from __future__ import annotations

import datetime as dt
import json
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from yingting.foundation.customers import rights
from yingting.foundation.customers.contracts import Known
from yingting.foundation.customers.copying import copy_of
from yingting.foundation.customers.finding import known, recognise
from yingting.foundation.customers.forms import SearchForm
from yingting.foundation.customers.keeping import particulars_of
from yingting.foundation.customers.models import Customer, RightsRequest
from yingting.foundation.customers.naming import choices, names_of
from yingting.foundation.customers.personal import REQUEST
from yingting.foundation.customers.rules_in_force import rights_rule
from yingting.foundation.customers.searching import search
from yingting.foundation.days import house_today
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import actor_in, require_somewhere, staff_page
from yingting.foundation.people.access import units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.exporting import NO_STORE
from yingting.foundation.privacy.forms import WhyForm, why_of
from yingting.foundation.privacy.reading import reasons_of
from yingting.foundation.privacy.refusals import NOTHING_CHOSEN
from yingting.foundation.privacy.retention import Chosen, Found, erase_on_request, find_person
from yingting.foundation.privacy.revealing import Subject, masked_value
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

ANSWERED_SHOWN = 50
FOUND_S = 3600  # so long a page may stand open with what its search found


@staff_page("GET")
@never_cache
def requests(request: HttpRequest) -> HttpResponse:
    """List the requests in the reader's care: the open ones by their last day, then those answered lately."""
    actor, today = actor_in(request), house_today()
    require_somewhere(actor, Permission.CUSTOMERS_MANAGE, Permission.PRIVACY_RETAIN)
    rows = rights.requests_for(actor)
    found = [*rows.filter(answered_at__isnull=True)[:500]]
    done = [*rows.filter(answered_at__isnull=False).order_by("-answered_at")[:ANSWERED_SHOWN]]
    context = {
        "open": [_line(row, today) for row in found], "answered": [_line(row, today) for row in done],
        "late": sum(rights.is_late(row, today) for row in found),
    }  # fmt: skip
    return render(request, "customers/requests.html", context)


def _line(row: RightsRequest, today: dt.date) -> dict[str, object]:
    return {
        "row": row, "right": gettext(rights.Right(row.asks).title), "is_late": rights.is_late(row, today),
        "days": (row.due_on - today).days,
    }  # fmt: skip


@staff_page("GET", "POST")
@never_cache
def new_request(request: HttpRequest) -> HttpResponse:
    """Write a request down for somebody who asks at the desk or on the telephone."""
    actor = actor_in(request)
    require_somewhere(actor, Permission.CUSTOMERS_MANAGE, Permission.PRIVACY_RETAIN)
    units = {unit.path: unit for unit in _units(actor)}
    said, status = request.POST, 200
    context: dict[str, object] = {
        "units": [(path, named(unit)) for path, unit in units.items()], "rights": list(rights.Right), "said": said,
    }  # fmt: skip
    if request.method == "POST":
        try:
            right = rights.Right(said.get("asks", "access"))
            asked = rights.Asked(right, said.get("phone", ""), said.get("name", ""), said.get("words", ""), "desk")
            unit = units[said.get("unit", "")]
            received = rights.ask(unit=unit, asked=asked, actor=actor, now=system_now())
            return redirect("customers:request", received.id)
        except Refusal as refusal:
            context["refused"], status = refusal.in_words(gettext), refusal.status
    return render(request, "customers/new_request.html", context, status=status)


def _units(actor: Actor) -> list[Unit]:
    found = [*units_for(actor, Permission.CUSTOMERS_MANAGE), *units_for(actor, Permission.PRIVACY_RETAIN)]
    return sorted({unit.pk: unit for unit in found if unit.is_active}.values(), key=lambda unit: unit.path)


@staff_page("GET")
@never_cache
def one_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show a request with its clock and the step that comes next."""
    return _page(request, rights.request_for(actor_in(request), request_id))


def _page(
    request: HttpRequest, row: RightsRequest, refused: Refusal | None = None, *, looked: SearchForm | None = None, more: tuple[Known, ...] = ()
) -> HttpResponse:  # fmt: skip
    """Show a request; `looked` is a search by another number of the person, `more` the files that it found."""
    actor, now, path = actor_in(request), system_now(), row.unit.path
    files = recognise(path=path, phone=row.phone.open()) if row.phone and row.state == "open" else ()
    chosen = known([UUID(one) for one in row.customers])
    is_deletion = row.asks == rights.Right.DELETION.value and row.state == "verified"
    context = {
        **_line(row, house_today()), "refused": refused.in_words(gettext) if refused else "", "files": files,
        "chosen": list(chosen.values()), "proofs": choices(rights_rule(path, now).proofs), "names": names_of(path, now),
        "values": [masked_value(actor, Subject(REQUEST, row.pk), field) for field in ("name", "phone", "words")],
        "may_copy": row.asks == rights.Right.ACCESS.value and actor.may(Permission.PRIVACY_EXPORT, path),
        "may_erase": is_deletion and actor.may(Permission.PRIVACY_RETAIN, path),
        "records": _records(row, actor) if is_deletion and actor.paths(Permission.PRIVACY_RETAIN) else (),
        "why": WhyForm(reasons=reasons_of(path, now)), "answer": row.answer.open() if row.answer else "",
        "look": looked or SearchForm(), "is_looked": looked is not None, "more": [one for one in more if one not in files],
        "found": signing.dumps([str(one.id) for one in more], salt=str(row.pk)), "may_look": bool(actor.paths(Permission.CUSTOMERS_VIEW)),
        "is_access": row.asks == rights.Right.ACCESS.value, "is_deletion": row.asks == rights.Right.DELETION.value,
    }  # fmt: skip
    return render(request, "customers/request.html", context, status=refused.status if refused else 200)


def _records(row: RightsRequest, actor: Actor) -> list[Found]:
    """Everything that holds the person's numbers: the files as checked, and by their numbers every other part's records."""
    now = system_now()
    values = {(DataKind.PHONE, row.phone.open())}
    for file in Customer.objects.filter(pk__in=row.customers, state="active"):
        said = particulars_of(file)
        values |= {(DataKind.PHONE, said.phone), (DataKind.ID_NUMBER, said.id_number)}
    found: dict[UUID, Found] = {}
    for kind, value in sorted(values):
        if value:
            found |= {one.kept.record: one for one in find_person(actor=actor, kind=kind, value=value, now=now)}
    # The request itself proves that it was answered: it goes when its own time is over.
    return [one for one in found.values() if one.holder.kind != REQUEST]


@staff_page("POST")
@never_cache
def find(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Look for files of the person who asks by another number: the phone of the request may be newer than the file."""
    actor = actor_in(request)
    row, form = rights.request_for(actor, request_id), SearchForm(request.POST)
    if not form.is_valid():
        return _page(request, row, looked=form)
    by = DataKind(form.cleaned_data["by"])
    return _page(
        request,
        row,
        looked=form,
        more=search(by=by, value=form.cleaned_data["value"], actor=actor, now=system_now()).files,
    )


def _found(request: HttpRequest, row: RightsRequest) -> set[str]:
    """Return the files that a search of this page found, as the page itself signed them."""
    try:
        return set(signing.loads(request.POST.get("found", ""), salt=str(row.pk), max_age=FOUND_S))
    except signing.BadSignature:
        return set()


@staff_page("POST")
def verify(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Note that it was checked who asks, how, and which files are theirs."""
    actor, said = actor_in(request), request.POST
    row = rights.request_for(actor, request_id)
    reachable = {str(one.id) for one in recognise(path=row.unit.path, phone=row.phone.open())} | _found(request, row)
    customers = [UUID(one) for one in said.getlist("customers") if one in reachable]
    try:
        rights.verify(
            request=row.pk, proof=said.get("proof", ""), customers=customers, version=_version(request), actor=actor,
            now=system_now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, row, refusal)
    messages.success(request, gettext("Saved."))
    return redirect("customers:request", row.pk)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else 0


@staff_page("POST")
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Answer a request: carried out, or refused with the reason."""
    actor, said = actor_in(request), request.POST
    row = rights.request_for(actor, request_id)
    try:
        rights.answer(
            request=row.pk, is_done=said.get("step") != "refuse", words=said.get("words", ""), version=_version(request),
            actor=actor, now=system_now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, row, refusal)
    messages.success(request, gettext("The request is answered."))
    return redirect("customers:request", row.pk)


@staff_page("POST")
def copy(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Hand out the copy of a person's data, to print or as a file; who took it out and why is written down first."""
    actor, now = actor_in(request), system_now()
    row = rights.verified_request(actor, request_id, rights.Right.ACCESS)
    try:
        parts = copy_of(row, why_of(request.POST), actor=actor, now=now)
    except Refusal as refusal:
        return _page(request, row, refusal)
    if request.POST.get("form") == "json":
        body = [{"title": part.title, "headings": part.headings, "rows": part.rows} for part in parts]
        response = HttpResponse(json.dumps(body, ensure_ascii=False, indent=2), content_type="application/json")
        response.headers["Content-Disposition"] = f'attachment; filename="{row.number}.json"'
    else:
        response = render(request, "customers/copy.html", {"row": row, "parts": parts, "now": now})
    response.headers["Cache-Control"] = NO_STORE
    return response


@staff_page("POST")
def erase(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Erase the chosen records of a person who was checked: all of them or none."""
    actor = actor_in(request)
    row = rights.verified_request(actor, request_id, rights.Right.DELETION)
    offered = {f"{one.holder.kind} {one.kept.record}": one for one in _records(row, actor)}
    chosen = [offered[one] for one in request.POST.getlist("chosen") if one in offered]
    try:
        if not chosen:
            raise Refusal(NOTHING_CHOSEN)
        erase_on_request(
            chosen=[Chosen(one.holder.kind, one.kept.record) for one in chosen], reason=row.number, actor=actor,
            now=system_now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, row, refusal)
    messages.success(request, gettext("Erased: %(n)s") % {"n": len(chosen)})
    return redirect("customers:request", row.pk)
