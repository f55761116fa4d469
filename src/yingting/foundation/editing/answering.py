"""Forms and verbs of pages: what was typed is kept, a refusal is told where the reader looks, rights are refused by the page itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from yingting.kernel.refusals import Refusal

_OF_THE_PAGE = (403, 404)


def sent(form: BaseForm, act: Callable[[], object]) -> int:
    """Act on a form that was sent; return 200 when it is done, else the status of what was wrong, which the form then says.

    Raises Refusal of rights and of what is not there.
    """
    if not form.is_valid():
        return 422
    try:
        act()
    except Refusal as refusal:
        if refusal.status in _OF_THE_PAGE:
            raise
        form.add_error(None, refusal.in_words(gettext))
        return refusal.status
    return 200


def form_page(
    request: HttpRequest, template: str, form: BaseForm, act: Callable[[], HttpResponse], more: Mapping[str, object]
) -> HttpResponse:
    """Show a form; when it was sent and is right, act. A refusal of what was typed stands above the fields, which keep it."""
    answers: list[HttpResponse] = []
    status = 200
    if request.method == "POST":
        status = sent(form, lambda: answers.append(act()))
    return answers[0] if answers else render(request, template, {"form": form, **more}, status=status)


def done(request: HttpRequest, act: Callable[[], object], said: str, back: str, *where: object) -> HttpResponse:
    """Act and come back to a page with a word on what came of it. Raises Refusal of rights and of what is not there."""
    try:
        act()
    except Refusal as refusal:
        if refusal.status in _OF_THE_PAGE:
            raise
        messages.error(request, refusal.in_words(gettext))
    else:
        messages.success(request, said)
    return redirect(back, *where)
