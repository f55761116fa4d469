"""Rows of a case's file in the reader's words: the record, call backs, rungs that were climbed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from yingting.domains.cases.queries.names import Lists
from yingting.domains.cases.queries.page import CaseFile
from yingting.domains.cases.queries.personal import FIELDS
from yingting.domains.cases.rules.answers import RATED, RESULTS, VERIFICATIONS
from yingting.domains.cases.rules.ladder import Deed
from yingting.domains.cases.rules.processes import Level
from yingting.foundation.editing.naming import named
from yingting.foundation.people.models import Person, Role
from yingting.foundation.privacy.fields import Sealed
from yingting.foundation.privacy.revealing import MaskedValue


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the record: its label, and plain text or a masked value."""

    label: str
    text: str = ""
    masked: MaskedValue | None = None


def record_told(file: CaseFile, lists: Lists, personal: Mapping[str, MaskedValue]) -> list[Entry]:
    """Return the record of a case: what it is about, who says so, what was found and what came of it."""
    case, words = file.case, file.words

    def sealed(name: str) -> Entry:
        return Entry(gettext(FIELDS[name]), masked=personal.get(name))

    return [
        sealed("demand"), sealed("reason"), Entry(gettext("Product or service"), words.product),
        Entry(gettext("Model"), words.model), sealed("name"), sealed("phone"), sealed("number"),
        Entry(gettext("Wants to be called"), file.complainant.prefers if file.complainant else ""),
        Entry(gettext("About staff number"), _who(case.about_person)), Entry(gettext("Verified as"), _said(VERIFICATIONS, case.verification)),
        Entry(gettext("Cause"), dict(lists.causes).get(case.cause, case.cause)),
        Entry(gettext("What came of it"), _said(RESULTS, case.result)), sealed("result"),
    ]  # fmt: skip


def _said(words: Mapping[str, str], code: str) -> str:
    return gettext(words[code]) if code in words else ""


@dataclass(frozen=True, slots=True)
class CallTold:
    """An attempt to call back."""

    at: dt.datetime
    band: str
    outcome: str
    solved: str
    satisfied: int | None
    manners: tuple[tuple[str, str], ...]
    words: Sealed
    by: str


def calls_told(file: CaseFile, lists: Lists) -> list[CallTold]:
    """Return the attempts of the house to call back."""
    bands, outcomes = dict(lists.bands), dict(lists.outcomes)
    return [
        CallTold(
            row.at, bands.get(row.band, row.band), outcomes.get(row.outcome, row.outcome), row.solved, row.satisfied,
            tuple((named(one), row.manners[one.code]) for one in lists.handling.manners if one.code in row.manners), row.words, row.by.name,
        )
        for row in file.calls
        if row.by
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SaidLater:
    """What the customer said later by themselves, on the follow page: something more, or how they rate the handling."""

    at: dt.datetime
    sort: str
    words: Sealed
    solved: str = ""
    satisfied: int | None = None


def said_later(file: CaseFile) -> list[SaidLater]:
    """Return what the customer said later, in the order of time."""
    said = [SaidLater(row.at, row.sort, row.text) for row in file.additions]
    said += [SaidLater(row.at, RATED, row.words, row.solved, row.satisfied) for row in file.calls if row.by is None]
    return sorted(said, key=lambda one: one.at)


@dataclass(frozen=True, slots=True)
class RungTold:
    """A rung that was climbed: who was told or got it, and the levels passed over."""

    reached_at: dt.datetime
    percent: int
    level: str
    deed: str
    person: str
    skipped: str


def rungs_told(file: CaseFile) -> list[RungTold]:
    """Return the rungs that were climbed."""
    posts = {role.key: named(role) for role in Role.objects.filter(key__in={row.post for row in file.escalations})}
    return [
        RungTold(
            row.reached_at, row.percent, gettext(Level(row.level).title), gettext(Deed(row.deed).title),
            _who(row.person) or posts.get(row.post, row.post), gettext(", ").join(gettext(Level(one).title) for one in row.skipped),
        )
        for row in file.escalations
    ]  # fmt: skip


def _who(person: Person | None) -> str:
    return f"{person.name} {person.staff_no}" if person is not None else ""
