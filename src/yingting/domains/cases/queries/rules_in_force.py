"""The rules of cases, declared: processes, channels, categories, handling, escalation. Read by unit and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import TypeVar

from yingting.domains.cases.queries import shipped, shipped_documents, shipped_processes
from yingting.domains.cases.rules import bringing, ladder, processes
from yingting.domains.cases.rules.around import (
    Categories,
    Category,
    Channel,
    Channels,
    Handling,
    Ladder,
    ListNames,
    ProcessNames,
    category_problems,
)
from yingting.domains.cases.rules.bringing import CaseList
from yingting.domains.cases.rules.documents import Documents, document_problems
from yingting.domains.cases.rules.oversight import (
    Findings,
    Standing,
    Support,
    findings_problems,
    standing_problems,
    support_problems,
)
from yingting.domains.cases.rules.penalties import Penalties, penalty_problems
from yingting.domains.cases.rules.processes import CaseKind, Process
from yingting.foundation.days import house_today
from yingting.foundation.editing.naming import named
from yingting.foundation.people.models import Role
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.shapes import Named, codes_once
from yingting.kernel.words import gettext_noop as _

T = TypeVar("T")
OURS = _("Limits with a legal basis name it. The others are assumptions of ours, to be set by each province.")


def _named_once(rule: ProcessNames, _path: str) -> Iterable[Problem]:
    yield from codes_once((one.code for one in rule.processes), "processes")


def _channels_once(rule: Channels, _path: str) -> Iterable[Problem]:
    yield from codes_once((one.code for one in rule.channels), "channels")


def _handling_problems(rule: Handling, _path: str) -> Iterable[Problem]:
    for rows, where in ((rule.bands, "bands"), (rule.outcomes, "outcomes"), (rule.waits, "waits")):
        yield from codes_once((one.code for one in rows), where)
    for n, (one, other) in enumerate(pairwise(rule.bands), 1):
        if one.since >= other.since:
            yield f"bands-{n}-since", _("Each band begins later than the one before it."), {}


PROCESS_NAMES = declare(
    Kind(
        "cases.processes",
        _("Processes of cases"),
        _("Which processes there are. What each is made of is edited by itself."),
        ProcessNames,
        shipped.NAMES,
        "CMP-13, ORG-09, ORG-23, PRF-08, PRF-10, VOX-01",
        Permission.CASE_CONFIGURE,
        check=_named_once,
        position=60,
    )
)
PROCESS = declare(
    Kind(
        "cases.process",
        _("Process"),
        _(
            "Steps with standard action, owner and limit; clocks; what closing needs. A running case keeps the version it began with."
        ),
        Process,
        Process(CaseKind.COMPLAINT),
        OURS,
        Permission.CASE_CONFIGURE,
        key="case_processes",
        check=lambda rule, _path: processes.problems(rule),
        position=61,
        by_key=shipped_processes.PROCESSES,
        preview="cases:process-preview",
        previews_units=True,
        preview_title=_("Look at it and try it out"),
    )
)
CHANNELS = declare(
    Kind(
        "cases.channels",
        _("Channels of cases"),
        _("Where cases come from, and what each channel brings with it."),
        Channels,
        shipped.CHANNELS,
        "CMP-02, CMP-15, CMP-17",
        Permission.CASE_CONFIGURE,
        check=_channels_once,
        position=62,
    )
)
CATEGORIES = declare(
    Kind(
        "cases.categories",
        _("Categories, causes and severities"),
        _("What cases are about, where their causes lie, how grave they are."),
        Categories,
        shipped.CATEGORIES,
        _("Categories follow the seed documents and the wording of the five prohibitions; the tree is an assumption."),
        Permission.CASE_CONFIGURE,
        check=lambda rule, _path: category_problems(rule),
        position=63,
    )
)
HANDLING = declare(
    Kind(
        "cases.handling",
        _("Handling of cases"),
        _("Hand-overs, reopening, call backs, reasons for waiting."),
        Handling,
        shipped.HANDLING,
        OURS,
        Permission.CASE_CONFIGURE,
        check=_handling_problems,
        position=64,
    )
)
LIST_NAMES = declare(
    Kind(
        "cases.lists",
        _("Ways of reading lists of cases"),
        _("Which ways there are. How each of them reads a list is edited by itself."),
        ListNames,
        shipped.LIST_NAMES,
        OURS,
        Permission.CASE_CONFIGURE,
        check=lambda rule, _path: codes_once((one.code for one in rule.lists), "lists"),
        position=66,
    )
)
LIST = declare(
    Kind(
        "cases.list",
        _("Way of reading a list of cases"),
        _("Which column of another system's list is which field, and what its texts mean here."),
        CaseList,
        CaseList(),
        OURS,
        Permission.CASE_CONFIGURE,
        key="case_lists",
        check=lambda rule, _path: bringing.problems(rule),
        position=67,
        by_key=shipped.LISTS,
    )
)
LADDER = declare(
    Kind(
        "cases.ladder",
        _("Escalation of cases"),
        _("Who is told when a share of a limit is used, level by level."),
        Ladder,
        shipped.LADDER,
        _("CMP-20, CMP-25; the shares are assumptions of ours."),
        Permission.CASE_CONFIGURE,
        check=lambda rule, _path: ladder.problems(rule.rungs),
        position=65,
    )
)
STANDING = declare(
    Kind(
        "cases.standing",
        _("Standing of cases"),
        _("Bands of age, and how far managers' boards look back."),
        Standing,
        shipped.STANDING,
        OURS,
        Permission.CASE_CONFIGURE,
        check=lambda rule, _path: standing_problems(rule),
        position=66,
    )
)
FINDINGS = declare(
    Kind(
        "cases.findings",
        _("Findings of responsibility"),
        _("Who confirms a finding, how long it may be objected to, who decides on that, and within which time."),
        Findings,
        Findings(),
        _("ORG-14; levels and times are assumptions of ours, to be set by each province."),
        Permission.CASE_CONFIGURE,
        check=lambda rule, _path: findings_problems(rule),
        position=67,
    )
)
PENALTIES = declare(
    Kind(
        "cases.penalties",
        _("Measures of the staff rules"),
        _("What may follow from a finding, the article that each measure rests on, and who decides."),
        Penalties,
        shipped.PENALTIES,
        _(
            "PRF-10: handled seriously by the staff rules; the measures are an assumption, their articles are filled in by each province."
        ),
        Permission.CASE_CONFIGURE,
        check=lambda rule, _path: penalty_problems(rule),
        position=68,
    )
)
SUPPORT_RATING = declare(
    Kind(
        "cases.support",
        _("Rating of support"),
        _("The items by which the front line rates the back office."),
        Support,
        shipped.SUPPORT_RATING,
        "ORG-27, ORG-33",
        Permission.CASE_CONFIGURE,
        check=lambda rule, _path: support_problems(rule),
        position=68,
    )
)
DOCUMENTS = declare(
    Kind(
        "cases.documents",
        _("Laws and policies"),
        _("What limits and processes rest on: number, since when in force, where the text is, what replaced it."),
        Documents,
        shipped_documents.DOCUMENTS,
        _("Read from public texts; numbers are to be checked against the originals by each province."),
        Permission.CASE_CONFIGURE,
        check=lambda rule, _path: document_problems(rule),
        position=69,
    )
)


def offer_lists() -> None:
    """Offer the lists that these rules choose from."""
    offer("case_processes", _processes)
    offer("case_lists", lambda path: _named(_now(LIST_NAMES, path).lists))
    offer("cases.channels", lambda path: _named(_now(CHANNELS, path).channels))
    offer("cases.severities", lambda path: _named(_now(CATEGORIES, path).severities))
    offer("cases.categories", lambda path: _named(_now(CATEGORIES, path).categories))
    offer("cases.posts", lambda _path: [(role.key, named(role)) for role in Role.objects.all()])


def _processes(path: str) -> list[Choice]:
    return _named(_now(PROCESS_NAMES, path).processes)


def rule_of(kind: Kind[T], path: str, day: dt.date, key: str = "") -> T:
    """Return the rule in force for a unit on a day; of a kind that has several, the one of a key."""
    return in_force(kind, path=path, day=day, key=key).rule


def channels_of(path: str, process: str, day: dt.date) -> list[Choice]:
    """Return the channels whose cases run by a process by themselves, every channel when there is none such."""
    channels = rule_of(CHANNELS, path, day).channels
    return _named([one for one in channels if one.process == process] or channels)


def _now(kind: Kind[T], path: str) -> T:
    return rule_of(kind, path, house_today())


def _named(rows: Iterable[Named | Channel | Category]) -> list[Choice]:
    return [(row.code, named(row)) for row in rows]
