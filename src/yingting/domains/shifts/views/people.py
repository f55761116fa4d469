"""Who may be rostered: everybody of a hall at a glance, and one person with the forms that change what holds for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.shifts.actions import absences, people, wishing
from yingting.domains.shifts.contracts import Entered, OwnTerms
from yingting.domains.shifts.forms import (
    AbsenceForm,
    AnswerForm,
    BackForm,
    Dressed,
    LicenceForm,
    OffPostForm,
    TermsForm,
)
from yingting.domains.shifts.queries.people_pages import PersonLine, people_lines, person_line
from yingting.domains.shifts.queries.rules_in_force import licences_at
from yingting.domains.shifts.refusals import PERSON_UNKNOWN, WISH_UNKNOWN
from yingting.domains.shifts.rules import AbsenceKind, OffPostReason
from yingting.domains.shifts.views.asking import Planning, planning
from yingting.foundation.editing.answering import done, sent
from yingting.foundation.editing.naming import named
from yingting.kernel.refusals import Refusal

Act = Callable[[], Entered | None]


@never_cache
@login_required
@require_GET
def everybody(request: HttpRequest, code: str) -> HttpResponse:
    """Show everybody on the counters of a hall with what a roster looks at."""
    here = planning(request, code)
    return render(request, "shifts/people.html", {"here": here, "lines": people_lines(here.hall, here.today)})


@never_cache
@login_required
@require_GET
def person(request: HttpRequest, code: str, person: UUID) -> HttpResponse:
    """Show one person with the forms."""
    here = planning(request, code)
    return _page(request, here, _line(here, person))


def _line(here: Planning, person: UUID) -> PersonLine:
    line = person_line(here.hall, person, here.today)
    if line is None:
        raise Refusal(PERSON_UNKNOWN)
    return line


def _page(
    request: HttpRequest, here: Planning, line: PersonLine, form: Dressed | None = None, status: int = 200, about: UUID | None = None
) -> HttpResponse:  # fmt: skip
    """The page of a person; `form` is the one that was sent and refused, `about` the time off post that it would end."""
    forms = {_name(one): one for one in _forms(here, line)}
    back = {"back_on": here.today}
    ends = [(one, form if form and one.id == about else BackForm(initial=back, about=one.id)) for one in line.off_post]
    if form is not None:
        forms[_name(form)] = form
    context = {
        "here": here,
        "line": line,
        "forms": forms,
        "ends": ends,
        "is_me": line.member.person == here.actor.person,
    }
    return render(request, "shifts/person.html", context, status=status)


def _name(form: Dressed) -> str:
    return type(form).__name__.removesuffix("Form").lower()


def _forms(here: Planning, line: PersonLine) -> tuple[Dressed, ...]:
    own = line.own
    terms = {
        "least_hours": own.least_hours, "most_hours": own.most_hours, "most_days": own.most_days,
        "rest_hours": own.rest_hours, "version": line.version,
    }  # fmt: skip
    days = {"first_day": here.today, "last_day": here.today, "since": here.today}
    return (
        TermsForm(initial=terms), AbsenceForm(choices=_kinds(), initial=days), OffPostForm(choices=_reasons(), initial=days),
        LicenceForm(choices=_licences(here)), AnswerForm(),
    )  # fmt: skip


def _kinds() -> dict[str, list[tuple[str, str]]]:
    return {"kind": [(one.value, gettext(one.title)) for one in AbsenceKind]}


def _reasons() -> dict[str, list[tuple[str, str]]]:
    return {"reason": [(one.value, gettext(one.title)) for one in OffPostReason]}


def _licences(here: Planning) -> dict[str, list[tuple[str, str]]]:
    return {"code": [(one.code, named(one)) for one in licences_at(here.hall.unit.path, here.today).licences]}


def _send(
    request: HttpRequest, here: Planning, person: UUID, form: Dressed, act: Act, said: str, about: UUID | None = None
) -> HttpResponse:
    """Act on a sent form and come back to the person; what was typed stays when it is refused."""
    answers: list[Entered | None] = []
    status = sent(form, lambda: answers.append(act()))
    if status != 200:
        return _page(request, here, _line(here, person), form, status, about)
    messages.success(request, said)
    if answers[0] is not None:
        _say_clashes(request, answers[0].clashes)
    return redirect("shifts:person", here.hall.code, person)


def _say_clashes(request: HttpRequest, days: tuple[dt.date, ...]) -> None:
    if days:
        text = ngettext(
            "The published roster has a shift on that day (%(days)s): replan.",
            "The published roster has shifts on these days (%(days)s): replan.",
            len(days),
        )
        messages.warning(request, text % {"days": ", ".join(day.isoformat() for day in days)})


@login_required
@require_POST
def terms(request: HttpRequest, code: str, person: UUID) -> HttpResponse:
    """Set a person's own terms."""
    here, form = planning(request, code), TermsForm(request.POST)

    def act() -> None:
        told = dict(form.cleaned_data)
        version = told.pop("version")
        people.set_terms(
            hall=here.hall.pk,
            person=person,
            terms=OwnTerms(**told),
            expected_version=version,
            actor=here.actor,
            now=here.now,
        )

    return _send(request, here, person, form, act, gettext("The terms are saved."))


@login_required
@require_POST
def absence(request: HttpRequest, code: str, person: UUID) -> HttpResponse:
    """Enter an absence."""
    here, form = planning(request, code), AbsenceForm(request.POST, choices=_kinds())

    def act() -> Entered:
        return absences.enter_absence(
            hall=here.hall.pk, person=person, actor=here.actor, now=here.now, **form.cleaned_data
        )

    return _send(request, here, person, form, act, gettext("The absence is entered."))


@login_required
@require_POST
def withdraw(request: HttpRequest, code: str, person: UUID, absence: UUID) -> HttpResponse:
    """Take an absence back."""
    here = planning(request, code)
    return done(
        request,
        lambda: absences.withdraw_absence(hall=here.hall.pk, absence=absence, actor=here.actor, now=here.now),
        gettext("The absence is taken back."), "shifts:person", code, person,
    )  # fmt: skip


@login_required
@require_POST
def off_post(request: HttpRequest, code: str, person: UUID) -> HttpResponse:
    """Take a person off post."""
    here, form = planning(request, code), OffPostForm(request.POST, choices=_reasons())

    def act() -> Entered:
        return absences.set_off_post(
            hall=here.hall.pk, person=person, actor=here.actor, now=here.now, **form.cleaned_data
        )

    return _send(request, here, person, form, act, gettext("This person is off post: rosters leave them out."))


@login_required
@require_POST
def back(request: HttpRequest, code: str, person: UUID, off_post: UUID) -> HttpResponse:
    """Put a person back on post."""
    here, form = planning(request, code), BackForm(request.POST, about=off_post)

    def act() -> None:
        absences.end_off_post(hall=here.hall.pk, off_post=off_post, actor=here.actor, now=here.now, **form.cleaned_data)

    return _send(request, here, person, form, act, gettext("This person is back on post."), off_post)


@login_required
@require_POST
def licence(request: HttpRequest, code: str, person: UUID) -> HttpResponse:
    """Enter a licence."""
    here, form = planning(request, code), LicenceForm(request.POST, choices=_licences(planning(request, code)))

    def act() -> None:
        people.enter_licence(hall=here.hall.pk, person=person, actor=here.actor, now=here.now, **form.cleaned_data)

    return _send(request, here, person, form, act, gettext("The licence is entered."))


@login_required
@require_POST
def drop_licence(request: HttpRequest, code: str, person: UUID, licence: UUID) -> HttpResponse:
    """Take a licence off the list."""
    here = planning(request, code)
    return done(
        request,
        lambda: people.remove_licence(hall=here.hall.pk, licence=licence, actor=here.actor, now=here.now),
        gettext("The licence is taken off the list."), "shifts:person", code, person,
    )  # fmt: skip


@login_required
@require_POST
def answer(request: HttpRequest, code: str, person: UUID, wish: UUID) -> HttpResponse:
    """Answer a wish by hand, before the roster does."""
    here, form = planning(request, code), AnswerForm(request.POST)
    said = request.POST.get("answer", "")
    if said not in ("granted", "refused"):
        raise Refusal(WISH_UNKNOWN)

    def act() -> None:
        wishing.answer_wish(
            hall=here.hall.pk, wish=wish, granted=said == "granted", words=form.cleaned_data["words"], actor=here.actor,
            now=here.now,
        )  # fmt: skip

    return _send(request, here, person, form, act, gettext("The wish is answered."))


_ONE = "shifts/<str:code>/people/<uuid:person>/"
urls = [
    path("shifts/<str:code>/people/", everybody, name="people"),
    path(_ONE, person, name="person"),
    path(f"{_ONE}terms/", terms, name="terms"),
    path(f"{_ONE}absence/", absence, name="absence"),
    path(f"{_ONE}absence/<uuid:absence>/withdraw/", withdraw, name="absence-withdraw"),
    path(f"{_ONE}off-post/", off_post, name="off-post"),
    path(f"{_ONE}off-post/<uuid:off_post>/end/", back, name="off-post-end"),
    path(f"{_ONE}licence/", licence, name="licence"),
    path(f"{_ONE}licence/<uuid:licence>/remove/", drop_licence, name="licence-remove"),
    path(f"{_ONE}wish/<uuid:wish>/answer/", answer, name="wish-answer"),
]
