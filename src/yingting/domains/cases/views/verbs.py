"""One press on the page of a case: what was typed becomes one action; a refusal comes back to the form that was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from yingting.domains.cases.actions import closing, customers, handling, holding, relating, remedies, tracing
from yingting.domains.cases.contracts import Registered
from yingting.domains.cases.forms.verbs import RATINGS
from yingting.domains.cases.queries.desk import Desk, case_of_number, desk_of
from yingting.domains.cases.queries.moments import now_of_case
from yingting.domains.cases.queries.people import person_by_number, staff_of_number
from yingting.domains.cases.queries.verbs import Verb
from yingting.domains.cases.refusals import CONSULT_NONE, LINK_NONE, PERSON_UNKNOWN
from yingting.domains.cases.views.moments import day_of, moment_of
from yingting.domains.cases.views.showing import case_part, refused_at
from yingting.domains.queueing.views.posting import actor_of, posted_id, posted_id_or_none
from yingting.foundation.lake.baselines.reading import UNKNOWN as BASELINE_UNKNOWN
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Press:
    """What was sent, and what every action takes."""

    request: HttpRequest
    desk: Desk

    @property
    def given(self) -> dict[str, Any]:
        """The case, the version that was seen, who and when."""
        seen = self.request.POST.get("seen", "")
        version = int(seen) if seen.isdecimal() else None
        return {"case": self.desk.case.pk, "seen": version, "actor": self.desk.actor, "now": self.desk.now}

    def text(self, name: str) -> str:
        """What was typed."""
        return self.request.POST.get(name, "").strip()

    def person(self, name: str) -> UUID:
        """Who was chosen. Raises Refusal case.person_unknown."""
        return posted_id(self.request, name, PERSON_UNKNOWN)

    def moment(self, name: str) -> dt.datetime:
        """A moment as the people of the case tell the time. Raises Refusal case.choice_unknown."""
        return moment_of(self.text(name), self.desk.path, gettext("Time"))


def _tell(press: Press) -> object:
    reached = press.text("reached")
    at = press.desk.now if reached == "now" else press.moment("reached_at") if reached == "at" else None
    sort = press.text("sort")
    told = customers.Told(
        press.text("text"), press.text("channel"), at, is_answer=sort == "answer", is_consent=sort == "consent"
    )
    return customers.tell(told=told, **press.given)


def _call_back(press: Press) -> object:
    rating = press.text("satisfied")
    call = customers.Call(
        press.text("outcome"), press.text("solved"), int(rating) if rating in RATINGS else None, press.text("words"),
        {item.code: text for item in press.desk.lists.handling.manners if (text := press.text(f"manner-{item.code}"))},
    )  # fmt: skip
    return customers.call_back(call=call, **press.given)


def _answer_consult(press: Press) -> object:
    given = press.given
    del given["seen"]  # an answer changes nothing that somebody else may have changed meanwhile
    consult = posted_id(press.request, "consult", CONSULT_NONE)
    return holding.answer_consult(consult=consult, answer=press.text("answer"), **given)


def _find(press: Press) -> object:
    person = posted_id_or_none(press.request, "person", PERSON_UNKNOWN)
    return tracing.find(found=tracing.Found(press.text("cause"), person, step=press.text("step")), **press.given)


def _fill(press: Press) -> object:
    """Plain fields as they were sent; of what is sealed only what was typed anew."""
    words = {name: press.text(name) for name in handling.PLAIN_WORDS}
    words |= {name: text for name in ("reason", "demand") if (text := press.text(name))}
    return handling.fill(words=words, **press.given)


def _matter(press: Press) -> relating.Matter:
    return relating.Matter(press.text("text"), press.text("process"), press.text("category"), press.text("demand"))


def _other(press: Press) -> UUID:
    return case_of_number(press.desk.actor, press.text("number"))


def _plan(press: Press) -> remedies.Plan:
    due_on = day_of(press.text("due_on"), gettext("To be done by"))
    look_on = day_of(text, gettext("Look at the effect on")) if (text := press.text("look_on")) else None
    return remedies.Plan(
        press.text("sort"), press.text("what"), press.text("unit"), person_by_number(press.text("owner")).pk,
        press.person("verifier"), due_on, look_on, _baseline(press),
    )  # fmt: skip


def _baseline(press: Press) -> UUID | None:
    return posted_id_or_none(press.request, "baseline", BASELINE_UNKNOWN)


_DEEDS: Mapping[Verb, Callable[[Press], object]] = {
    Verb.ANSWER_OFFER: lambda p: holding.answer_offer(
        accepts=p.text("answer") == "accepted", words=p.text("words"), **p.given
    ),
    Verb.ANSWER_CONSULT: _answer_consult,
    Verb.ACCEPT: lambda p: holding.accept(**p.given),
    Verb.GO_ON: lambda p: handling.go_on(**p.given),
    Verb.FILL: _fill,
    Verb.CLASSIFY: lambda p: handling.classify(
        severity=p.text("severity"),
        category=p.text("category"),
        cause=p.text("cause"),
        suggested=p.text("suggested"),
        **p.given,
    ),
    Verb.NAME_STAFF: lambda p: handling.name_staff(person=staff_of_number(p.desk.actor, p.text("staff_no")), **p.given),
    Verb.VERIFY: lambda p: handling.verify(verification=p.text("verification"), **p.given),
    Verb.TELL: _tell,
    Verb.PROMISE: lambda p: customers.promise(due_at=p.moment("due_at"), **p.given),
    Verb.SETTLE: lambda p: closing.settle(result=p.text("result"), words=p.text("words"), **p.given),
    Verb.CALL_BACK: _call_back,
    Verb.FIND: _find,
    Verb.MOVE: lambda p: handling.move(to=p.text("to"), note=p.text("note"), **p.given),
    Verb.CLOSE: lambda p: closing.close(**p.given),
    Verb.CONSULT: lambda p: holding.consult(asked=p.person("asked"), question=p.text("question"), **p.given),
    Verb.OFFER: lambda p: holding.offer(receiver=p.person("receiver"), reason=p.text("reason"), **p.given),
    Verb.WITHDRAW_OFFER: lambda p: holding.withdraw_offer(**p.given),
    Verb.ASSIGN: lambda p: holding.assign(owner=p.person("owner"), **p.given),
    Verb.WAIT: lambda p: handling.wait(reason=p.text("reason"), for_customer=p.text("whom") == "customer", **p.given),
    Verb.REMEDY: lambda p: remedies.set_remedy(plan=_plan(p), **p.given),
    Verb.LOOK: lambda p: remedies.look_at_case(effect=p.text("effect"), baseline=_baseline(p), **p.given),
    Verb.BECOME: lambda p: relating.become_complaint(matter=_matter(p), **p.given),
    Verb.LINK: lambda p: relating.link(other=_other(p), repeats=p.text("sort") == "repeat", **p.given),
    Verb.UNLINK: lambda p: relating.unlink(
        link=posted_id(p.request, "link", LINK_NONE), reason=p.text("reason"), **p.given
    ),
    Verb.MERGE: lambda p: closing.merge(into=_other(p), **p.given),
    Verb.SPLIT: lambda p: relating.split(matter=_matter(p), **p.given),
    Verb.END: lambda p: closing.end_without(outcome=p.text("outcome"), reason=p.text("reason"), **p.given),
    Verb.REOPEN: lambda p: closing.reopen(reason=p.text("reason"), **p.given),
}


@login_required
@require_POST
def do(request: HttpRequest, case: UUID, verb: str) -> HttpResponse:
    """Do one thing with a case, then show it as it is now; what is refused is said beside the button that was pressed."""
    try:
        chosen = Verb(verb)
    except ValueError:
        raise Http404 from None
    actor = actor_of(request)
    press = Press(request, desk_of(actor, case, now_of_case(actor, case)))
    return answered(press, chosen.value, chosen.title, _DEEDS[chosen])


def answered(press: Press, place: str, done: str, deed: Callable[[Press], object]) -> HttpResponse:
    """Do what was pressed and show the case as it is then; what is refused is said at its form, whose place is named."""
    request, case = press.request, press.desk.case.pk
    is_fragment = request.headers.get("HX-Request") == "true"
    try:
        made = deed(press)
    except Refusal as refusal:
        if not is_fragment:
            raise
        return refused_at(request, place, refusal)
    landed = made.id if isinstance(made, Registered) else case
    if not is_fragment or landed != case:
        return _go_to(landed, is_fragment=is_fragment)
    return render(request, "cases/_case.html", case_part(request, case, press.desk.now, done=done))


def _go_to(case: UUID, *, is_fragment: bool) -> HttpResponse:
    address = reverse("cases:case", args=[case])
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if is_fragment else redirect(address)


urls = [path("cases/<uuid:case>/do/<slug:verb>/", do, name="do")]
