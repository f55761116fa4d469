"""One day of one person, changed by hand; and why a wish is not met."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yingting.domains.shifts.contracts import StaffMember
from yingting.foundation.editing.pages import actor_in
from yingting.kernel.refusals import Refusal
from yingting.planning.rosters.actions import ask_why_not, set_by_hand
from yingting.planning.rosters.forms import CellForm
from yingting.planning.rosters.reading import Stand, explanations_of
from yingting.planning.rosters.refusals import NOT_REFUSED, PERSON_UNKNOWN
from yingting.planning.rosters.showing import away_words, effect_of, heading, week_view, wish_words
from yingting.planning.rosters.views.around import Place, place_of, stand_at
from yingting.planning.rosters.why import explained
from yingting.planning.rosters.words import Names
from yingting.twin.rostering.breaks import Break
from yingting.twin.rostering.exports import clock
from yingting.twin.rostering.facts import Duty

Option = tuple[Duty | None, tuple[Break, ...]]


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def cell(request: HttpRequest, hall: str, first_day: dt.date, person: UUID, day: dt.date) -> HttpResponse:
    """Show what a day may be set to with what each choice costs and breaks, and set it."""
    place = place_of(request, hall, first_day)
    stand = stand_at(place)
    member = _member(stand, person, day)
    options = stand.duties_for(person, day)
    form = CellForm(request.POST or None, shifts=stand.task.shifts, initial=_initial(stand, person, day))
    if request.method == "POST" and form.is_valid():
        try:
            return _set(request, place, stand, member, day, form, options)
        except Refusal as no:
            form.add_error(None, no.in_words(gettext))
    context = {**place.shown, "form": form, "member": member, "day": day, "heading": heading(day), "roster": stand.roster,
               "options": _options(stand, options, person, day), "away": away_words(member, day, gettext),
               "wish": next((wish_words(one.wanted, gettext) for one in member.wishes if one.day == day), ""),
               "chosen": form["shift"].value() or "", "is_panel": bool(request.headers.get("HX-Request"))}  # fmt: skip
    part = "rosters/_cell.html" if context["is_panel"] else "rosters/cell.html"
    return render(request, part, context, status=422 if form.errors else 200)


def _member(stand: Stand, person: UUID, day: dt.date) -> StaffMember:
    found = next((one for one in stand.week.staff if one.person == person), None)
    if found is None or day not in stand.week.days:
        raise Refusal(PERSON_UNKNOWN)
    return found


def _initial(stand: Stand, person: UUID, day: dt.date) -> dict[str, Any]:
    duty = stand.plan.get((str(person), day))
    kept = next((one for one in stand.roster.cells if (one.person, one.day) == (person, day)), None)
    return {
        "shift": duty.shift if duty else "", "is_locked": bool(kept and kept.is_locked), "version": stand.roster.version,
        "lunch": "",
    }  # fmt: skip


def _cheapest(options: list[Option]) -> Option:
    return min(options, key=lambda one: sum(each.cost for each in one[1]))


def _options(stand: Stand, options: list[Option], person: UUID, day: dt.date) -> list[dict[str, Any]]:
    """Each shift once, with its best lunch break (as it stands: its own) and what it would do."""
    names, now = Names.of(stand.week), stand.plan.get((str(person), day))
    shifts = {one.code: one for one in stand.task.shifts}
    shown = []
    for code in ("", *shifts):
        mine = [one for one in options if (one[0].shift if one[0] else "") == code]
        is_now = (now.shift if now else "") == code
        duty, after = next((one for one in mine if one[0] == now), None) if is_now else _cheapest(mine)  # type: ignore[misc]
        shift = shifts.get(code)
        shown.append(
            {
                "code": code, "name": names.shifts.get(code, gettext("off")), "is_now": is_now,
                "times": f"{clock(shift.starts_min)}–{clock(shift.ends_min)}" if shift else "",
                "lunch": clock(duty.lunch_at_min) if duty and duty.lunch_at_min is not None else "",
                "effect": effect_of(stand.found, after, names, gettext),
            }
        )  # fmt: skip
    return shown


def _set(
    request: HttpRequest,
    place: Place,
    stand: Stand,
    member: StaffMember,
    day: dt.date,
    form: CellForm,
    options: list[Option],
) -> HttpResponse:
    allowed = [one for one in options if form.allows(one[0])]
    now = stand.plan.get((str(member.person), day))
    duty, after = next((one for one in allowed if one[0] == now), None) or _cheapest(allowed)
    set_by_hand(
        hall=place.hall.pk, first_day=place.first_day, person=member.person, day=day, shift=duty.shift if duty else "",
        lunch_at_min=duty.lunch_at_min if duty else None, is_locked=form.cleaned_data["is_locked"],
        expected_version=form.cleaned_data["version"], actor=actor_in(request), now=place.now,
    )  # fmt: skip
    effect = effect_of(stand.found, after, Names.of(stand.week), gettext)
    told = [gettext("%(person)s, %(day)s is set. The cost changes by %(points)s points.") % {
        "person": member.name, "day": heading(day), "points": effect.signed,
    }]  # fmt: skip
    told += [gettext("New: %(what)s") % {"what": gettext("; ").join(effect.breaks[:3])}] if effect.breaks else []
    messages.success(request, " ".join(told))
    address = reverse("rosters:week", args=(place.hall.code, place.first_day)) + f"#c-{member.person}-{day.isoformat()}"
    return redirect(address)


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def why_not(request: HttpRequest, hall: str, first_day: dt.date, person: UUID, day: dt.date) -> HttpResponse:
    """Ask why a wish is not met; show how far the answer is."""
    place = place_of(request, hall, first_day)
    stand = stand_at(place)
    _member(stand, person, day)
    wish = next((one for one in week_view(stand, gettext).wishes if (one.person, one.day) == (str(person), day)), None)
    if wish is None:
        raise Refusal(NOT_REFUSED)
    if request.method == "POST":
        ask_why_not(
            hall=place.hall.pk, first_day=first_day, person=person, day=day, wanted=wish.wanted, actor=actor_in(request),
            now=place.now,
        )  # fmt: skip
    run = explanations_of(place.hall, stand.roster).get((str(person), day.isoformat()))
    if not request.headers.get("HX-Request"):
        return redirect(reverse("rosters:week", args=(place.hall.code, first_day)) + "#wishes")
    context = {**place.shown, "one": {"wish": wish, "why": explained(run, stand, gettext)}}
    return render(request, "rosters/_wish.html", context)
