"""The forms of a case: which fields each verb asks for, described as data and drawn by one template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from yingting.domains.cases.forms.fields import Field, Form, told_choices
from yingting.domains.cases.forms.remedies import effect_fields, remedy_fields
from yingting.domains.cases.queries.desk import Desk
from yingting.domains.cases.queries.names import Choices
from yingting.domains.cases.queries.verbs import RARE, Verb
from yingting.domains.cases.rules.answers import LINKS, RESULTS, SEEN, SOLVED, STATES, UNSEEN, VERIFICATIONS, WAYS
from yingting.domains.cases.rules.processes import CaseKind
from yingting.foundation.editing.naming import named
from yingting.foundation.live.panels import Panel, panels

RATINGS = ("5", "4", "3", "2", "1")


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms that the reader may fill in: for what is at hand, and rarer ones; `parts` is what higher apps add to them."""

    common: tuple[Form, ...]
    rare: tuple[Form, ...]
    parts: tuple[Panel, ...]


def forms_of(desk: Desk) -> Forms:
    """Return the forms of what the reader may do now."""
    made = {verb: _form(verb, desk) for verb in desk.verbs}
    return Forms(
        tuple(form for verb, form in made.items() if verb not in RARE),
        tuple(form for verb, form in made.items() if verb in RARE),
        _parts(desk),
    )


def _parts(desk: Desk) -> tuple[Panel, ...]:
    return tuple(panels("case.classify", desk.actor, desk.path))


def _form(verb: Verb, desk: Desk) -> Form:
    return Form(
        verb.value, gettext(verb.title), reverse("cases:do", args=[desk.case.pk, verb.value]), "#case",
        tuple(_fields(verb, desk)), _remark(verb, desk), verb is desk.first_verb, str(desk.case.version),
    )  # fmt: skip


def _fields(verb: Verb, desk: Desk) -> Iterable[Field]:
    make = _MAKERS.get(verb)
    return make(desk) if make else ()


def _remark(verb: Verb, desk: Desk) -> str:
    if verb is Verb.CLOSE and desk.missing_to_close:
        return gettext("Still missing: %(items)s") % {"items": gettext(", ").join(desk.missing_to_close)}
    if verb is Verb.MOVE and desk.missing_here:
        return gettext("Still missing: %(items)s") % {"items": gettext(", ").join(desk.missing_here)}
    if verb is Verb.ANSWER_OFFER and desk.file.pending is not None:
        giver = desk.file.pending.giver
        return gettext("%(who)s offers it: %(reason)s") % {
            "who": f"{giver.name} {giver.staff_no}", "reason": desk.file.pending.reason,
        }  # fmt: skip
    return ""


def _words(name: str = "words", label: str = "", *, is_required: bool = True, help: str = "") -> Field:
    return Field(name, label or gettext("In a few words"), "long", is_required=is_required, help=help)


def _reason() -> Field:
    return Field("reason", gettext("Reason"))


def _answer_offer(_desk: Desk) -> Iterable[Field]:
    choices = (("accepted", gettext("I take it")), ("declined", gettext("I do not take it")))
    yield Field("answer", gettext("Answer"), "radio", choices)
    yield _words(is_required=False, help=gettext("Say why when you decline."))


def _answer_consult(desk: Desk) -> Iterable[Field]:
    mine = [row for row in desk.file.consults if row.asked_id == desk.actor.person and row.answered_at is None]
    choices = tuple((str(row.pk), f"{row.by.name}: {row.question}") for row in mine)
    yield Field("consult", gettext("You were asked"), "radio", choices, value=choices[0][0])
    yield _words("answer", gettext("Answer"))


def _fill(desk: Desk) -> Iterable[Field]:
    """Plain fields show what is there; what is sealed is shown above and only written over."""
    words, keep = desk.file.words, gettext("Left empty, it stays as it is.")
    yield Field("product", gettext("Product or service"), value=words.product, is_required=False)
    yield Field("model", gettext("Model"), value=words.model, is_required=False)
    for name, label in (
        ("reason", gettext("Reason of the complaint")),
        ("demand", gettext("What the customer asks for")),
    ):
        is_there = bool(getattr(words, name))
        yield Field(name, label, "long", is_required=False, help=keep if is_there else "")


def _classify(desk: Desk) -> Iterable[Field]:
    case, lists = desk.case, desk.lists
    yield Field("category", gettext("Category"), "choice", lists.categories, case.category, is_required=False)
    for one in _parts(desk):
        yield Field("part", "", "part", value=one.url_name)
    yield Field("severity", gettext("Severity"), "choice", lists.severities, case.severity, is_required=False)
    yield Field("cause", gettext("Cause"), "choice", lists.causes, case.cause, is_required=False)


def _name_staff(desk: Desk) -> Iterable[Field]:
    about = desk.case.about_person.staff_no if desk.case.about_person else ""
    yield Field(
        "staff_no", gettext("Staff number"), value=about, is_required=False, help=gettext("Left empty: nobody.")
    )


def _verify(desk: Desk) -> Iterable[Field]:
    yield Field(
        "verification",
        gettext("What was complained about is"),
        "radio",
        told_choices(VERIFICATIONS),
        desk.case.verification,
    )


def _tell(_desk: Desk) -> Iterable[Field]:
    sorts = (
        ("answer", gettext("Answer: what came of it")), ("consent", gettext("Solution that the customer agreed to")),
        ("other", gettext("Something else")),
    )  # fmt: skip
    reached = (
        ("now", gettext("Yes, just now")), ("at", gettext("Yes, at this time:")), ("no", gettext("Not known to have")),
    )  # fmt: skip
    yield Field("sort", gettext("What"), "radio", sorts)
    yield Field("channel", gettext("How"), "choice", told_choices(WAYS))
    yield _words("text", gettext("What was told"))
    yield Field("reached", gettext("Did it reach them?"), "radio", reached)
    yield Field("reached_at", gettext("Time"), "moment", is_required=False)


def _promise(_desk: Desk) -> Iterable[Field]:
    yield Field("due_at", gettext("Promised for"), "moment")


def _settle(desk: Desk) -> Iterable[Field]:
    yield Field("result", gettext("What came of it"), "radio", told_choices(RESULTS), desk.case.result)
    yield _words(label=gettext("What was done"), is_required=not desk.file.words.result)


def _call_back(desk: Desk) -> Iterable[Field]:
    yield Field("outcome", gettext("The call"), "choice", desk.lists.outcomes)
    yield Field("solved", gettext("The customer says"), "radio", told_choices(SOLVED), is_required=False)
    ratings = tuple((n, n) for n in RATINGS)
    yield Field(
        "satisfied",
        gettext("Satisfied, of 5"),
        "choice",
        ratings,
        is_required=False,
        help=gettext("Only if the customer says so."),
    )
    for item in desk.lists.handling.manners:
        help = (
            gettext("What the customer says of how it was handled.") if item is desk.lists.handling.manners[-1] else ""
        )
        yield Field(f"manner-{item.code}", named(item), "radio", told_choices(SEEN), UNSEEN, help, is_required=False)
    yield _words(is_required=False)


def _find(desk: Desk) -> Iterable[Field]:
    steps = tuple((step.code, named(step)) for step in desk.file.process.steps)
    held = {str(row.owner_id): f"{row.owner.name} {row.owner.staff_no}" for row in desk.file.holdings}
    people = tuple({**dict(desk.people), **held}.items())
    yield Field("cause", gettext("Cause"), "choice", desk.lists.causes, desk.case.cause)
    yield Field(
        "person", gettext("Answerable"), "choice", people, is_required=False, help=gettext("Left empty: nobody.")
    )
    yield Field("step", gettext("At the step"), "choice", steps, is_required=False)


def _move(desk: Desk) -> Iterable[Field]:
    steps = tuple((step.code, named(step)) for step in desk.next_steps)
    yield Field("to", gettext("Next step"), "radio", steps, value=steps[0][0] if len(steps) == 1 else "")
    yield Field("note", gettext("Note"), is_required=False)


def _consult(desk: Desk) -> Iterable[Field]:
    yield Field("asked", gettext("Whom"), "choice", desk.people)
    yield _words("question", gettext("Question"), help=gettext("You keep the case; its clocks go on."))


def _offer(desk: Desk) -> Iterable[Field]:
    yield Field("receiver", gettext("To whom"), "choice", desk.people)
    yield Field("reason", gettext("Reason"), help=gettext("Until they accept, you stay answerable."))


def _assign(desk: Desk) -> Iterable[Field]:
    yield Field("owner", gettext("Handled from now on by"), "choice", desk.people)


def _wait(desk: Desk) -> Iterable[Field]:
    whom = (("customer", gettext("the customer")), ("others", gettext("others")))
    yield Field("whom", gettext("For"), "radio", whom)
    yield Field("reason", gettext("Reason"), "choice", desk.lists.waits, help=gettext("Limits set by law go on."))


def _processes(desk: Desk) -> Choices:
    return tuple(row for row in desk.lists.processes if row[0] != CaseKind.GRUMBLE.value)


def _become(desk: Desk) -> Iterable[Field]:
    yield Field("process", gettext("Process"), "choice", _processes(desk))
    yield _words("demand", gettext("What the customer asks for"), is_required=False)


def _link(_desk: Desk) -> Iterable[Field]:
    yield Field("number", gettext("Number of the other case"))
    sorts = {code: LINKS[code] for code in ("like", "repeat")}
    yield Field("sort", gettext("It is"), "radio", told_choices(sorts), "like")


def _unlink(desk: Desk) -> Iterable[Field]:
    links = desk.loose_links
    yield Field("link", gettext("Linked with"), "radio", links, links[0][0] if len(links) == 1 else "")
    yield _reason()


def _merge(_desk: Desk) -> Iterable[Field]:
    yield Field(
        "number",
        gettext("Number of the case that goes on"),
        help=gettext("Both numbers stay; the earliest clocks go on there."),
    )


def _split(desk: Desk) -> Iterable[Field]:
    yield _words("text", gettext("The second matter"))
    yield Field("category", gettext("Category"), "choice", desk.lists.categories, is_required=False)
    yield Field("process", gettext("Process"), "choice", desk.lists.processes, desk.case.process)


def _end(_desk: Desk) -> Iterable[Field]:
    outcomes = {code: STATES[code] for code in ("withdrawn", "out_of_scope")}
    yield Field("outcome", gettext("Why it ends"), "radio", told_choices(outcomes))
    yield _reason()


def _reopen(_desk: Desk) -> Iterable[Field]:
    yield _reason()


_MAKERS: Mapping[Verb, Callable[[Desk], Iterable[Field]]] = {
    Verb.ANSWER_OFFER: _answer_offer, Verb.ANSWER_CONSULT: _answer_consult, Verb.FILL: _fill, Verb.CLASSIFY: _classify,
    Verb.NAME_STAFF: _name_staff,
    Verb.VERIFY: _verify, Verb.TELL: _tell, Verb.PROMISE: _promise, Verb.SETTLE: _settle, Verb.CALL_BACK: _call_back,
    Verb.FIND: _find, Verb.MOVE: _move, Verb.CONSULT: _consult, Verb.OFFER: _offer, Verb.ASSIGN: _assign, Verb.WAIT: _wait,
    Verb.REMEDY: remedy_fields, Verb.LOOK: effect_fields,
    Verb.BECOME: _become, Verb.LINK: _link, Verb.UNLINK: _unlink, Verb.MERGE: _merge, Verb.SPLIT: _split, Verb.END: _end, Verb.REOPEN: _reopen,
}  # fmt: skip
