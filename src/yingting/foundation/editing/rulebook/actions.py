"""Write and withdraw versions of rules. What was in force on a past day never changes."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext

from yingting.foundation.days import local_day
from yingting.foundation.editing.changing import lock_halls, stir
from yingting.foundation.editing.refusals import RECORD_OUTDATED, RECORD_UNKNOWN
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import require
from yingting.foundation.rulebook.facts import RulePublished, RuleWithdrawn
from yingting.foundation.rulebook.guards import GUARDS, RULE_HELD, Draft, missing_of
from yingting.foundation.rulebook.kinds import Kind, as_body, from_body, kinds
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop

T = TypeVar("T")
RULE_BACKDATED = declare(
    "rule.backdated", gettext_noop("A rule begins today or later: what held on a past day stays as it was."), status=422
)
RULE_WRONG = declare("rule.wrong", gettext_noop("The rule cannot be taken like this: %(sentence)s"), status=422)
RULE_IN_FORCE = declare(
    "rule.in_force", gettext_noop("This version is in force already. Write a new one to replace it."), status=409
)


def publish_rule(
    kind: Kind[T], *, unit: UUID, rule: T, valid_from: dt.date, actor: Actor, now: dt.datetime, key: str = "", reason: str = "",
    read: int | None = None, urgent: str = "",
) -> RuleVersion:  # fmt: skip
    """Write the next version of a rule for a unit and all halls below it.

    `read` is the number of the last version that the editor saw (0: none); a newer one is refused. `urgent` is why it cannot
    wait for what a guard still misses; it is written down.
    Raises Refusal rule.backdated, rule.wrong, rule.held, record.unknown, record.outdated, access.refused, hall.unknown.
    """
    with writing():
        place = Unit.objects.select_for_update().filter(pk=unit).first()
        if place is None:
            raise Refusal(RECORD_UNKNOWN)
        require(actor, kind.permission, place.path)
        if valid_from < local_day(now):
            raise Refusal(RULE_BACKDATED)
        for field, sentence, params in kind.check(rule, place.path):
            raise Refusal(RULE_WRONG, sentence=gettext(sentence) % params, field=field)
        halls = lock_halls(Q(unit__path__startswith=place.path))
        last = RuleVersion.objects.filter(kind=kind.code, unit=place, key=key)
        number = last.aggregate(last=Max("number"))["last"] or 0
        if read is not None and read != number:
            who = last.filter(number=number).values_list("author_label", flat=True).first()
            raise Refusal(RECORD_OUTDATED, who=who or "–")
        draft = Draft(kind, place.path, key, as_body(kind, rule))
        missing = missing_of(draft, now)
        if missing and not urgent.strip():
            raise Refusal(RULE_HELD, sentence=missing)
        row = RuleVersion.objects.create(
            kind=kind.code, unit=place, key=key, number=number + 1, valid_from=valid_from, body=draft.body, reason=reason[:200],
            author_label=actor.label[:64], written_at=now,
        )  # fmt: skip
        fact = RulePublished(kind.code, str(place.pk), key, row.number, valid_from, draft.body, row.reason)
        record(fact, subject=row.pk, version=1, actor=actor, now=now)
        for guard in GUARDS.all():
            guard.published(draft, row, urgent.strip() if missing else "", actor, now)
        stir(halls)
        return row


def withdraw_rule(version: UUID, *, actor: Actor, now: dt.datetime) -> None:
    """Take back a version that is not in force yet. Withdrawing twice changes nothing.

    Raises Refusal rule.in_force, record.unknown, access.refused, hall.unknown.
    """
    with writing():
        row = RuleVersion.objects.select_for_update().filter(pk=version).first()
        if row is None or row.kind not in kinds():
            raise Refusal(RECORD_UNKNOWN)
        require(actor, kinds()[row.kind].permission, row.unit.path)
        if row.withdrawn_at is not None:
            return
        if row.valid_from <= local_day(now):
            raise Refusal(RULE_IN_FORCE)
        halls = lock_halls(Q(unit__path__startswith=row.unit.path))
        RuleVersion.objects.filter(pk=row.pk).update(withdrawn_at=now)
        record(
            RuleWithdrawn(row.kind, str(row.unit_id), row.key, row.number),
            subject=row.pk,
            actor=actor,
            now=now,
        )
        for guard in GUARDS.all():
            guard.withdrawn(row, actor, now)
        stir(halls)


def rule_of(version: RuleVersion) -> Any:
    """Return the rule that a version holds."""
    return from_body(kinds()[version.kind], version.body)
