"""A case as its page shows it: the file in the reader's words, what the reader may do, and what may be chosen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from yingting.domains.cases.models import OPEN_STATES, Case, Guidance, MeetingItem, Unlink
from yingting.domains.cases.queries.alike import Alike, alike
from yingting.domains.cases.queries.clock_cards import ClockCard, clock_cards
from yingting.domains.cases.queries.findings import FindingTold, of_case, told
from yingting.domains.cases.queries.links import loose_links, taken_back
from yingting.domains.cases.queries.names import Choices, Lists, lists_at
from yingting.domains.cases.queries.page import CaseFile, file_of
from yingting.domains.cases.queries.personal import FIELDS, is_held_by
from yingting.domains.cases.queries.queue import visible
from yingting.domains.cases.queries.remedies import RemedyLine, lines_of, seen_by
from yingting.domains.cases.queries.timeline import Event, timeline
from yingting.domains.cases.queries.told import (
    CallTold,
    Entry,
    RungTold,
    SaidLater,
    calls_told,
    record_told,
    rungs_told,
    said_later,
)
from yingting.domains.cases.queries.tracing import guidance_of, meetings_of
from yingting.domains.cases.queries.verbs import Verb, verbs_for
from yingting.domains.cases.queries.words import due_text, missing_items
from yingting.domains.cases.refusals import UNKNOWN
from yingting.domains.cases.rules.answers import LINKS
from yingting.domains.cases.rules.processes import Need, Step
from yingting.domains.queueing.facade import ticket_at
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import holders_of
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.revealing import MaskedValue, Subject
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

PERSONAL_KIND = "case"
TICKET = "ticket"
# What is done about something that is missing.
REMEDY = {
    Need.PRODUCT: Verb.FILL, Need.MODEL: Verb.FILL, Need.REASON: Verb.FILL, Need.DEMAND: Verb.FILL,
    Need.CATEGORY: Verb.CLASSIFY, Need.CAUSE: Verb.CLASSIFY, Need.VERIFICATION: Verb.VERIFY, Need.CONSENT: Verb.TELL,
    Need.ANSWER: Verb.TELL, Need.PROMISE: Verb.PROMISE, Need.RESULT: Verb.SETTLE, Need.CALLBACK: Verb.CALL_BACK,
    Need.FINDING: Verb.FIND, Need.EFFECT: Verb.LOOK,
}  # fmt: skip
AT_ONCE = (Verb.ANSWER_OFFER, Verb.ANSWER_CONSULT, Verb.ACCEPT, Verb.GO_ON)


@dataclass(frozen=True)
class Desk:
    """A case on the reader's desk. `file` is what there is, `verbs` what the reader may do now, `lists` what may be chosen."""

    actor: Actor
    file: CaseFile
    verbs: tuple[Verb, ...]
    lists: Lists
    now: dt.datetime

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.file.case

    @property
    def path(self) -> str:
        """The path of its unit."""
        return self.case.unit.path

    @property
    def process_name(self) -> str:
        """What its process is called."""
        return dict(self.lists.processes).get(self.case.process, self.case.process)

    @property
    def severity_name(self) -> str:
        """How grave it is."""
        return dict(self.lists.severities).get(self.case.severity, self.case.severity)

    @property
    def category_name(self) -> str:
        """What it is about."""
        return dict(self.lists.categories).get(self.case.category, self.case.category)

    @property
    def cause_names(self) -> dict[str, str]:
        """Causes by code."""
        return dict(self.lists.causes)

    @property
    def cause_name(self) -> str:
        """Where its cause lies."""
        return dict(self.lists.causes).get(self.case.cause, self.case.cause)

    @property
    def channel_name(self) -> str:
        """How it came in."""
        return self.lists.channel_names.get(self.case.channel, self.case.channel)

    @property
    def due_words(self) -> str:
        """How long is left until the nearest due moment."""
        return due_text((self.case.next_due_at - self.now).total_seconds()) if self.case.next_due_at else ""

    @property
    def is_over(self) -> bool:
        """Is its nearest due moment past?"""
        return self.case.next_due_at is not None and self.case.next_due_at < self.now

    @property
    def is_near(self) -> bool:
        """Is it nearly due?"""
        soon = self.now + dt.timedelta(hours=self.lists.handling.near_hours)
        return not self.is_over and self.case.next_due_at is not None and self.case.next_due_at < soon

    @property
    def first_verb(self) -> Verb | None:
        """What is best done next: answer who waits for it, then what the step asks for, then go on."""
        wanted = [*AT_ONCE, *(REMEDY[need] for need in self.file.missing_here.needs if need in REMEDY)]
        wanted += [Verb.MOVE] if not self.file.step.is_last else [Verb.CLOSE]
        return next((verb for verb in wanted if verb in self.verbs), None)

    @property
    def missing_here(self) -> list[str]:
        """What is missing before the case may go on."""
        return missing_items(self.file.missing_here)

    @property
    def missing_to_close(self) -> list[str]:
        """What is missing before it may be closed."""
        return missing_items(self.file.missing_to_close)

    @property
    def next_steps(self) -> list[Step]:
        """What may follow the present step."""
        return [self.file.process.step(code) for code in self.file.step.next]

    @property
    def handled_it(self) -> bool:
        """Did the reader handle it, so that another person must check and close?"""
        return self.actor.person in self.file.doers

    @cached_property
    def personal(self) -> dict[str, MaskedValue]:
        """Who complains and what was said: masked, with a way to reveal it where anything is hidden."""
        may = is_held_by(self.case, self.actor) or self.actor.may(Permission.PRIVACY_REVEAL, self.path)
        rows: list[tuple[Any, tuple[str, ...]]] = [(self.file.words, ("text", "demand", "reason", "result"))]
        rows += [(self.file.complainant, ("name", "phone", "number"))] if self.file.complainant else []
        subject = Subject(PERSONAL_KIND, self.case.pk)
        return {
            name: MaskedValue(subject, name, FIELDS[name], value.masked, may and bool(value) and value.is_hidden, self.path)
            for row, names in rows for name in names if (value := getattr(row, name))
        }  # fmt: skip

    @property
    def record(self) -> list[Entry]:
        """The record, line by line."""
        return record_told(self.file, self.lists, self.personal)

    @property
    def calls(self) -> list[CallTold]:
        """Attempts to call back."""
        return calls_told(self.file, self.lists)

    @property
    def said_later(self) -> list[SaidLater]:
        """What the customer said later by themselves."""
        return said_later(self.file)

    @property
    def has_phone(self) -> bool:
        """Is a telephone number of the customer known, by whose end they are known on the follow page?"""
        return bool(self.file.complainant and self.file.complainant.phone)

    @property
    def rungs(self) -> list[RungTold]:
        """Rungs of the escalation that were climbed."""
        return rungs_told(self.file)

    @cached_property
    def findings(self) -> list[FindingTold]:
        """Who is answerable and what follows: all for who supervises the case, else what was found about the reader."""
        return told(self.actor, of_case(self.actor, self.case), self.now)

    @cached_property
    def guidance(self) -> tuple[Guidance, ...]:
        """What superiors told the handler to do."""
        return guidance_of(self.case)

    @cached_property
    def meetings(self) -> tuple[MeetingItem, ...]:
        """What management meetings decided, or are still to decide."""
        return meetings_of(self.case)

    @cached_property
    def taken_back(self) -> tuple[Unlink, ...]:
        """Links with other cases that were taken back."""
        return tuple(taken_back(self.case.pk))

    @cached_property
    def loose_links(self) -> tuple[tuple[str, str], ...]:
        """Links that may be taken back: the id of each, with the other case's number and what it is."""
        rows = loose_links(self.case.pk)
        sees = set(
            visible(self.actor)
            .filter(pk__in=[one.pk for row in rows for one in (row.case, row.other)])
            .values_list("pk", flat=True)
        )
        pairs = ((row, row.other if row.case_id == self.case.pk else row.case) for row in rows)
        return tuple(
            (str(row.pk), f"{other.number} · {gettext(LINKS[row.sort])}") for row, other in pairs if other.pk in sees
        )

    @property
    def gives_link(self) -> bool:
        """May the reader hand the customer the secret link of the case: who holds it, and who was asked first, while it is open?"""
        is_asked = self.actor.person is not None and self.actor.person == self.case.first_asker_id
        return is_held_by(self.case, self.actor) or (is_asked and self.case.state in OPEN_STATES)

    @cached_property
    def clocks(self) -> list[ClockCard]:
        """Its clocks in words: those that run, then those that ran for the whole case, then those of steps that were left."""
        return clock_cards(self.file, self.actor, self.now)

    @property
    def promised_clocks(self) -> list[ClockCard]:
        """What may be told to the customer: limits of the law, with their due moments."""
        return [card for card in self.clocks if card.basis and card.due_at]

    @cached_property
    def events(self) -> list[Event]:
        """What happened, the latest first."""
        return timeline(self.case, self.file.process, self.lists)

    @cached_property
    def remedies(self) -> list[RemedyLine]:
        """Actions that were linked to it."""
        return lines_of(self.actor, seen_by(self.actor).filter(case=self.case), self.now)

    @cached_property
    def alike(self) -> tuple[Alike, ...]:
        """Other cases that belong to it."""
        return alike(self.actor, self.case, self.path)

    @cached_property
    def ticket(self) -> str:
        """The number of the ticket that it grew out of, "" for none."""
        if self.case.origin_kind != TICKET or self.case.origin_id is None:
            return ""
        try:
            return ticket_at(self.case.origin_id).number
        except Refusal:
            return ""

    @cached_property
    def people(self) -> Choices:
        """Who may handle it, without who does."""
        able = holders_of(Permission.CASE_HANDLE, self.path).select_related("unit")
        rows = (row for row in able if row.pk != self.case.owner_id)
        return tuple((str(row.pk), f"{row.name} {row.staff_no} · {named(row.unit)}") for row in rows)


def desk_of(actor: Actor, case: UUID, now: dt.datetime) -> Desk:
    """Return a case as its page shows it. Raises Refusal case.unknown."""
    file = file_of(actor, case, now)
    lists = lists_at(file.case.unit.path, file.case.business_day)
    return Desk(actor, file, verbs_for(actor, file), lists, now)


def version_of(actor: Actor, case: UUID) -> int:
    """Return the version of a case that the actor may see. Raises Refusal case.unknown."""
    found = visible(actor).filter(pk=case).values_list("version", flat=True).first()
    if found is None:
        raise Refusal(UNKNOWN)
    return found


def case_of_number(actor: Actor, number: str) -> UUID:
    """Return the case of a number of the house. Raises Refusal case.unknown."""
    found = visible(actor).filter(number=number.strip().upper()).values_list("pk", flat=True).first()
    if found is None:
        raise Refusal(UNKNOWN)
    return UUID(str(found))
