"""The page on which one file is kept, and its verbs: each a POST that comes back to the page with what happened."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from yingting.foundation.customers import consents, contacting, keeping
from yingting.foundation.customers.beside import links_of
from yingting.foundation.customers.detail import SHOWN_FIELDS, detail_of
from yingting.foundation.customers.finding import customer_for, is_reached, known
from yingting.foundation.customers.forms import CHOICE, CorrectForm
from yingting.foundation.customers.models import Consent, Customer, ManagerTerm, Standing, Tag
from yingting.foundation.customers.naming import choices, names_of
from yingting.foundation.customers.own import choices_of, make_link
from yingting.foundation.customers.personal import FILE
from yingting.foundation.customers.rules_in_force import classes_of, contact_rule, rights_rule, tags_of
from yingting.foundation.editing.pages import actor_in, staff_page
from yingting.foundation.live.links import public_link, qr_svg
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.forms import WhyForm, why_of
from yingting.foundation.privacy.reading import reasons_of
from yingting.foundation.privacy.revealing import Subject, masked_value
from yingting.foundation.privacy.rules_in_force import reveal_rule
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

V, K, M = Permission.CUSTOMERS_VIEW, Permission.CUSTOMERS_KEEP, Permission.CUSTOMERS_MANAGE
CONTACTS_SHOWN = 20


@staff_page("GET")
@never_cache
def file(request: HttpRequest, customer: UUID) -> HttpResponse:
    """Show a file: who by mask, classes, consents, tags, contacts, and what may be done."""
    row = customer_for(actor_in(request), V, customer)
    return render(request, "customers/file.html", _context(request, row))


def _context(request: HttpRequest, row: Customer) -> dict[str, Any]:
    actor, now, path = actor_in(request), system_now(), row.unit.path
    classes, contact = classes_of(path, now), contact_rule(path, now)
    tags = {tag.code: tag for tag in Tag.objects.filter(customer=row, until__isnull=True)}
    term = ManagerTerm.objects.select_related("person").filter(customer=row, until__isnull=True).first()
    may_manage = actor.may(M, path)
    return {
        "row": row, "known": known([row.pk])[row.pk], "names": names_of(path, now),
        "values": [masked_value(actor, Subject(FILE, row.pk), field) for field in ("name", "phone", "id_number")],
        "may_keep": is_reached(actor, K, path), "may_manage": may_manage, "may_detail": actor.may(Permission.PRIVACY_REVEAL, path),
        "segment": classes.segment(row.segment), "segments": choices(classes.segments), "levels": choices(classes.levels),
        "tags": [(tag, kind) for kind in tags_of(path, now).tags if (tag := tags.get(kind.code))],
        "other_tags": [kind for kind in tags_of(path, now).tags if kind.code not in tags],
        "consents": choices_of(row, now), "term": term, "people": keeping.managers_of(path)[:500] if may_manage else (),
        "standings": Standing.objects.filter(customer=row).select_related("by")[:20],
        "terms": ManagerTerm.objects.filter(customer=row).select_related("person")[:20],
        "ended": Consent.objects.filter(customer=row, ended_at__isnull=False)[:20],
        "contacts": contacting.contacts_of(row.pk)[:CONTACTS_SHOWN],
        "channels": choices(contact.channels), "topics": choices(contact.topics), "outcomes": choices(contact.outcomes),
        "links": links_of(row.pk, path, actor), "monthly": None if row.monthly_fen is None else row.monthly_fen / 100,
    }  # fmt: skip


Act = Callable[[HttpRequest, UUID], str]


def _verb(act: Act) -> Callable[..., HttpResponse]:
    """A verb of the page: done, said, and back; a refusal is said there too."""

    @staff_page("POST")
    @wraps(act)
    def view(request: HttpRequest, customer: UUID) -> HttpResponse:
        row = customer_for(actor_in(request), K, customer)
        try:
            messages.success(request, act(request, row.pk))
        except Refusal as refusal:
            messages.error(request, refusal.in_words(gettext))
        return redirect("customers:file", row.pk)

    return view


def _class(request: HttpRequest, customer: UUID) -> str:
    said, actor, now = request.POST, actor_in(request), system_now()
    row = Customer.objects.get(pk=customer)
    why = said.get("why", "")
    if said.get("segment", row.segment) != row.segment:
        keeping.set_segment(customer=customer, code=said["segment"], why=why, actor=actor, now=now)
    if said.get("level", row.level) != row.level:
        keeping.set_level(customer=customer, code=said["level"], why=why, actor=actor, now=now)
    return gettext("Saved.")


def _tag(request: HttpRequest, customer: UUID) -> str:
    said = request.POST
    keeping.set_tag(
        customer=customer, code=said.get("code", ""), note=said.get("note", ""), actor=actor_in(request), now=system_now()
    )  # fmt: skip
    return gettext("Saved.")


def _untag(request: HttpRequest, customer: UUID) -> str:
    keeping.end_tag(
        customer=customer, code=request.POST.get("code", ""), actor=actor_in(request), now=system_now()
    )  # fmt: skip
    return gettext("The tag is off.")


def _manager(request: HttpRequest, customer: UUID) -> str:
    said = request.POST
    person = UUID(said["person"]) if said.get("person") else None
    keeping.assign_manager(
        customer=customer, person=person, why=said.get("why", ""), actor=actor_in(request), now=system_now()
    )  # fmt: skip
    return gettext("Saved.")


def _consent(request: HttpRequest, customer: UUID) -> str:
    said, actor, now = request.POST, actor_in(request), system_now()
    purpose = said.get("purpose", "")
    if said.get("step") == "withdraw":
        consents.withdraw(customer=customer, purpose=purpose, how="counter", actor=actor, now=now)
        return gettext("Withdrawn, from this moment on.")
    consents.give(customer=customer, purpose=purpose, how="counter", actor=actor, now=now)
    return gettext("The consent is noted.")


def _left_alone(request: HttpRequest, customer: UUID) -> str:
    is_left_alone = request.POST.get("is_left_alone") == "yes"
    keeping.set_left_alone(
        customer=customer, is_left_alone=is_left_alone, how="counter", actor=actor_in(request), now=system_now()
    )  # fmt: skip
    return gettext("Saved.")


# What a contact of ours is about decides which consent it rests on; what is about the customer's own matter needs none.
_RESTS_ON = {"care": consents.CARE, "offer": consents.MARKETING, "survey": consents.CARE, "teaching": consents.CARE}


def _contact(request: HttpRequest, customer: UUID) -> str:
    get = request.POST.get
    is_ours = get("is_ours") == "yes"
    said = contacting.Said(get("channel", ""), get("about", ""), is_ours, get("outcome", ""), get("words", ""))
    contacting.note_contact(
        customer=customer, said=said, purpose=_RESTS_ON.get(said.about, ""), unit=request.user.unit_id,  # type: ignore[union-attr]
        actor=actor_in(request), now=system_now(),
    )  # fmt: skip
    return gettext("The contact is noted.")


classed, tagged, untagged, managed = _verb(_class), _verb(_tag), _verb(_untag), _verb(_manager)
consented, left_alone, contacted = _verb(_consent), _verb(_left_alone), _verb(_contact)


@staff_page("GET", "POST")
@never_cache
def correct(request: HttpRequest, customer: UUID) -> HttpResponse:
    """Put the particulars right; an empty field leaves what stands, which is shown by mask."""
    actor, now = actor_in(request), system_now()
    row = customer_for(actor, K, customer)
    form = CorrectForm(request.POST or None, stands=keeping.particulars_of(row))
    context: dict[str, object] = {"form": form, "row": row, "version": request.POST.get("version", row.version)}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                version = int(request.POST.get("version", "0") or 0)
                keeping.correct(customer=row.pk, said=form.said(), version=version, actor=actor, now=now)
            except Refusal as refusal:
                context["refused"], status = refusal.in_words(gettext), refusal.status
            else:
                messages.success(request, gettext("Saved."))
                return redirect("customers:file", row.pk)
    return render(request, "customers/correct.html", context, status=status)


@staff_page("GET", "POST")
@never_cache
def details(request: HttpRequest, customer: UUID) -> HttpResponse:
    """Show a file in plain words, for as long as the rule says: only after purpose and identity check were written down."""
    actor, now = actor_in(request), system_now()
    row = customer_for(actor, V, customer)
    rule = rights_rule(row.unit.path, now)
    form = WhyForm(reasons=reasons_of(row.unit.path, now))
    context: dict[str, object] = {
        "row": row,
        "known": known([row.pk])[row.pk],
        "form": form,
        "proofs": choices(rule.proofs),
    }
    context["choice"] = CHOICE["class"]
    response_status, seconds = 200, 0
    if request.method == "POST":
        try:
            context["detail"] = detail_of(
                customer=row.pk, why=why_of(request.POST), proof=request.POST.get("proof", ""), actor=actor, now=now
            )
            seconds = reveal_rule(row.unit.path, now).shown_s
            context |= {"seconds": seconds, "fields": SHOWN_FIELDS, "names": names_of(row.unit.path, now)}
        except Refusal as refusal:
            context["refused"], response_status = refusal.in_words(gettext), refusal.status
    response = render(request, "customers/details.html", context, status=response_status)
    if seconds:
        response.headers["Refresh"] = f"{seconds}; url={request.path}"
    return response


@staff_page("POST")
@never_cache
def own_link(request: HttpRequest, customer: UUID) -> HttpResponse:
    """Make a link to the customer's own page and show it once, as a code that the customer's phone reads."""
    row = customer_for(actor_in(request), K, customer)
    secret = make_link(customer=row.pk, actor=actor_in(request), now=system_now())
    address = public_link(request, "customers:own", secret)
    context = {"row": row, "known": known([row.pk])[row.pk], "address": address, "qr": qr_svg(address).decode()}
    return render(request, "customers/own_link.html", context)
