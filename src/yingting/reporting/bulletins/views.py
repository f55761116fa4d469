"""Pages of bulletins: the archive with what waits for the reader, drafts, issued ones, their files, the Word template."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.foundation.days import house_today
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import ACCESS_REFUSED, units_for
from yingting.foundation.people.models import Role
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sheets import XLSX_TYPE
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.months import month_start
from yingting.kernel.refusals import Refusal
from yingting.reporting.bulletins import drafting, issuing, receiving
from yingting.reporting.bulletins.archive import (
    Search,
    bulletin_for,
    day_at,
    duties_held_by,
    duties_of,
    found_by,
    issued_texts,
    issuing_units,
    now_at,
    overdue_for,
    rule_for,
    to_confirm,
    visible_to,
)  # fmt: skip
from yingting.reporting.bulletins.composing import holder_text
from yingting.reporting.bulletins.forms import DraftForm, DutyForms, NewForm, SearchForm, TemplateForm
from yingting.reporting.bulletins.models import Bulletin, BulletinState, Duty, DutyState
from yingting.reporting.bulletins.own_template import drop_template, replace_template, template_for
from yingting.reporting.bulletins.pdf import to_pdf
from yingting.reporting.bulletins.quoting import notices_on, text_kinds, unit_for_case
from yingting.reporting.bulletins.reading import Page, document_for, page_of
from yingting.reporting.bulletins.refusals import NO_TEMPLATE, UNKNOWN
from yingting.reporting.bulletins.word import SHIPPED, WORD_TYPE, placeholder_names, to_word
from yingting.reporting.bulletins.workbook import to_xlsx

PER_PAGE = 30


@require_GET
@login_required
def archive(request: HttpRequest) -> HttpResponse:
    """Show what waits for the reader, and the archive."""
    actor = _actor(request)
    seen = visible_to(actor)
    form = SearchForm(
        request.GET,
        kinds=seen.order_by("kind").values_list("kind", "rule__kind__name").distinct(),
        units=[(unit.path, named(unit)) for unit in Unit.objects.filter(pk__in=seen.values("unit"))],
        states=[(one.value, str(one.label)) for one in BulletinState],
    )
    search = Search(**form.cleaned_data) if form.is_valid() else Search()
    pages = Paginator(found_by(actor, search), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows, texts = list(page), issued_texts(list(page))
    today = house_today()
    if rows:
        today = day_at(rows[0].unit)
    receipts, duties = overdue_for(actor, today)
    mine = [duty for duty in duties_held_by(actor) if duty.state == DutyState.OPEN]
    context = {
        "form": form, "page": page, "rows": [(row, texts.get(row.pk)) for row in rows], "today": today,
        "waiting": to_confirm(actor), "mine": mine, "late_receipts": receipts,
        "late_duties": [(duty, holder_text(duty)) for duty in duties], "may_issue": bool(actor.paths(Permission.BULLETIN_ISSUE)),
        "may_configure": bool(actor.paths(Permission.HALL_CONFIGURE)), "query": _without_page(request),
    }  # fmt: skip
    return render(request, "bulletins/archive.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Choose unit, kind and period, and draft a bulletin."""
    actor = _actor(request)
    units = issuing_units(actor)
    if not units:
        raise Refusal(ACCESS_REFUSED)
    today = day_at(units[0])
    kinds = {one.code: one.name for unit in units for one in rule_for(unit, today).kinds if unit.level in one.levels}
    form = NewForm(
        request.POST or None, units=Unit.objects.filter(pk__in=[unit.pk for unit in units]), kinds=kinds.items(),
        initial={"unit": units[0].pk, "day": month_start(today, -1)},
    )  # fmt: skip
    if form.is_valid():
        asked = form.cleaned_data
        made = drafting.create_draft(
            unit=asked["unit"].pk, kind=asked["kind"], day=asked["day"], last=asked["last"], actor=actor,
            now=now_at(asked["unit"]),
        )  # fmt: skip
        return redirect(issuing.address_of(made))
    return render(request, "bulletins/new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@login_required
def of_case(request: HttpRequest, case: UUID) -> HttpResponse:
    """Show the notices that quote a case, with their receipts; a POST drafts another one."""
    actor = _actor(request)
    unit = unit_for_case(actor, case)
    if request.method == "POST":
        if unit is None:
            raise Refusal(ACCESS_REFUSED)
        made = drafting.create_draft(
            unit=unit.pk, kind=request.POST.get("kind", ""), day=day_at(unit), case=case, actor=actor, now=now_at(unit)
        )
        return redirect(issuing.address_of(made))
    context = {
        "case": case,
        "notices": notices_on(actor, case),
        "kinds": text_kinds(unit, day_at(unit)) if unit else (),
    }
    return render(request, "bulletins/_of_case.html", context)


@require_GET
@login_required
def bulletin(request: HttpRequest, bulletin: UUID) -> HttpResponse:
    """Show a bulletin: the editor's page of a draft, or the document as it was issued."""
    actor = _actor(request)
    row = bulletin_for(actor, bulletin)
    if row.state != BulletinState.DRAFT:
        receiving.open_receipt(bulletin=row.pk, actor=actor, now=now_at(row.unit))
        return render(request, "bulletins/bulletin.html", {"page": page_of(actor, row, day_at(row.unit))})
    found = page_of(actor, row, day_at(row.unit))
    form, duties = _draft_forms(row, None)
    return render(request, "bulletins/draft.html", _draft_context(found, form, duties))


@require_POST
@login_required
def save(request: HttpRequest, bulletin: UUID) -> HttpResponse:
    """Keep the texts and duties of a draft; with `issue`, issue it."""
    actor = _actor(request)
    row = drafting.draft_to_edit(actor, bulletin)
    form, duties = _draft_forms(row, request.POST)
    if not (form.is_valid() and duties.is_valid()):
        return render(
            request,
            "bulletins/draft.html",
            _draft_context(page_of(actor, row, day_at(row.unit)), form, duties),
            status=422,
        )
    now = now_at(row.unit)
    drafting.save_draft(bulletin=row.pk, text=form.text(duties), actor=actor, now=now)
    if "issue" in request.POST:
        number = issuing.issue(bulletin=row.pk, actor=actor, now=now)
        messages.success(request, gettext("Issued as %(number)s.") % {"number": number})
    else:
        messages.success(request, gettext("Saved."))
    return redirect(issuing.address_of(row))


@require_POST
@login_required
def do(request: HttpRequest, bulletin: UUID, deed: str) -> HttpResponse:
    """Do one thing with a bulletin: measure, discard, confirm, withdraw, correct."""
    actor = _actor(request)
    row = bulletin_for(actor, bulletin)
    asked: dict[str, Any] = {"bulletin": row.pk, "actor": actor, "now": now_at(row.unit)}
    if deed == "measure":
        drafting.measure_again(**asked)
        messages.success(request, gettext("Measured again. Look at the shortcomings and duties."))
    elif deed == "discard":
        drafting.discard_draft(**asked)
        messages.success(request, gettext("The draft is gone."))
        return redirect("bulletins:archive")
    elif deed == "confirm":
        receiving.confirm(**asked)
        messages.success(request, gettext("Thank you. Your confirmation is on record."))
    elif deed == "withdraw":
        issuing.withdraw(why=request.POST.get("why", ""), **asked)
        messages.success(request, gettext("Withdrawn. Everybody who got it is told."))
    elif deed == "correct":
        row = drafting.correct(**asked)
    else:
        raise Http404
    return redirect(issuing.address_of(row))


@require_POST
@login_required
def done(request: HttpRequest, duty: UUID) -> HttpResponse:
    """Say that a duty is done."""
    row = _duty_row(request, duty)
    receiving.duty_done(
        duty=duty, evidence=request.POST.get("evidence", ""), actor=_actor(request), now=now_at(row.bulletin.unit)
    )
    messages.success(request, gettext("Done. Somebody else checks it."))
    return redirect(issuing.address_of(row.bulletin))


@require_POST
@login_required
def check(request: HttpRequest, duty: UUID) -> HttpResponse:
    """Accept what was done, or give the duty back."""
    row = _duty_row(request, duty)
    is_accepted = request.POST.get("answer") == "accept"
    receiving.check_duty(
        duty=duty, is_accepted=is_accepted, remark=request.POST.get("remark", ""), actor=_actor(request),
        now=now_at(row.bulletin.unit),
    )  # fmt: skip
    messages.success(request, gettext("Checked.") if is_accepted else gettext("Given back."))
    return redirect(issuing.address_of(row.bulletin))


@require_GET
@login_required
def file(request: HttpRequest, bulletin: UUID, form: str) -> HttpResponse:
    """Hand out a bulletin as Word, PDF or spreadsheet; a draft says that it is one by having no number."""
    row = bulletin_for(_actor(request), bulletin)
    document, text = document_for(row)
    if form == "docx":
        own = template_for(row.unit)
        body, kind = to_word(document, bytes(own.file) if own else None), WORD_TYPE
    elif form == "pdf":
        body, kind = to_pdf(document), "application/pdf"
    elif form == "xlsx":
        with override(settings.LANGUAGE_CODE):
            body, kind = to_xlsx(document, gettext), XLSX_TYPE
    else:
        raise Http404
    name = f"bulletin-{row.unit.code}-{text.year}-{text.number}" if text else f"bulletin-{row.unit.code}-draft"
    return _attached(body, kind, f"{name}.{form}")


@require_http_methods(["GET", "POST"])
@login_required
def template(request: HttpRequest) -> HttpResponse:
    """Show the Word templates, and take another one."""
    actor = _actor(request)
    units = units_for(actor, Permission.HALL_CONFIGURE).filter(is_active=True).exclude(level="hall")
    if not units:
        raise Refusal(ACCESS_REFUSED)
    form = TemplateForm(request.POST or None, request.FILES or None, units=units)
    if request.method == "POST":
        if not form.is_valid():
            raise Refusal(NO_TEMPLATE)
        unit, upload = form.cleaned_data["unit"], form.cleaned_data["file"]
        replace_template(unit=unit.pk, name=upload.name, data=upload.read(), actor=actor, now=now_at(unit))
        messages.success(request, gettext("The template is in use for new files."))
        return redirect("bulletins:template")
    found = [(unit, template_for(unit)) for unit in units]
    return render(
        request, "bulletins/template.html", {"form": form, "rows": found, "names": placeholder_names().items()}
    )


@require_GET
@login_required
def template_file(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Hand out the template that a unit's bulletins are written with."""
    place = units_for(_actor(request), Permission.HALL_CONFIGURE).filter(pk=unit).first()
    if place is None:
        raise Refusal(UNKNOWN)
    own = template_for(place)
    return _attached(bytes(own.file) if own else SHIPPED.read_bytes(), WORD_TYPE, "bulletin-template.docx")


@require_POST
@login_required
def drop(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Go back to the template above, or to the shipped one."""
    drop_template(unit=unit, actor=_actor(request), now=system_now())
    messages.success(request, gettext("The template above is in use again."))
    return redirect("bulletins:template")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    return actor


def _duty_row(request: HttpRequest, pk: UUID) -> Duty:
    row = Duty.objects.select_related("bulletin", "bulletin__unit").filter(pk=pk).first()
    if row is None:
        raise Refusal(UNKNOWN)
    bulletin_for(_actor(request), row.bulletin_id)
    return row


def _draft_forms(row: Bulletin, data: Any) -> tuple[DraftForm, Any]:
    roles = [(role.key, named(role)) for role in Role.objects.all()]
    duties = [
        {"about": one.about, "reason": one.reason, "what": one.what, "due": one.due, "role": one.role.key if one.role else "",
         "staff_no": one.person.staff_no if one.person else ""}
        for one in duties_of(row)
    ]  # fmt: skip
    texts = {"title": row.title, "opening": row.opening, "closing": row.closing}
    return DraftForm(data, initial=texts), DutyForms(data, initial=duties, form_kwargs={"roles": roles})


def _draft_context(page: Page, form: DraftForm, duties: Any) -> dict[str, Any]:
    shorts = page.document.shorts
    rows = []
    for one in duties:
        about = str(one["about"].value())
        rows.append((one, shorts[int(about)] if about.isdecimal() and int(about) < len(shorts) else None))
    return {"page": page, "form": form, "duties": duties, "rows": rows}


def _attached(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
