"""Suggestions: whose are seen, which are alike, and the page of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from yingting.domains.cases.facade import ClockTold, clocks_of
from yingting.domains.cases.models import Remedy
from yingting.domains.voices.models import Campaign, Suggestion, Vote
from yingting.domains.voices.queries.effects import ADOPTED, EffectTold, carried_out, effects_of, may_measure
from yingting.domains.voices.queries.rules_in_force import suggesting
from yingting.domains.voices.refusals import UNKNOWN
from yingting.domains.voices.rules import Judgement, grams, likeness
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.days import local_day
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import person_in, under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import prefixes
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

LOOKED_THROUGH = 300  # so many of the latest open suggestions are compared with a text that is being written
SHOWN_SIMILAR = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A suggestion in a list. `who` is "" where the reader may not know."""

    row: Suggestion
    kind: str
    who: str
    is_mine: bool
    is_supported: bool

    @property
    def judgement(self) -> Judgement | None:
        """What came of it; None: nothing yet."""
        return Judgement(self.row.judgement) if self.row.judgement else None


@dataclass(frozen=True, slots=True)
class SuggestionPage:
    """A suggestion with what belongs to it."""

    line: Line
    joined: tuple[Line, ...]
    remedies: tuple[Remedy, ...]
    clock: ClockTold | None
    may_vote: bool
    may_judge: bool
    may_join: bool
    may_act: bool
    sees_case: bool
    effects: tuple[EffectTold, ...]
    may_measure: bool


def visible(actor: Actor) -> QuerySet[Suggestion]:
    """Return the suggestions that somebody may read: those shared with their unit, their own, those they have to look after."""
    if actor.person is None:
        return Suggestion.objects.none()
    home = person_in(actor).unit.path
    mine = Q(shared_path__in=prefixes(home)) | Q(author=actor.person)
    cared = under("unit__path", actor.paths(Permission.CASE_SUPERVISE))
    return Suggestion.objects.filter(mine | cared | Q(case__owner=actor.person)).select_related(
        "author", "unit", "case", "campaign", "judged_by", "joined_into__case"
    )


def suggestion_of(actor: Actor, suggestion: UUID) -> Suggestion:
    """Return one suggestion. Raises Refusal voice.unknown."""
    row = visible(actor).filter(pk=suggestion).first()
    if row is None:
        raise Refusal(UNKNOWN)
    return row


def lines(actor: Actor, rows: Sequence[Suggestion]) -> list[Line]:
    """Return suggestions as their reader sees them."""
    mine = set(Vote.objects.filter(suggestion__in=rows, person=actor.person).values_list("suggestion", flat=True))
    kinds: dict[str, Mapping[str, str]] = {}
    told = []
    for row in rows:
        if row.shared_path not in kinds:
            rule = suggesting(row.shared_path, local_day(row.at))
            kinds[row.shared_path] = {one.code: named(one) for one in rule.kinds}
        kind = kinds[row.shared_path].get(row.kind, row.kind)
        told.append(Line(row, kind, _who(actor, row), row.author_id == actor.person, row.pk in mine))
    return told


def _who(actor: Actor, row: Suggestion) -> str:
    """The author's name: for everybody if it is given, else for themselves and those who have to answer."""
    knows = row.is_named or row.author_id == actor.person or row.case.owner_id == actor.person
    return row.author.name if knows or actor.may(Permission.CASE_SUPERVISE, row.unit.path) else ""


def listed(actor: Actor, *, which: str = "", campaign: Campaign | None = None, asked: str = "") -> QuerySet[Suggestion]:
    """Return suggestions for the list: all that are not joined, one's own, those to be answered by the reader, or by outcome."""
    rows = visible(actor)
    if campaign is not None:
        rows = rows.filter(campaign=campaign)
    if asked:
        rows = rows.filter(Q(title__icontains=asked) | Q(text__icontains=asked))
    if which == "mine":
        return rows.filter(author=actor.person)
    rows = rows.filter(joined_into__isnull=True)
    if which == "open":
        return rows.filter(judgement="").order_by("-votes", "-at")
    if which == "answer":
        return rows.filter(judgement="", case__owner=actor.person).order_by("case__next_due_at")
    if which in {one.value for one in Judgement}:
        return rows.filter(judgement=which)
    return rows


def similar(actor: Actor, text: str, *, percent: int, without: UUID | None = None) -> list[Line]:
    """Return open suggestions that say nearly the same as a text that is being written, the most alike first."""
    wanted = grams(text)
    if len(wanted) < 2:
        return []
    latest = (
        visible(actor)
        .filter(judgement="", joined_into__isnull=True)
        .exclude(pk__in=[without] if without else [])
        .order_by("-at")
    )
    found = [(likeness(wanted, grams(f"{row.title} {row.text}")), row) for row in latest[:LOOKED_THROUGH]]
    alike = sorted((one for one in found if one[0] * 100 >= percent), key=lambda one: (-one[0], one[1].at))
    return lines(actor, [row for _share, row in alike[:SHOWN_SIMILAR]])


def page_of(actor: Actor, suggestion: UUID, now: dt.datetime) -> SuggestionPage:
    """Return one suggestion with what belongs to it. Raises Refusal voice.unknown."""
    row = suggestion_of(actor, suggestion)
    case = row.case
    (line,) = lines(actor, [row])
    is_open = not row.judgement and row.joined_into_id is None
    is_owner = actor.person is not None and case.owner_id == actor.person
    leads = actor.may(Permission.CASE_SUPERVISE, row.unit.path)
    running = [one for one in clocks_of(case, now) if one.sort == "rule"]
    adopted = row.judgement in ADOPTED
    return SuggestionPage(
        line,
        tuple(lines(actor, list(Suggestion.objects.filter(joined_into=row).select_related("author", "unit", "case")))),
        tuple(Remedy.objects.filter(case=case).select_related("owner", "verifier", "baseline")),
        next(iter(running), None),
        is_open and not line.is_mine,
        is_open and is_owner and not line.is_mine,
        is_open and (is_owner or leads),
        adopted and case.closed_at is None and (is_owner or leads),
        actor.may(Permission.CASE_HANDLE, row.unit.path), effects_of(row), _may_measure(actor, row, now),
    )  # fmt: skip


def _may_measure(actor: Actor, row: Suggestion, now: dt.datetime) -> bool:
    """Is it the actor's to compare figures before and after, and are the days after it over?"""
    found = carried_out(row)
    return found is not None and may_measure(actor, row, found) and found.days.after_last < today_at(row.unit.path, now)
