"""The catalogue of indicators: every number that the house shows, defined once."""

from __future__ import annotations

import inspect
import textwrap
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, override
from django.views.decorators.http import require_GET

from yingting.foundation.catalogue.hall_types import hall_types
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.targets import TARGETS, Standard, Targets, standard
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.indicators.declaring import AnyIndicator, BetterIs, Merge
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.boards.listing import heading
from yingting.reporting.boards.places import place_for, today_of
from yingting.reporting.boards.screen import UNIT_WORDS
from yingting.reporting.ranking.compared import compared
from yingting.reporting.ranking.view_model import mix_words
from yingting.reporting.showing import value_text

BETTER = {BetterIs.LOWER: _("lower"), BetterIs.HIGHER: _("higher"), None: _("neither")}
# The instants by which cases belong to a stretch of the day.
MOMENTS = {
    "issued_at": _("ticket taken"), "called_at": _("call"), "started_at": _("service begins"), "finished_at": _("service ends"),
    "left_at": _("customer leaves"), "ended_at": _("end"), "raised_at": _("alert raised"), "answered_at": _("answer"),
    "received_at": _("case received"), "opened_at": _("case opened"), "closed_at": _("case closed"), "at": _("call back tried"),
    "breached_at": _("limit runs out"), "stopped_at": _("clock stopped"), "due_at": _("promised for"),
}  # fmt: skip
MERGES = {
    Merge.SUM: _("parts are added"), Merge.MEAN: _("parts are weighted by their cases"), Merge.MAX: _("the largest part"),
    Merge.NONE: _("read from the rows again"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandardRow:
    """Target, challenge and smallest sample of a type of hall; "" is every type."""

    hall_type: str
    target: str
    challenge: str
    minimum_sample: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of the catalogue."""

    key: str
    title: str
    english: str
    unit: str
    better: str
    merge: str
    grain: str
    moment: str
    compared: str
    why_compared: str
    without_target: str
    formula: str
    code: str
    facts: str
    columns: str
    limits: tuple[str, ...]
    source: str
    standards: tuple[StandardRow, ...]


@require_GET
@login_required
def indicators(request: HttpRequest) -> HttpResponse:
    """Show every indicator with its definition in words and in code, and the targets in force for the reader's unit."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    if not actor.paths(Permission.REPORT_VIEW):
        raise Refusal(ACCESS_REFUSED)
    place = place_for(actor, request.GET.get("unit", ""))
    today = today_of(place.halls)
    rule = in_force(TARGETS, path=place.unit.path, day=today).rule
    types = {one.code: one.name for one in hall_types(place.unit.path, today)}
    entries = [_entry(one, rule, types) for one, _set in declared().values()]
    return render(request, "reporting/indicators.html", {"entries": entries, "place": place, "today": today})


def _entry(one: AnyIndicator, rule: Targets, types: dict[str, str]) -> Entry:
    with override("en"):
        english = gettext(one.title)
    rows = [_standard_row("", standard(one, rule, ""), one)]
    for code, name in types.items():
        own = standard(one, rule, code)
        if own != standard(one, rule, ""):
            rows.append(_standard_row(name, own, one))
    return Entry(
        key=one.key, title=gettext(one.title), english=english, unit=gettext(UNIT_WORDS[one.unit]),
        better=gettext(BETTER[one.better_is]), merge=gettext(MERGES[one.merge]),
        grain=", ".join(heading(name, gettext) for name in one.grain),
        moment=", ".join(gettext(MOMENTS[name]) for name in one.moment),
        compared=_compared(one), why_compared=gettext(one.case_mix.why) if one.case_mix.why else "",
        without_target=gettext(one.without_target) if one.without_target else "", formula=gettext(one.formula) if one.formula else "",
        code=textwrap.dedent(inspect.getsource(one.measure)), facts=one.table, columns=", ".join(one.needs),
        limits=tuple(gettext(limit) for limit in one.limits), source=one.source, standards=tuple(rows),
    )  # fmt: skip


def _compared(one: AnyIndicator) -> str:
    """Say how units are compared by an indicator, "" where they are not."""
    if one.key not in compared():
        return ""
    if not one.case_mix.by:
        return gettext(_("as measured"))
    return gettext(_("as if everybody had the same mix of %(mix)s")) % {"mix": mix_words(one.case_mix.by, gettext)}


def _standard_row(name: str, found: Standard, one: AnyIndicator) -> StandardRow:
    target, challenge = (value_text(one.unit, value, gettext) for value in (found.target, found.challenge))
    return StandardRow(name, target, challenge, found.minimum_sample)
