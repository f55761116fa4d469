"""Consultations: who sees which, what a draft lacks, and the record upon which a rule may be published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from yingting.domains.voices.models import Consultation, ConsultationState, Invitation, RuleGround
from yingting.domains.voices.queries.rules_in_force import consulting
from yingting.domains.voices.refusals import CONSULTATION_UNKNOWN
from yingting.domains.voices.rules import Answer, Outcome, Stance, allows
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.days import local_day
from yingting.foundation.editing.rulebook.telling import Told, told
from yingting.foundation.people.access import person_in, under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, from_body, kinds
from yingting.foundation.rulebook.reading import in_force, prefixes
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.canonical import canonical, digest
from yingting.kernel.refusals import Refusal


def fingerprint(body: Any) -> str:
    """Return the fingerprint of a rule's body: two drafts with one say the same."""
    return digest(canonical(body))


def permission_for(rule_kind: str) -> Permission:
    """Return what it takes to put a draft before people: the right to write that rule; for a measure in words, to lead."""
    return kinds()[rule_kind].permission if rule_kind else Permission.CASE_SUPERVISE


def runs(actor: Actor, row: Consultation) -> bool:
    """Does the actor run this consultation: say what became of comments, and finish it?"""
    return actor.may(permission_for(row.rule_kind), row.unit.path)


def visible_consultations(actor: Actor) -> QuerySet[Consultation]:
    """Return what the reader was asked, runs or leads, and what was finished for their unit."""
    if actor.person is None:
        return Consultation.objects.none()
    asked = Exists(Invitation.objects.filter(consultation=OuterRef("pk"), person=actor.person))
    home = prefixes(person_in(actor).unit.path)
    finished = Q(state=ConsultationState.FINISHED, unit__path__in=home)
    seen = asked | Q(opened_by=actor.person) | finished | under("unit__path", actor.paths(Permission.CASE_SUPERVISE))
    by_kind: dict[Permission, list[str]] = {}
    for kind in kinds().values():
        by_kind.setdefault(kind.permission, []).append(kind.code)
    for permission, codes in by_kind.items():
        seen |= Q(rule_kind__in=codes) & under("unit__path", actor.paths(permission))
    return Consultation.objects.filter(seen).select_related("unit", "opened_by", "ended_by")


def consultation_of(actor: Actor, consultation: UUID) -> Consultation:
    """Return one consultation. Raises Refusal consultation.unknown."""
    row = visible_consultations(actor).filter(pk=consultation).first()
    if row is None:
        raise Refusal(CONSULTATION_UNKNOWN)
    return row


def to_answer(actor: Actor, now: dt.datetime) -> QuerySet[Invitation]:
    """Return what the reader was asked and has not answered yet, the most pressing first."""
    # A day of grace: which day it is differs by unit, and the page itself decides.
    return Invitation.objects.filter(
        person=actor.person, stance="", consultation__state=ConsultationState.OPEN,
        consultation__closes_on__gte=local_day(now) - dt.timedelta(days=1),
    ).select_related("consultation", "consultation__unit").order_by("consultation__closes_on")  # fmt: skip


def answers_of(consultation: Consultation) -> list[Answer]:
    """Return what was said, for the rules."""
    rows = Invitation.objects.filter(consultation=consultation).values_list("is_front", "stance", "outcome")
    return [
        Answer(front, Stance(stance) if stance else None, Outcome(outcome) if outcome else None)
        for front, stance, outcome in rows
    ]


# ------------------------------------------------------------------------------------------------ before publishing
def missing_before(kind: Kind[Any], path: str, key: str, body: Any, now: dt.datetime) -> str:
    """Return what a draft of a rule lacks, in the active language; "" when it may be published."""
    day = today_at(path, now)
    rule = consulting(path, day)
    if kind.code not in rule.kinds or record_for(kind.code, path, key, body, now) is not None:
        return ""
    return gettext(
        "“%(title)s” is put before at least %(n)s people of the front line first, and their comments are answered (VOX-04)."
    ) % {"title": gettext(kind.title), "n": rule.people}


def record_for(kind: str, path: str, key: str, body: Any, now: dt.datetime) -> Consultation | None:
    """Return the finished consultation upon which a rule may be published: of its unit or one above, not too old, not used for
    another version, and either this very draft or one of which a comment was taken.
    """
    since = now - dt.timedelta(days=consulting(path, today_at(path, now)).valid_days)
    rows = Consultation.objects.filter(
        rule_kind=kind, rule_key=key, unit__path__in=prefixes(path), state=ConsultationState.FINISHED, ended_at__gte=since
    ).exclude(Exists(RuleGround.objects.filter(consultation=OuterRef("pk"))))  # fmt: skip
    mark = fingerprint(body)
    return next(
        (
            row
            for row in sorted(rows, key=lambda row: row.digest != mark)
            if allows(answers_of(row), is_as_drafted=row.digest == mark)
        ),
        None,
    )


def grounds_of(versions: Collection[UUID]) -> QuerySet[RuleGround]:
    """Return upon what these versions of rules were published."""
    return RuleGround.objects.filter(version__in=versions).select_related("consultation")


def unconsulted(actor: Actor) -> list[tuple[RuleGround, str]]:
    """Return the versions that were published in an emergency without asking, for those whom they bind or who answer for them,
    each with the rule's name; the latest first.
    """
    if actor.person is None:
        return []
    mine = Q(version__unit__path__in=prefixes(person_in(actor).unit.path))
    rows = RuleGround.objects.filter(
        mine | under("version__unit__path", actor.paths(Permission.CASE_SUPERVISE)), consultation__isnull=True
    ).select_related("version", "version__unit", "by")
    return [(row, rule_title(row.version.kind)) for row in rows.order_by("-at")[:20]]


def rule_title(kind: str) -> str:
    """Return the name of a kind of rule in the reader's language; a kind that is gone keeps its code."""
    found = kinds().get(kind)
    return gettext(found.title) if found else kind


# ------------------------------------------------------------------------------------------------ the page of one
@dataclass(frozen=True, slots=True)
class Comment:
    """What one of those asked said. `who` is "" for readers who do not run the consultation."""

    row: Invitation
    who: str

    @property
    def stance(self) -> Stance | None:
        """What they think of it."""
        return Stance(self.row.stance) if self.row.stance else None

    @property
    def outcome(self) -> Outcome | None:
        """What became of it."""
        return Outcome(self.row.outcome) if self.row.outcome else None


@dataclass(frozen=True, slots=True)
class ConsultationPage:
    """A consultation with the draft in words, beside what is in force, and what was said."""

    row: Consultation
    rule_title: str
    draft: tuple[Told, ...]
    held: tuple[Told, ...]
    own: Invitation | None
    comments: tuple[Comment, ...]
    asked: int
    answered: int
    front_asked: int
    front_answered: int
    least: int
    counts: tuple[tuple[Stance, int], ...]
    used: tuple[RuleGround, ...]
    runs: bool
    may_answer: bool


def page_of(actor: Actor, consultation: UUID, now: dt.datetime) -> ConsultationPage:
    """Return one consultation with all that belongs to it. Raises Refusal consultation.unknown."""
    row = consultation_of(actor, consultation)
    is_run, day = runs(actor, row), today_at(row.unit.path, now)
    rows = list(Invitation.objects.filter(consultation=row).select_related("person", "outcome_by"))
    answered = [one for one in rows if one.stance]
    shown = rows if is_run else answered
    is_open = row.state == ConsultationState.OPEN
    own = next((one for one in rows if one.person_id == actor.person), None)
    return ConsultationPage(
        row, rule_title(row.rule_kind) if row.rule_kind else "", *_in_words(row, day), own,
        tuple(Comment(one, one.person.name if is_run or one.person_id == actor.person else "") for one in shown),
        len(rows), len(answered), sum(one.is_front for one in rows), sum(one.is_front for one in answered),
        consulting(row.unit.path, day).people,
        tuple((stance, sum(one.stance == stance.value for one in answered)) for stance in Stance),
        tuple(RuleGround.objects.filter(consultation=row).select_related("version")), is_run,
        own is not None and is_open and day <= row.closes_on,
    )  # fmt: skip


def _in_words(row: Consultation, day: dt.date) -> tuple[tuple[Told, ...], tuple[Told, ...]]:
    kind = kinds().get(row.rule_kind)
    if kind is None:
        return (), ()
    held = in_force(kind, path=row.unit.path, day=day, key=row.rule_key).rule
    return tuple(told(from_body(kind, row.body), row.unit.path)), tuple(told(held, row.unit.path))


def unit_of(path_or_id: str) -> Unit | None:
    """Return an active unit by its id."""
    try:
        return Unit.objects.filter(pk=UUID(path_or_id), is_active=True).first()
    except ValueError:
        return None
