"""The forms of linked actions: to link one to a case, to look at an effect, and one for each step of an action."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext

from yingting.domains.cases.forms.fields import Field, Form, told_choices
from yingting.domains.cases.models import REMEDY_WORDS, Remedy
from yingting.domains.cases.queries.desk import Desk
from yingting.domains.cases.queries.names import Choices
from yingting.domains.cases.queries.people import units_above
from yingting.domains.cases.queries.remedy_page import RemedyFile, Step
from yingting.domains.cases.rules.remedies import EFFECTS, SORTS
from yingting.foundation.editing.naming import named
from yingting.foundation.lake.baselines.reading import latest_titles


def remedy_fields(desk: Desk) -> Iterable[Field]:
    """Yield what linking an action asks for."""
    person = desk.actor.person
    checkers = tuple({**_mine(desk), **dict(desk.people)}.items())
    units = tuple((unit.path, named(unit)) for unit in units_above(desk.path))
    yield Field("sort", gettext("Sort of the action"), "choice", told_choices(SORTS))
    yield _words("what", gettext("What is to be done"))
    yield Field("unit", gettext("At the unit"), "choice", units, desk.path)
    yield Field(
        "owner",
        gettext("Staff number of who does it"),
        help=gettext("They may belong to another unit: they see the action, not the case."),
    )
    yield Field(
        "verifier",
        gettext("Who checks it"),
        "choice",
        checkers,
        str(person),
        help=gettext("Another person than who does it."),
    )
    yield Field("due_on", gettext("To be done by"), "day")
    yield Field(
        "look_on",
        gettext("Look at the effect on"),
        "day",
        is_required=False,
        help=gettext("Left empty: the effect is not looked at."),
    )
    yield from _baseline(desk)


def _mine(desk: Desk) -> dict[str, str]:
    """Who holds the case may check an action, though the list of colleagues leaves them out."""
    owner = desk.case.owner
    return {str(owner.pk): f"{owner.name} {owner.staff_no}"} if owner else {}


def effect_fields(desk: Desk) -> Iterable[Field]:
    """Yield what looking at the effect of a case asks for."""
    yield Field("effect", gettext("Since then it is"), "radio", told_choices(EFFECTS))
    yield from _baseline(desk)


def _baseline(desk: Desk) -> Iterable[Field]:
    titles: Choices = tuple((str(pk), f"{title} {at:%Y-%m-%d}") for pk, title, at in latest_titles(desk.actor))
    if titles:
        yield Field("baseline", gettext("Figures kept before"), "choice", titles, is_required=False)


def step_forms(file: RemedyFile) -> tuple[Form, ...]:
    """Return a form for each step that the reader may take with an action."""
    return tuple(
        Form(
            step.value, gettext(step.title), reverse("cases:remedy-step", args=[file.row.pk, step.value]),
            "#remedy", tuple(_step_fields(step)), _remark(step, file.row), is_first=n == 0,
        )
        for n, step in enumerate(file.steps)
    )  # fmt: skip


def _step_fields(step: Step) -> Iterable[Field]:
    if step is Step.SUBMIT:
        yield _words("note", gettext("How it was done"), help=gettext("Add proof below before you send it."))
    elif step is Step.CHECK:
        answers = (("done", gettext("Done as meant")), ("back", gettext("Not done as meant: return it")))
        yield Field("answer", gettext("Your check"), "radio", answers)
        yield _words("note", gettext("In a few words"), is_required=False, help=gettext("Say why when you return it."))
    elif step is Step.LONGER:
        yield Field("due_on", gettext("More time until"), "day")
        yield Field("reason", gettext("Reason"))
    elif step is Step.ANSWER_LONGER:
        answers = (("grant", gettext("Grant more time")), ("refuse", gettext("Refuse more time")))
        yield Field("answer", gettext("Answer"), "radio", answers)
    elif step is Step.CANCEL:
        yield _words(
            "reason",
            gettext("Reason"),
            help=gettext("The case counts it as settled then: your name and the reason stay."),
        )
    else:
        yield Field("effect", gettext("Since then it is"), "radio", told_choices(EFFECTS))
        yield _words("note", gettext("In a few words"), is_required=False)


def _words(name: str, label: str, *, is_required: bool = True, help: str = "") -> Field:
    return Field(name, label, "long", is_required=is_required, help=help, most=REMEDY_WORDS)


def _remark(step: Step, row: Remedy) -> str:
    if step is Step.ANSWER_LONGER and row.asked_due_on:
        return gettext("Asked for until %(day)s: %(reason)s") % {
            "day": row.asked_due_on.isoformat(),
            "reason": row.asked_why,
        }
    return ""
