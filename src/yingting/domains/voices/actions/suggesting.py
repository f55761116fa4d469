"""Suggestions: leaving one, supporting others, joining what says the same, answering, and what is done because of one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext

from yingting.domains.cases.facade import (
    Intake,
    Plan,
    Told,
    enter,
    fill,
    merge,
    move,
    process_of,
    settle,
    tell,
    unit_at,
)
from yingting.domains.cases.facade import set_remedy as link_remedy
from yingting.domains.cases.models import Case
from yingting.domains.cases.rules.processes import StepRole
from yingting.domains.voices.facts import SuggestionJoined, SuggestionJudged, SuggestionMade, SuggestionSupported
from yingting.domains.voices.models import Suggestion, Vote
from yingting.domains.voices.queries.campaigns import running_at
from yingting.domains.voices.queries.effects import ADOPTED
from yingting.domains.voices.queries.people import answerer, require_right
from yingting.domains.voices.queries.rules_in_force import suggesting
from yingting.domains.voices.queries.suggestions import suggestion_of
from yingting.domains.voices.refusals import (
    CAMPAIGN_UNKNOWN,
    FIELD_MISSING,
    JOIN_LATER,
    JOINED,
    JUDGED,
    NOT_ADOPTED,
    NOT_VOTED,
    OWN_JUDGED,
    OWN_VOTE,
    VOTED,
)
from yingting.domains.voices.rules import Judgement
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.words import word
from yingting.foundation.people.access import person_in
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

TITLE, TEXT, EFFECT, KIND, WHY = (
    _("Title"),
    _("What you suggest"),
    _("What it would bring"),
    _("Kind of suggestion"),
    _("The reason"),
)
NEW, ANSWERED = _("A suggestion for you to answer: %(title)s"), _("“%(title)s”: %(judgement)s")
# As far as these the process goes on by itself once a suggestion is answered; the effect is looked at by people.
BY_ITSELF = (StepRole.TAKE_IN, StepRole.VERIFY, StepRole.HANDLE, StepRole.ANSWER)


@dataclass(frozen=True, slots=True)
class Idea:
    """What somebody suggests. `about` is a category of cases, `cost_fen` what it would cost (None: not said)."""

    kind: str
    title: str
    text: str
    effect: str
    about: str = ""
    cost_fen: int | None = None
    is_named: bool = True
    campaign: UUID | None = None


def suggest(*, idea: Idea, actor: Actor, now: dt.datetime) -> UUID:
    """Leave a suggestion at one's own unit. Its case has an owner and clocks from this instant; return the suggestion's id.

    Without name it is registered by the house, so that the case tells nobody who made it.
    Raises Refusal voice.field_missing, voice.nobody_answers, campaign.unknown, case.choice_unknown.
    """
    person = person_in(actor)
    path, day = person.unit.path, today_at(person.unit.path, now)
    rule = suggesting(path, day)
    for value, field in ((idea.title, TITLE), (idea.text, TEXT), (idea.effect, EFFECT)):
        if not value.strip():
            raise Refusal(FIELD_MISSING, field=gettext(field))
    if idea.kind not in {one.code for one in rule.kinds}:
        raise Refusal(FIELD_MISSING, field=gettext(KIND))
    campaign = running_at(path, day).filter(pk=idea.campaign).first() if idea.campaign else None
    if idea.campaign and campaign is None:
        raise Refusal(CAMPAIGN_UNKNOWN)
    with writing():
        owner = answerer(path, rule.channel, day, without=[person.pk])
        intake = Intake(
            path, rule.channel, f"{idea.title.strip()}\n{idea.text.strip()}", category=idea.about, owner=owner,
            origin_kind="voices.suggestion",
        )  # fmt: skip
        case = enter(intake, person.unit, actor=actor if idea.is_named else SYSTEM, now=now)
        row = Suggestion.objects.create(
            case_id=case.id, unit=person.unit, shared_path=unit_at(path, rule.shared_within), author=person,
            is_named=idea.is_named, kind=idea.kind, title=idea.title.strip(), text=idea.text.strip(),
            effect=idea.effect.strip(), cost_fen=idea.cost_fen, campaign=campaign, at=now,
        )  # fmt: skip
        _note(row, SuggestionMade(case.id, row.kind, row.shared_path, row.is_named, idea.campaign), actor, now)
        _tell(row, [owner], NEW, "suggestion.new", SYSTEM, now)
    return row.pk


def support(*, suggestion: UUID, actor: Actor, now: dt.datetime) -> None:
    """Give a suggestion one's vote. Raises Refusal voice.unknown, voice.own_vote, voice.voted, voice.judged, voice.joined."""
    with writing():
        row = _held(suggestion, actor)
        _require_open(row)
        if row.author_id == actor.person:
            raise Refusal(OWN_VOTE)
        assert actor.person is not None
        _vote, is_new = Vote.objects.get_or_create(suggestion=row, person_id=actor.person, defaults={"at": now})
        if not is_new:
            raise Refusal(VOTED)
        _count(row, 1)
        _note(row, SuggestionSupported(True, row.votes), actor, now)


def withdraw_support(*, suggestion: UUID, actor: Actor, now: dt.datetime) -> None:
    """Take one's vote back. Raises Refusal voice.unknown, voice.not_voted, voice.judged, voice.joined."""
    with writing():
        row = _held(suggestion, actor)
        _require_open(row)
        gone, _models = Vote.objects.filter(suggestion=row, person=actor.person).delete()
        if not gone:
            raise Refusal(NOT_VOTED)
        _count(row, -1)
        _note(row, SuggestionSupported(False, row.votes), actor, now)


def join(*, suggestion: UUID, into: UUID, actor: Actor, now: dt.datetime) -> None:
    """Join a suggestion to an earlier one that says the same: its case is merged, its author and voters support the earlier one,
    each once, and both names stay.

    Raises Refusal voice.unknown, access.refused, voice.judged, voice.joined, voice.join_later, and what `merge` of cases raises.
    """
    with writing():
        held = {pk: _held(pk, actor) for pk in sorted({suggestion, into})}
        gone, kept = held[suggestion], held[into]
        _require_open(gone)
        if gone.pk == kept.pk or kept.judgement or kept.joined_into_id is not None or kept.at > gone.at:
            raise Refusal(JOIN_LATER)
        for row in (gone, kept):
            require_right(actor, Permission.CASE_HANDLE, row.unit.path)
        merge(case=gone.case_id, into=kept.case_id, actor=actor, now=now)
        people = {gone.author_id, *Vote.objects.filter(suggestion=gone).values_list("person", flat=True)}
        people -= {kept.author_id, *Vote.objects.filter(suggestion=kept).values_list("person", flat=True)}
        Vote.objects.bulk_create(
            [Vote(suggestion=kept, person_id=person, at=now, came_with=gone) for person in sorted(people)]
        )
        _count(kept, len(people))
        Suggestion.objects.filter(pk=gone.pk).update(joined_into=kept)
        _note(gone, SuggestionJoined(kept.pk, len(people)), actor, now)


def judge(*, suggestion: UUID, judgement: Judgement, why: str, actor: Actor, now: dt.datetime) -> None:
    """Answer a suggestion: adopted, partly, not, and why. Its author and all who supported it are told; its case goes on as far as
    the process lets it.

    Raises Refusal voice.unknown, access.refused, voice.field_missing, voice.judged, voice.joined, voice.own_judged,
    case.owner_only.
    """
    with writing():
        row = _held(suggestion, actor)
        _require_open(row)
        if row.author_id == actor.person:
            raise Refusal(OWN_JUDGED)
        require_right(actor, Permission.CASE_HANDLE, row.unit.path)
        if not why.strip():
            raise Refusal(FIELD_MISSING, field=gettext(WHY))
        fill(case=row.case_id, words={"result": why}, actor=actor, now=now)
        settle(case=row.case_id, result=judgement.result, actor=actor, now=now)
        tell(case=row.case_id, told=Told(why, "page", now, is_answer=True), actor=actor, now=now)
        values = {"judgement": judgement.value, "why": why.strip(), "judged_by_id": actor.person, "judged_at": now}
        Suggestion.objects.filter(pk=row.pk).update(**values)
        for name, value in values.items():
            setattr(row, name, value)
        _note(row, SuggestionJudged(judgement.value, row.votes), actor, now)
        voters = Vote.objects.filter(suggestion=row).values_list("person", flat=True)
        joined = Suggestion.objects.filter(joined_into=row).values_list("author", flat=True)
        _tell(row, {row.author_id, *voters, *joined}, ANSWERED, "suggestion.answered", actor, now)
        _go_on(row.case_id, actor, now)


def act_on(*, suggestion: UUID, plan: Plan, actor: Actor, now: dt.datetime) -> UUID:
    """Make an action of an adopted suggestion: who does it, who checks it, by when, and against which figures kept before.

    Raises Refusal voice.unknown, voice.not_adopted, and what `set_remedy` of cases raises.
    """
    with writing():
        row = _held(suggestion, actor)
        if row.judgement not in ADOPTED:
            raise Refusal(NOT_ADOPTED)
        return link_remedy(case=row.case_id, plan=plan, actor=actor, now=now)


def _go_on(case: UUID, actor: Actor, now: dt.datetime) -> None:
    """Go on by the process while it asks for nothing that is not there and leaves no choice."""
    while True:
        row = Case.objects.get(pk=case)
        step = process_of(row.edition_id).step(row.step)
        if step.role not in BY_ITSELF or len(step.next) != 1:
            return
        try:
            move(case=case, to=step.next[0], actor=actor, now=now)
        except Refusal:  # something is missing yet, or somebody else holds it now: people go on from here
            return


def _held(suggestion: UUID, actor: Actor) -> Suggestion:
    """The suggestion's row, locked for this step, if the actor may see it."""
    suggestion_of(actor, suggestion)
    return Suggestion.objects.select_for_update(of=("self",)).select_related("case", "unit").get(pk=suggestion)


def _require_open(row: Suggestion) -> None:
    if row.joined_into_id is not None:
        into = Suggestion.objects.select_related("case").get(pk=row.joined_into_id)
        raise Refusal(JOINED, number=into.case.number)
    if row.judgement:
        raise Refusal(JUDGED)


def _count(row: Suggestion, more: int) -> None:
    Suggestion.objects.filter(pk=row.pk).update(votes=F("votes") + more)
    row.votes += more


def _note(row: Suggestion, data: FactData, actor: Actor, now: dt.datetime) -> None:
    """Write a fact down at the place and day of the suggestion, whenever it happens, so that its figures are counted anew."""
    case = row.case
    record(
        data, subject=row.pk, hall=case.place, business_day=case.business_day, actor=actor, now=now, correlation=case.pk
    )  # fmt: skip


def _tell(
    row: Suggestion, people: set[UUID] | list[UUID], title: str, kind: str, actor: Actor, now: dt.datetime
) -> None:
    params: dict[str, str | dict[str, str]] = {"title": row.title, "why": row.why}
    if row.judgement:
        params["judgement"] = word(Judgement(row.judgement).title)
    telling = Telling(
        kind, title, Severity.NOTE, params, "%(why)s" if row.why else "", f"suggestion:{row.pk}",
        reverse("voices:suggestion", args=[row.pk]),
    )  # fmt: skip
    notify(people=people, telling=telling, actor=actor, now=now)
