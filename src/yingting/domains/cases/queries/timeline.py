"""What happened to a case, in the order in which it did: every fact in a sentence, with who and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext

from yingting.domains.cases.models import Case, Remedy
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.names import Choices, Lists, lists_at
from yingting.domains.cases.queries.words import FINDING_STATES, clock_name
from yingting.domains.cases.rules.answers import answer_of
from yingting.domains.cases.rules.processes import Level, Process
from yingting.foundation.calendars.words import end_text
from yingting.foundation.editing.naming import named
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.people.models import Person
from yingting.kernel.actors import ActorKind
from yingting.kernel.words import gettext_noop as _

# A sentence for each kind of fact that tells of a case, but for those that the page shows elsewhere as a whole.
SILENT = {
    "clock.recorded": "the clocks, line by line",
    "list.brought": "a list, not a case",
}
SENTENCES = {
    "case.registered": _("Registered, held by %(owner)s"),
    "case.classified": _("Classified: %(category)s, %(severity)s %(cause)s"),
    "case.accepted": _("Accepted by %(owner)s"),
    "case.moved": _("On to the step %(next)s"),
    "case.waiting": _("%(state)s %(reason)s"),
    "case.assigned": _("Given from %(was)s to %(owner)s (%(why)s)"),
    "handover.offered": _("Hand-over offered to %(receiver)s"),
    "handover.answered": _("Hand-over %(answer)s, held by %(owner)s"),
    "case.verified": _("Verified: %(verification)s"),
    "case.told": _("Told to the customer (%(channel)s) %(reached_at)s"),
    "case.answered": _("The answer reached the customer %(reached_at)s"),
    "case.settled": _("Result: %(result)s"),
    "case.closed": _("Ended: %(outcome)s"),
    "case.reopened": _("Opened again, round %(cycle)s: %(reason)s"),
    "case.merged": _("Goes on in another case"),
    "case.linked": _("Linked with another case (%(sort)s)"),
    "case.unlinked": _("A link with another case was taken back (%(sort)s)"),
    "case.split": _("A second matter became a case of its own"),
    "clock.breached": _("The limit %(code)s ran over at %(at)s"),
    "consult.asked": _("Asked %(asked)s"),
    "consult.answered": _("Answered what was asked"),
    "words.filled": _("Record filled in: %(fields)s"),
    "promise.made": _("Promised the customer %(due_at)s"),
    "promise.ended": _("Promise %(kept)s"),
    "case.called_back": _("Call back: %(outcome)s"),
    "finding.made": _("It was proposed who is answerable, cause: %(cause)s"),
    "case.escalated": _("%(percent)s %% of the time used: told to %(person)s (%(level)s)"),
    "case.effect_seen": _("Effect looked at later: %(effect)s"),
    "clock.correction_proposed": _("A correction of a clock was proposed"),
    "clock.correction_decided": _("A correction of a clock was decided: %(approved)s"),
    "clock.breach_corrected": _("The breach of the limit %(code)s was corrected"),
    "meeting.decided": _("The management meeting decided"),
    "case.about_named": _("Staff number that it is about: %(person)s"),
    "case.brought": _("Brought from a list of another system, line %(line)s"),
    "finding.judged": _("Responsibility judged: %(state)s"),
    "finding.appealed": _("The one found answerable objects"),
    "appeal.breached": _("The objection was not decided by %(at)s"),
    "penalty.decided": _("It was decided what follows by the staff rules"),
    "appeal.decided": _("The objection was decided: %(state)s"),
    "rung.acknowledged": _("Who was told of the escalation acknowledged it"),
    "guidance.given": _("A superior said what to do"),
    "guidance.followed": _("The handler said what was done of it"),
    "support.rated": _("The help was rated"),
    "remedy.set": _("Linked action until %(due_on)s, done by %(owner)s, checked by %(verifier)s"),
    "remedy.moved": _("Linked action: %(step)s"),
    "remedy.due_changed": _("Linked action, more time until %(due_on)s: %(step)s"),
    "remedy.effect_seen": _("Effect of the linked action: %(effect)s"),
    "consent.given": _("Left by the customer, who agreed to the notice on personal data"),
    "message.reached": _("The customer opened a message on the phone page"),
    "customer.added": _("On the phone page: %(sort)s"),
}
# What is told otherwise when the customer did it.
BY_THE_CUSTOMER = {"case.called_back": _("Rated by the customer: %(solved)s, satisfied %(satisfied)s of 5")}
# What is told otherwise when nobody is meant.
OF_NOBODY = {"finding.made": _("It was proposed that nobody is answerable, cause: %(cause)s")}
# Fields whose codes mean something of their own in one kind of fact.
MEANT = {
    "remedy.moved": {"step": "remedy_step"}, "remedy.due_changed": {"step": "longer"}, "customer.added": {"sort": "addition"},
    "finding.judged": {"state": "finding_state"}, "appeal.decided": {"state": "finding_state"},
}  # fmt: skip
FIELDS = {
    "text": _("What was said"), "demand": _("What the customer asks for"), "reason": _("Reason of the complaint"),
    "result": _("Result of the handling"), "product": _("Product or service"), "model": _("Model"),
}  # fmt: skip
PEOPLE = ("owner", "was", "receiver", "asked", "person", "verifier")
MOMENTS = ("at", "due_at", "reached_at")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when, by whom (a staff number with the name, or the house itself), told in a sentence."""

    at: dt.datetime
    by: str
    sentence: str
    kind: str


def timeline(case: Case, process: Process, lists: Lists) -> list[Event]:
    """Return what happened, the latest first."""
    remedies = Remedy.objects.filter(case=case).values_list("pk", flat=True)
    return _told((case.pk, *remedies), process, lists)


def timeline_of_remedy(remedy: Remedy) -> list[Event]:
    """Return what happened to a linked action, the latest first; its row comes with the case and its unit."""
    case = remedy.case
    return _told((remedy.pk,), process_of(case.edition_id), lists_at(case.unit.path, case.business_day))


def _told(subjects: tuple[UUID, ...], process: Process, lists: Lists) -> list[Event]:
    facts = [fact for fact in facts_of(*subjects) if fact["kind"] in SENTENCES]
    people = _people(facts)
    telling = _Telling(process, lists, people)
    return [
        Event(fact["occurred_at"], _actor(fact, people), _sentence(fact, telling), fact["kind"])
        for fact in reversed(facts)
    ]


def _actor(fact: dict[str, Any], people: Mapping[str, str]) -> str:
    if fact["actor_kind"] == ActorKind.CUSTOMER:
        return gettext("the customer")
    return people.get(str(fact["actor"]), gettext("the house") if fact["actor"] is None else fact["actor_label"])


def _people(facts: list[dict[str, Any]]) -> dict[str, str]:
    wanted = {str(fact["data"].get(name)) for fact in facts for name in PEOPLE} | {str(fact["actor"]) for fact in facts}
    rows = Person.objects.filter(pk__in=filter(None, map(_id, wanted))).values_list("pk", "name", "staff_no")
    return {str(pk): f"{name} {staff_no}" for pk, name, staff_no in rows}


def _id(text: str) -> UUID | None:
    """The id that a value is; none where the same field holds something else in another kind of fact (a moment)."""
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Telling:
    """How the values of facts are told: people, moments, steps and codes by their names."""

    process: Process
    lists: Lists
    people: Mapping[str, str]

    def told(self, name: str, value: Any) -> str:
        if name in PEOPLE:
            return self.people.get(str(value), gettext("nobody"))
        if name in MOMENTS:
            moment = parse_datetime(value) if value else None
            return end_text(localtime(moment)) if moment else gettext("(not known to have reached them)")
        if name in ("step", "next"):
            return named(self.process.step(value)) if value else ""
        if name == "fields":
            between = gettext(", ")
            return between.join(gettext(FIELDS[one]) for one in value)
        if name == "code":
            return clock_name(self.process, value)
        if name == "finding_state":
            return gettext(FINDING_STATES[value])
        return self._code(name, value)

    def _code(self, name: str, value: Any) -> str:
        lists: Mapping[str, Choices] = {
            "category": self.lists.categories, "severity": self.lists.severities, "cause": self.lists.causes,
            "outcome": self.lists.outcomes, "reason": self.lists.waits,
            "level": tuple((level.value, gettext(level.title)) for level in Level),
        }  # fmt: skip
        told = dict(lists.get(name, ()))
        if value in told:
            return told[value]
        words = answer_of(name, value)
        return gettext(words) if words else ""


def _sentence(fact: dict[str, Any], telling: _Telling) -> str:
    kind, data = fact["kind"], fact["data"]
    if fact["actor_kind"] == ActorKind.CUSTOMER and kind in BY_THE_CUSTOMER:
        sentence = gettext(BY_THE_CUSTOMER[kind])
    elif kind in OF_NOBODY and not (data["person"] or data["unit"]):
        sentence = gettext(OF_NOBODY[kind])
    else:
        sentence = gettext(SENTENCES[kind])
    # Only what the sentence says: a fact may hold more than can be told in words.
    told = {
        name: telling.told(MEANT.get(kind, {}).get(name, name), value)
        for name, value in data.items()
        if f"%({name})s" in sentence
    }
    return (sentence % told).strip()
