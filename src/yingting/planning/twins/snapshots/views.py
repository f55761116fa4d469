"""The page on which the snapshot log of a hall is tried and taken in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yingting.domains.queueing.queries.setup import hall_now
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.editing.uploads import on_disk
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal
from yingting.planning.twins.reading import hall_of_twin
from yingting.planning.twins.snapshots.actions import LIMITS, LogOrder, LogOutcome, forget_snapshots, take_snapshots
from yingting.planning.twins.snapshots.columns import TITLES
from yingting.planning.twins.snapshots.forms import SnapshotForm
from yingting.planning.twins.snapshots.kept import kept_of
from yingting.planning.twins.snapshots.rows import BadLook
from yingting.twin.calibrating.reasons import WORDS

SHOWN = 200  # bad rows on the page


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def snapshots(request: HttpRequest, hall: str) -> HttpResponse:
    """Try a snapshot log and, if that is asked for, take it in; every bad row is told with its reason."""
    row = hall_of_twin(actor_in(request), hall)
    form = SnapshotForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"hall": row, "form": form, "limit_mb": LIMITS.size >> 20}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                outcome = _take(request, row, form)
                is_take = request.POST.get("step") == "take"
                context |= {**_told(outcome), "is_take": is_take}
                status = 422 if is_take and not outcome.is_taken else 200
            except Refusal as refusal:
                context["refused"], status = refusal.in_words(gettext), refusal.status
    context["kept"] = kept_of(row)
    return render(request, "twins/snapshots.html", context, status=status)


def _take(request: HttpRequest, hall: Hall, form: SnapshotForm) -> LogOutcome:
    with on_disk(form.cleaned_data["file"]) as held:
        order = LogOrder(held, form.headings(), form.cleaned_data["take_good"], request.POST.get("step") != "take")
        return take_snapshots(hall=hall.pk, order=order, actor=actor_in(request), now=hall_now(hall.pk))


def _told(outcome: LogOutcome) -> dict[str, Any]:
    """Return what the page says of an outcome."""
    return {
        "outcome": outcome,
        "columns": [(gettext(TITLES[field]), heading) for field, heading in outcome.log.columns],
        "bad": [(one.line, one.text, _why(one)) for one in outcome.log.bad[:SHOWN]],
        "bad_rows": len(outcome.log.bad),
    }


def _why(one: BadLook) -> str:
    return gettext(WORDS[one.why]) if isinstance(one.why, str) else one.why.in_words(gettext)


@require_POST
@login_required
def forget(request: HttpRequest, hall: str) -> HttpResponse:
    """Remove all snapshots of the hall."""
    row = hall_of_twin(actor_in(request), hall)
    gone = forget_snapshots(hall=row.pk, actor=actor_in(request), now=hall_now(row.pk))
    messages.success(request, gettext("%(rows)s snapshots are removed.") % {"rows": gone})
    return redirect("twins:snapshots", row.code)
