"""Settings pages of the rulebook: which rules there are, what holds where since when, and the next version."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.days import house_today
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import Frame, actor_in, confirm_page, require_somewhere, staff_page
from yingting.foundation.editing.refusals import RECORD_OUTDATED, RECORD_UNKNOWN
from yingting.foundation.editing.rulebook.actions import (
    RULE_BACKDATED,
    RULE_WRONG,
    publish_rule,
    rule_of,
    withdraw_rule,
)
from yingting.foundation.editing.rulebook.comparing import changes
from yingting.foundation.editing.rulebook.forms import RuleForm, changed_rows
from yingting.foundation.editing.rulebook.telling import told
from yingting.foundation.people.access import units_for
from yingting.foundation.rulebook.guards import GUARDS, RULE_HELD, remarks_on
from yingting.foundation.rulebook.kinds import Kind, as_body, choices_of, kinds
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.rulebook.reading import InForce, in_force
from yingting.foundation.sites.models import Hall, Unit, UnitLevel
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

RULES = _("Rules")


@staff_page("GET")
def rules(request: HttpRequest) -> HttpResponse:
    """List the kinds of rule that the reader may edit."""
    actor = actor_in(request)
    mine = [kind for kind in kinds().values() if actor.paths(kind.permission)]
    if not mine:
        require_somewhere(actor, *{kind.permission for kind in kinds().values()})
    rows = [
        {
            "title": gettext(kind.title),
            "purpose": gettext(kind.purpose),
            "url": reverse("rulebook:rule", args=[kind.code]),
            "written": RuleVersion.objects.filter(
                kind=kind.code, withdrawn_at__isnull=True, unit__in=units_for(actor, kind.permission)
            ).count(),
        }
        for kind in mine
    ]
    return render(request, "rulebook/rules.html", {"frame": Frame(), "title": RULES, "rows": rows})


def _kind(request: HttpRequest, code: str) -> tuple[Actor, Kind[Any]]:
    actor = actor_in(request)
    kind = kinds().get(code)
    if kind is None:
        raise Refusal(RECORD_UNKNOWN)
    require_somewhere(actor, kind.permission)
    return actor, kind


def _unit(request: HttpRequest, actor: Actor, kind: Kind[Any]) -> Unit:
    """The unit that the page is about: as asked for, else the highest in the reader's care."""
    units = units_for(actor, kind.permission).filter(is_active=True)
    asked = request.GET.get("unit", "")
    try:
        found = units.filter(pk=UUID(asked)).first() if asked else units.first()
    except ValueError:
        found = None
    if found is None:
        raise Refusal(RECORD_UNKNOWN)
    return found


def _key(request: HttpRequest, kind: Kind[Any], unit: Unit) -> str:
    if not kind.key:
        return ""
    codes = [code for code, _label in choices_of(kind.key, unit.path)]
    asked = request.GET.get("key", codes[0] if codes else "")
    if asked not in codes:
        raise Refusal(RECORD_UNKNOWN)
    return asked


def _where(unit: Unit, key: str) -> str:
    query = QueryDict(mutable=True)
    query["unit"] = str(unit.pk)
    if key:
        query["key"] = key
    return f"?{query.urlencode()}"


@staff_page("GET")
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is in force for a unit, what is to come, and what was."""
    actor, kind = _kind(request, code)
    unit = _unit(request, actor, kind)
    key = _key(request, kind, unit)
    held = in_force(kind, path=unit.path, day=house_today(), key=key)
    versions = RuleVersion.objects.filter(kind=code, unit=unit, key=key)
    past = list(versions.order_by("-number")[:50])
    remarks = remarks_on([row.pk for row in past])
    context = {
        "frame": _frame(kind),
        "title": gettext(kind.title), "purpose": gettext(kind.purpose), "unit": unit, "key": key,
        "units": [
            (row.pk, f"{named(row)} {row.code}") for row in units_for(actor, kind.permission).filter(is_active=True)[:500]
        ],
        "keys": choices_of(kind.key, unit.path) if kind.key else (),
        "told": told(held.rule, unit.path), "held": held, "whence": _whence(held, unit), "source": gettext(kind.source),
        "coming": [_version(row, unit) for row in versions.filter(valid_from__gt=house_today(), withdrawn_at__isnull=True)],
        "past": [
            _version(row, unit, earlier) | {"remarks": remarks.get(row.pk, ())} for row, earlier in _with_earlier(past)
        ],
        "new_url": reverse("rulebook:rule-new", args=[code]) + _where(unit, key),
    }  # fmt: skip
    return render(request, "rulebook/rule.html", context)


def _frame(kind: Kind[Any]) -> Frame:
    return Frame(
        ((RULES, reverse("rulebook:rules")), (gettext(kind.title), reverse("rulebook:rule", args=[kind.code])))
    )


def _whence(held: InForce[Any], unit: Unit) -> str:
    if not held.number:
        return gettext("As shipped: nobody has written a version for this unit or one above it.")
    if held.path == unit.path:
        return ""
    above = Unit.objects.filter(path=held.path).first()
    return gettext("Inherited from %(unit)s.") % {"unit": named(above) if above else held.path}


def _with_earlier(rows: list[RuleVersion]) -> Iterable[tuple[RuleVersion, RuleVersion | None]]:
    return zip_longest(rows, rows[1:])


def _version(row: RuleVersion, unit: Unit, earlier: RuleVersion | None = None) -> dict[str, Any]:
    return {
        "row": row,
        "earlier": earlier,
        "changes": changes(rule_of(earlier), rule_of(row), unit.path) if earlier else (),
        "told": told(rule_of(row), unit.path),
        "withdraw_url": reverse("rulebook:rule-withdraw", args=[row.pk]),
    }


@staff_page("GET", "POST")
def new_version(request: HttpRequest, code: str) -> HttpResponse:
    """Write the next version, beginning with what is in force; rows are added and moved without saving."""
    actor, kind = _kind(request, code)
    unit = _unit(request, actor, kind)
    key = _key(request, kind, unit)
    back = reverse("rulebook:rule", args=[code]) + _where(unit, key)
    status, outdated, is_held = 200, False, False
    if request.method == "GET":
        held = in_force(kind, path=unit.path, day=house_today(), key=key)
        last = RuleVersion.objects.filter(kind=code, unit=unit, key=key).order_by("-number").first()
        form = RuleForm(kind, unit.path, rule=held.rule, initial={"valid_from": house_today()})
        read = last.number if last else 0
    elif wish := request.POST.get("do", ""):
        # Only the rows change: what was typed stays, and nothing is checked yet.
        changed, opened = changed_rows(kind.shape, request.POST, wish)
        form = RuleForm(kind, unit.path, data=changed, opened=opened)
        read = _number(request.POST.get("read"))
        form.errors.clear()
    else:
        form, read, status = RuleForm(kind, unit.path, data=request.POST), _number(request.POST.get("read")), 422
        if _is_right(form, kind, unit):
            try:
                publish_rule(
                    kind, unit=unit.pk, rule=form.rule(), valid_from=form.cleaned_data["valid_from"], actor=actor,
                    now=system_now(), key=key, reason=form.cleaned_data["reason"], read=read,
                    urgent=request.POST.get("urgent", ""),
                )  # fmt: skip
            except Refusal as refusal:
                if refusal.code not in (RULE_BACKDATED, RULE_WRONG, RULE_HELD, RECORD_OUTDATED):
                    raise
                outdated, is_held = refusal.code == RECORD_OUTDATED, refusal.code == RULE_HELD
                field = "valid_from" if refusal.code == RULE_BACKDATED else None
                form.add_error(field, refusal.in_words(gettext))
            else:
                messages.success(request, gettext("Saved."))
                return redirect(back)
    more = {"key": key, "read": read, "back": back, "outdated": outdated, "is_held": is_held}
    return _written(request, kind, unit, form, status=status, **more)


def _written(
    request: HttpRequest, kind: Kind[Any], unit: Unit, form: RuleForm, *, status: int, **more: Any
) -> HttpResponse:
    """The page on which a version is written."""
    ask_url = reverse("rulebook:rule-ask", args=[kind.code]) + _where(unit, more["key"]) if GUARDS.all() else ""
    context = {
        "frame": _frame(kind), "title": gettext(kind.title), "unit_name": named(unit), "form": form, "layout": form.layout,
        "preview_url": _preview_url(kind, unit, more["key"]), "preview_title": gettext(kind.preview_title), "source": gettext(kind.source),
        "ask_url": ask_url,
        "key_name": dict(choices_of(kind.key, unit.path)).get(more["key"], more["key"]) if kind.key else "",
    }  # fmt: skip
    return render(request, "rulebook/new.html", context | more, status=status)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _is_right(form: RuleForm, kind: Kind[Any], unit: Unit) -> bool:
    """Are the fields right, and does the rule hold together? What is wrong stands beside its field."""
    if not form.is_valid():
        return False
    for where, sentence, params in kind.check(form.rule(), unit.path):
        form.add_problem(where, gettext(sentence) % params)
    return not form.errors and not form.layout.is_wrong


def _preview_url(kind: Kind[Any], unit: Unit, key: str) -> str:
    if kind.preview and kind.previews_units:
        return f"{reverse('rulebook:rule-preview', args=[kind.code, unit.pk])}?{urlencode({'key': key})}"
    if not kind.preview or unit.level != UnitLevel.HALL:
        return ""
    hall = Hall.objects.filter(unit=unit).values_list("code", flat=True).first()
    return reverse("rulebook:rule-preview", args=[kind.code, hall]) if hall else ""


@staff_page("POST")
def preview(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Hand the rule that is being written to its kind's own preview page; the place is a hall's code, or a unit's id."""
    actor, kind = _kind(request, code)
    units = units_for(actor, kind.permission)
    unit = (
        _by_id(units, place)
        if kind.previews_units
        else units.filter(pk__in=Hall.objects.filter(code=place).values("unit")).first()
    )
    if unit is None or not kind.preview:
        raise Refusal(RECORD_UNKNOWN)
    return _handed_on(request, kind, unit, _key(request, kind, unit), kind.preview, place)


@staff_page("POST")
def ask_first(request: HttpRequest, code: str) -> HttpResponse:
    """Hand the rule that is being written to the page on which others are asked about it before it is published."""
    actor, kind = _kind(request, code)
    unit = _unit(request, actor, kind)
    guards = GUARDS.all()
    if not guards:
        raise Refusal(RECORD_UNKNOWN)
    return _handed_on(request, kind, unit, _key(request, kind, unit), guards[0].ask_page)


def _handed_on(request: HttpRequest, kind: Kind[Any], unit: Unit, key: str, page: str, *args: str) -> HttpResponse:
    """Let another page answer for the rule that is being written, if it is right; else show what is wrong."""
    form = RuleForm(kind, unit.path, data=request.POST)
    if not _is_right(form, kind, unit):
        back = reverse("rulebook:rule", args=[kind.code]) + _where(unit, key)
        read = _number(request.POST.get("read"))
        return _written(request, kind, unit, form, status=422, key=key, read=read, back=back, outdated=False)
    given = QueryDict(mutable=True)
    given.update({"kind": kind.code, "unit": str(unit.pk), "key": key, "body": json.dumps(as_body(kind, form.rule()))})
    request.POST = given  # type: ignore[assignment]  # what that page reads
    answer: HttpResponse = resolve(reverse(page, args=args)).func(request, *args)
    return answer


def _by_id(units: QuerySet[Unit], place: str) -> Unit | None:
    try:
        return units.filter(pk=UUID(place)).first()
    except ValueError:
        return None


@staff_page("GET", "POST")
def withdraw(request: HttpRequest, version: UUID) -> HttpResponse:
    """Ask before a version to come is taken back, and do it."""
    row = RuleVersion.objects.select_related("unit").filter(pk=version).first()
    if row is None:
        raise Refusal(RECORD_UNKNOWN)
    actor, kind = _kind(request, row.kind)
    if not actor.may(kind.permission, row.unit.path):
        raise Refusal(RECORD_UNKNOWN)
    return confirm_page(
        request,
        frame=_frame(kind),
        question=gettext("Withdraw version %(number)s?") % {"number": row.number},
        consequence=gettext("It will not come into force. What is in force now stays."),
        verb=gettext("Withdraw"),
        act=lambda: withdraw_rule(row.pk, actor=actor, now=system_now()),
        back=reverse("rulebook:rule", args=[row.kind]) + _where(row.unit, row.key),
    )
