"""Pages of audits: rounds with what is open and overdue, one round with its sample, and one's own acts in samples."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.cases.facade import house_now
from yingting.domains.detection.actions import auditing
from yingting.domains.detection.actions.accusing import open_violation
from yingting.domains.detection.queries.acts import is_drawn_the_same, rule_of_round
from yingting.domains.detection.queries.audit_notes import KIND
from yingting.domains.detection.queries.audits import (
    counts_of,
    is_overdue,
    item_for,
    item_lines,
    items_of,
    own_items,
    round_for,
    rounds_for,
    sheets_of,
    units_of,
)
from yingting.domains.detection.refusals import PERIOD_RUNS
from yingting.domains.detection.rules.auditing import Judgement
from yingting.domains.queueing.views.posting import actor_of
from yingting.foundation.days import local_day
from yingting.foundation.people.access import ACCESS_REFUSED, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.disclosing import What
from yingting.foundation.privacy.exporting import recorded_export
from yingting.foundation.privacy.forms import WhyForm, why_of
from yingting.foundation.privacy.reading import reasons_of
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.months import month_start
from yingting.kernel.refusals import Refusal

PAGE_ITEMS = 30
EXPORT_ITEMS = 50_000
MONTHS_OFFERED = 12


def _auditor(request: HttpRequest) -> Actor:
    """The reader, who may judge somewhere. Raises Refusal access.refused."""
    actor = actor_of(request)
    if not actor.paths(Permission.PRIVACY_JUDGE):
        raise Refusal(ACCESS_REFUSED)
    return actor


@login_required
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """Show the rounds, and what a round may be drawn for."""
    actor, today = _auditor(request), local_day(house_now())
    context = {
        "rounds": rounds_for(actor, today), "units": units_for(actor, Permission.PRIVACY_JUDGE),
        "months": [month_start(today, -n) for n in range(1, MONTHS_OFFERED + 1)],
    }  # fmt: skip
    return render(request, "detection/audits.html", context)


@login_required
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw a round by hand."""
    actor = _auditor(request)
    try:
        day = dt.date.fromisoformat(request.POST.get("month", ""))
    except ValueError:
        raise Refusal(PERIOD_RUNS) from None
    audit = auditing.draw(unit=request.POST.get("unit", ""), day=month_start(day), actor=actor, now=house_now())
    return redirect("detection:audit", audit)


@login_required
@require_GET
def audit(request: HttpRequest, audit: UUID) -> HttpResponse:
    """Show a round: how far it is, its figures by unit, its sample. With `again` it is drawn again from the log."""
    actor, now = _auditor(request), house_now()
    row, show = round_for(actor, audit), request.GET.get("show", "")
    page = Paginator(items_of(row, show), PAGE_ITEMS).get_page(request.GET.get("page"))
    context = {
        "row": row, "rule": rule_of_round(row), "counts": counts_of([row])[row.pk], "is_overdue": is_overdue(row, local_day(now)),
        "units": units_of(row), "page": page, "lines": item_lines(page, actor, now), "show": show, "judgements": list(Judgement),
        "is_same": is_drawn_the_same(row) if "again" in request.GET else None,
        "drawn_by": gettext("the house") if row.drawn_label == SYSTEM.label else row.drawn_label,
        "why": WhyForm(reasons=reasons_of(row.unit.path, now)), "can_judge": row.closed_at is None,
    }  # fmt: skip
    return render(request, "detection/audit.html", context)


@login_required
@require_POST
def judge(request: HttpRequest, item: UUID) -> HttpResponse:
    """Judge an act."""
    actor, posted = _auditor(request), request.POST
    auditing.judge(
        item=item, found=posted.get("found", ""), reason=posted.get("reason", ""), actor=actor, now=house_now()
    )  # fmt: skip
    return _item(request, actor, item)


@login_required
@require_POST
def accuse(request: HttpRequest, item: UUID) -> HttpResponse:
    """Open the violation case of a finding."""
    actor = _auditor(request)
    open_violation(item=item, actor=actor, now=house_now())
    return _item(request, actor, item)


def _item(request: HttpRequest, actor: Actor, item: UUID) -> HttpResponse:
    """The act as it stands now: the part alone where it replaces itself on a page, else the page around it."""
    one = item_for(actor, item)
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('detection:audit', args=[one.round_id])}#item-{item}")
    row, now = round_for(actor, one.round_id), house_now()
    (line,) = item_lines([one], actor, now)
    context = {
        "line": line, "judgements": list(Judgement), "counts": counts_of([row])[row.pk], "row": row, "is_swap": True,
        "can_judge": row.closed_at is None, "is_overdue": is_overdue(row, local_day(now)),
    }  # fmt: skip
    return render(request, "detection/_audit_item.html", context)


@login_required
@require_POST
def close(request: HttpRequest, audit: UUID) -> HttpResponse:
    """Close a round."""
    auditing.close(audit=audit, actor=_auditor(request), now=house_now())
    messages.success(request, gettext("The round is closed."))
    return redirect("detection:audit", audit)


@login_required
@require_POST
@never_cache
def export(request: HttpRequest, audit: UUID) -> HttpResponse:
    """Hand a round out as a file; that is written down, and may be drawn itself."""
    actor, now = _auditor(request), house_now()
    row = round_for(actor, audit)
    found = item_lines(items_of(row, "")[:EXPORT_ITEMS], actor, now)
    what = What(KIND, row.pk, ("note",), len(found), {"first": row.first, "last": row.last})
    form = "xlsx" if request.POST.get("form") == "xlsx" else "csv"
    return recorded_export(
        sheets_of(found, units_of(row)), form, f"audit-{row.unit.code}-{row.first:%Y%m}", what=what, why=why_of(request.POST),
        path=row.unit.path, actor=actor, now=now, permission=Permission.PRIVACY_JUDGE,
    )  # fmt: skip


@login_required
@require_GET
def own_acts(request: HttpRequest) -> HttpResponse:
    """Show the reader's own reveals and exports that were drawn, what was found, and what was said to it."""
    actor = actor_of(request)
    return render(
        request, "detection/own_acts.html", {"lines": item_lines(own_items(actor), actor, house_now()), "is_own": True}
    )


@login_required
@require_POST
def say(request: HttpRequest, item: UUID) -> HttpResponse:
    """Say something to one's own act."""
    auditing.say(item=item, words=request.POST.get("words", ""), actor=actor_of(request), now=house_now())
    messages.success(request, gettext("Your words are beside the act. The auditors read them."))
    return redirect("detection:own-acts")


urls = [
    path("audits/", rounds, name="audits"),
    path("audits/draw/", draw, name="audit-draw"),
    path("audits/own/", own_acts, name="own-acts"),
    path("audits/own/<uuid:item>/", say, name="audit-say"),
    path("audits/items/<uuid:item>/judge/", judge, name="audit-judge"),
    path("audits/items/<uuid:item>/case/", accuse, name="audit-case"),
    path("audits/<uuid:audit>/", audit, name="audit"),
    path("audits/<uuid:audit>/close/", close, name="audit-close"),
    path("audits/<uuid:audit>/export/", export, name="audit-export"),
]
