"""What is asked before a version of a rule is published, and who hears of it: brought by higher parts that the rulebook does not
know, in their app's `ready()`: `GUARDS.bring("yingting.domains.voices.reactions:CONSULTATION")`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yingting.foundation.rulebook.kinds import Kind
from yingting.foundation.rulebook.models import RuleVersion
from yingting.kernel.actors import Actor
from yingting.kernel.bringing import Brought
from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

RULE_HELD = declare("rule.held", _("This cannot be published yet: %(sentence)s"))


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that somebody wants to publish for the unit at a path."""

    kind: Kind[Any]
    path: str
    key: str
    body: Any


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be read beside a version, in the reader's language, and where it leads."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Guard:
    """Something that stands before the publishing of rules, and hears of it inside its transaction.

    missing    what a draft still lacks, in the active language; "" for nothing
    published  a version was written; the text is why it was published without what it lacked, "" where it lacked nothing
    withdrawn  a version that was not in force yet was taken back
    remarks    what there is to say beside versions, by version
    ask_page   url name of the page that takes a draft (kind, unit, key, body) and gets what it lacks
    """

    missing: Callable[[Draft, dt.datetime], str]
    published: Callable[[Draft, RuleVersion, str, Actor, dt.datetime], None]
    withdrawn: Callable[[RuleVersion, Actor, dt.datetime], None]
    remarks: Callable[[Collection[UUID]], Mapping[UUID, Remark]]
    ask_page: str


GUARDS: Brought[Guard] = Brought()


def missing_of(draft: Draft, now: dt.datetime) -> str:
    """Return the first thing that a draft lacks, in the active language; "" when it may be published."""
    return next((found for guard in GUARDS.all() if (found := guard.missing(draft, now))), "")


def remarks_on(versions: Collection[UUID]) -> dict[UUID, list[Remark]]:
    """Return what there is to say beside versions."""
    told: dict[UUID, list[Remark]] = {}
    for guard in GUARDS.all():
        for version, remark in guard.remarks(versions).items():
            told.setdefault(version, []).append(remark)
    return told
