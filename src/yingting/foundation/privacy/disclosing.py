"""Keep the record of who saw or took out personal data, and why. Runs in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from yingting.foundation.journal.recording import record
from yingting.foundation.privacy.facts import PersonalDataExported, PersonalDataRevealed
from yingting.foundation.privacy.models import Disclosure, DisclosureNote, Ways
from yingting.foundation.privacy.refusals import NOTE_MISSING, REASON_MISSING
from yingting.foundation.privacy.rules import masked_text
from yingting.foundation.privacy.rules_in_force import reveal_rule
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Why:
    """Why somebody sees or takes out personal data: a code of the rule `privacy.reveals`, and own words."""

    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class What:
    """What was seen or taken out: kind of record, record (None for many), fields, rows, and the question in codes and ids."""

    kind: str
    record: UUID | None
    fields: Sequence[str]
    rows: int = 1
    question: Mapping[str, Any] = field(default_factory=dict)


def require_why(why: Why, path: str, now: dt.datetime) -> None:
    """Refuse unless the reason is one of those in force at the unit, and something is said. personal.reason, personal.note."""
    if why.reason not in {reason.code for reason in reveal_rule(path, now).reasons}:
        raise Refusal(REASON_MISSING)
    if len(why.note.strip()) < 2:
        raise Refusal(NOTE_MISSING)


def disclose(way: Ways, what: What, why: Why, *, path: str, actor: Actor, now: dt.datetime) -> Disclosure:
    """Write down one reveal or export: the row for the auditors' page, the note, and the fact."""
    row = Disclosure.objects.create(
        way=way.value, path=path, kind=what.kind, record=what.record, fields=list(what.fields), rows=what.rows,
        # Whoever asks should ask by codes; what is personal in a question all the same is not kept.
        question={key: masked_text(str(value)) for key, value in what.question.items()},
        reason=why.reason, by_id=actor.person, by_label=actor.label[:64], at=now,
    )  # fmt: skip
    if why.note.strip():
        DisclosureNote.objects.create(disclosure=row, text=why.note.strip()[:500])
    fact: PersonalDataRevealed | PersonalDataExported
    if way is Ways.REVEAL and what.record is not None:
        fact = PersonalDataRevealed(what.kind, what.record, what.fields[0], why.reason)
    else:
        fact = PersonalDataExported(what.kind, what.record, what.rows, tuple(what.fields), why.reason)
    record(fact, subject=row.pk, version=1, actor=actor, now=now)
    return row
