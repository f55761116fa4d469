"""The settings pages: a list, a form with its history, a question before something is taken away. Three functions, no hierarchy.

A view checks the scope, fetches the row, and hands it to one of them with an `Editor`, which says how that model is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yingting.foundation.editing.changing import Rule, Sentence, change, create, mark
from yingting.foundation.editing.forms import RecordForm
from yingting.foundation.editing.histories import history_of
from yingting.foundation.editing.menu import Link, links
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.refusals import RECORD_OUTDATED, RECORD_UNKNOWN
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import HallClock, system_now
from yingting.kernel.refusals import Refusal

M = TypeVar("M", bound=models.Model)
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
PAGE_ROWS = 50
SYSTEM_CLOCK = HallClock()


def staff_page(*methods: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Mark a view as a page for signed-in staff that answers these methods; others get the sign-in page, or 405."""

    def wrap(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @login_required
        @require_http_methods(list(methods))
        @wraps(view)
        def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return view(request, *args, **kwargs)

        return page  # type: ignore[return-value]  # the decorators' stubs lose the parameters

    return wrap


def actor_in(request: HttpRequest) -> Actor:
    """Return who asks for the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the page middleware
    return actor


def require_somewhere(actor: Actor, *permissions: Permission) -> None:
    """Refuse unless the actor holds one of the permissions on some part of the tree."""
    if not any(actor.paths(permission) for permission in permissions):
        raise Refusal(ACCESS_REFUSED)


def found(rows: models.QuerySet[M], **key: Any) -> M:
    """Return the one row with the key out of rows in scope. Raises Refusal record.unknown."""
    row = rows.filter(**key).first()
    if row is None:
        raise Refusal(RECORD_UNKNOWN)
    return row


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page: the way back up, the place's name, and its tabs."""

    crumbs: tuple[tuple[Sentence, str], ...] = ()
    heading: Sentence = ""
    note: Sentence = ""
    tabs: tuple[Link, ...] = ()


def hall_frame(actor: Actor, hall: Hall, here: str, *crumbs: tuple[Sentence, str]) -> Frame:
    """Return the frame of a page in a hall, with the hall's tabs."""
    tabs = tuple(links("hall", actor, path=hall.unit.path, key=hall.code, here=here))
    return Frame(crumbs, named(hall.unit), hall.code, tabs)


@dataclass(frozen=True, slots=True)
class Editor(Generic[M]):
    """How one model is edited on a page: its rule, its form, its words. `save` and `read` replace the plain ones."""

    rule: Rule[M]
    form: type[RecordForm[M]]
    title: Sentence
    new_title: Sentence
    save: Callable[[M | None, Mapping[str, Any], Actor, str | None], M] | None = None
    read: Callable[[M], str] | None = None


@dataclass(frozen=True, slots=True)
class Column(Generic[M]):
    """A column of a list: its heading and what it shows of a row."""

    heading: Sentence
    value: Callable[[M], object]
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Listing(Generic[M]):
    """A list of rows: heading, columns, the address of a row, and what an empty list says."""

    title: Sentence
    columns: Sequence[Column[M]]
    url: Callable[[M], str]
    empty: Sentence
    new_url: str = ""
    new_title: Sentence = ""
    search: Sequence[str] = field(default=())
    hint: Sentence = ""


def table(listing: Listing[M], rows: Iterable[M]) -> dict[str, Any]:
    """Return what the table template shows of the rows."""
    shown = [
        {
            "url": listing.url(row),
            "is_active": getattr(row, "is_active", True),
            "cells": [(column.value(row), column.is_number) for column in listing.columns],
        }
        for row in rows
    ]
    return {"listing": listing, "rows": shown}


def list_page(
    request: HttpRequest, listing: Listing[M], rows: models.QuerySet[M], frame: Frame, *,
    template: str = "editing/list.html", **more: Any,
) -> HttpResponse:  # fmt: skip
    """Show rows in scope, searched by `q` and paged."""
    asked = request.GET.get("q", "").strip()[:60]
    if asked and listing.search:
        wanted = models.Q()
        for name in listing.search:
            wanted |= models.Q(**{f"{name}__icontains": asked})
        rows = rows.filter(wanted)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"frame": frame, "page": page, "q": asked, "total": page.paginator.count, **table(listing, page), **more}
    return render(request, template, context)


def edit_page(
    request: HttpRequest, editor: Editor[M], *, row: M | None, frame: Frame, back: str,
    within: models.Model | None = None, fixed: Mapping[str, Any] | None = None, template: str = "editing/edit.html",
    done: Callable[[M], str] | None = None, clock: HallClock = SYSTEM_CLOCK, **more: Any,
) -> HttpResponse:  # fmt: skip
    """Show the form of a row (None: a new one) with its history, and save it; errors stand beside the fields, values stay.

    `fixed` are values that the address decides (the hall of a zone). `done` says where to go after saving; else `back`.
    `clock` tells when the change happened: a hall's, for what the hall's days are counted by.
    """
    actor = actor_in(request)
    seen = "" if row is None else (editor.read or _plain_mark(editor.rule))(row)
    form = editor.form(
        request.POST if request.method == "POST" else None,
        instance=_own_copy(editor.rule, row, fixed),
        within=within,
        actor=actor,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = _save(
                    editor, row, {**form.cleaned_data, **(fixed or {})}, actor, request.POST.get("read"), clock
                )
            except ValidationError as error:
                show_errors(form, error)
            except Refusal as refusal:
                if refusal.code != RECORD_OUTDATED:
                    raise
                status = 409
                # The old mark goes out again: only loading the page anew shows what the other person wrote.
                seen = request.POST.get("read", "")
                form.add_error(None, refusal.in_words(gettext))
            else:
                messages.success(request, gettext("Saved."))
                return redirect(done(saved) if done else back)
    context = {
        "frame": frame,
        "title": editor.new_title if row is None else editor.title,
        "form": form,
        "read": seen,
        "row": row,
        "back": back,
        "outdated": status == 409,
        "history": [] if row is None else history_of(row.pk, labels_of(form)),
        **more,
    }
    return render(request, template, context, status=status)


def _plain_mark(rule: Rule[M]) -> Callable[[M], str]:
    return lambda row: mark(rule, row)


def _own_copy(rule: Rule[M], row: M | None, fixed: Mapping[str, Any] | None) -> M:
    """An instance that the form may write to, without touching the row that the page shows."""
    if row is not None:
        return rule.model._default_manager.get(pk=row.pk)
    return rule.model(**(fixed or {}))


def _save(
    editor: Editor[M], row: M | None, values: Mapping[str, Any], actor: Actor, read: str | None, clock: HallClock
) -> M:
    # A form without its mark is treated as outdated: nobody may skip the check by leaving it out.
    read = None if row is None else (read or "none")
    if editor.save is not None:
        return editor.save(row, values, actor, read)
    if row is None:
        return create(editor.rule, values=values, actor=actor, now=clock.at(system_now()))
    return change(editor.rule, row.pk, values=values, actor=actor, now=clock.at(system_now()), read=read)


def show_errors(form: Any, error: ValidationError) -> None:
    """Put an action's errors beside the form's fields; those of fields that the form lacks go to its head."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {"__all__": [error]}
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, errors)


def labels_of(form: Any) -> dict[str, Sentence]:
    """Return the form's labels by field, for the history."""
    return {name: item.label for name, item in form.fields.items() if item.label}


def confirm_page(
    request: HttpRequest, *, frame: Frame, question: Sentence, consequence: Sentence, verb: Sentence,
    act: Callable[[], object], back: str, done: str | None = None,
) -> HttpResponse:  # fmt: skip
    """Ask before something is taken away (GET), do it (POST). A guard's "no" is shown on the same page."""
    errors: list[str] = []
    if request.method == "POST":
        try:
            act()
        except ValidationError as error:
            errors = error.messages
        else:
            messages.success(request, gettext("Done."))
            return redirect(done or back)
    context = {
        "frame": frame, "question": question, "consequence": consequence, "verb": verb, "back": back, "errors": errors,
    }  # fmt: skip
    return render(request, "editing/confirm.html", context, status=422 if errors else 200)


def retire_page(
    request: HttpRequest, rule: Rule[M], row: M, *, frame: Frame, back: str, consequence: Sentence, name: str = "",
    clock: HallClock = SYSTEM_CLOCK,
) -> HttpResponse:  # fmt: skip
    """Ask before a row is taken out of use, or back into use, and do it."""
    is_active = bool(getattr(row, "is_active", True))
    pk: UUID = row.pk
    actor = actor_in(request)
    name = name or named(row)
    return confirm_page(
        request,
        frame=frame,
        question=(gettext("Take “%(name)s” out of use?") if is_active else gettext("Take “%(name)s” back into use?"))
        % {"name": name},
        consequence=consequence if is_active else gettext("It can be chosen again from now on."),
        verb=gettext("Take out of use") if is_active else gettext("Take back into use"),
        act=lambda: change(rule, pk, values={"is_active": not is_active}, actor=actor, now=clock.at(system_now())),
        back=back,
    )
