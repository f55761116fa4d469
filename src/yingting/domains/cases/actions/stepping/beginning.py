"""A case begins: its number, first owner, clocks and first step, inside a transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from yingting.domains.cases.actions.stepping.clocking import reach, start_step
from yingting.domains.cases.actions.stepping.relating import add_link
from yingting.domains.cases.actions.stepping.turns import Memory, Turn, once
from yingting.domains.cases.facts import CaseRegistered
from yingting.domains.cases.models import (
    Case,
    Complainant,
    Cycle,
    Holding,
    LinkSort,
    Numbering,
    ProcessEdition,
    StepVisit,
    Words,
)
from yingting.domains.cases.queries.alike import last_of_phone
from yingting.domains.cases.queries.editions import edition_in_force, process_of
from yingting.domains.cases.queries.people import holder_of_post, require_handler, unit_at, works_at
from yingting.domains.cases.queries.rules_in_force import CATEGORIES, CHANNELS, HANDLING, rule_of
from yingting.domains.cases.refusals import (
    CHANNEL_NUMBER,
    CHANNEL_UNKNOWN,
    CHOICE_UNKNOWN,
    FUTURE,
    PERSON_UNKNOWN,
)
from yingting.domains.cases.rules.around import Categories, Channels
from yingting.domains.cases.rules.numbers import new_number
from yingting.domains.cases.rules.processes import Mark, Process
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

SEVERITY, CATEGORY = _("Severity"), _("Category")


@dataclass(frozen=True, slots=True)
class Intake:
    """What is known when a case is written down. `received_at` is when it first reached any channel (none: now); `process` may
    be left to the channel; `first_asker` is who was asked first (none: who writes it down, if it is a person). `client_id` is what
    the sender calls this registration: sent again, it is the same case. `suggested` is the category that the house proposed.
    """

    unit: str
    channel: str
    text: str
    process: str = ""
    channel_number: str = ""
    received_at: dt.datetime | None = None
    severity: str = ""
    category: str = ""
    demand: str = ""
    reason: str = ""
    product: str = ""
    model: str = ""
    name: str = ""
    phone: str = ""
    number: str = ""
    prefers: str = ""
    first_asker: UUID | None = None
    owner: UUID | None = None
    about_person: UUID | None = None
    origin_kind: str = ""
    origin: UUID | None = None
    client_id: UUID | None = None
    suggested: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who writes a case down, at which moment, and the day whose rules hold: of a list from another system today's. Such a list
    may also tell the step that the case began with, who had it then, and which moments are known: clocks that end with another
    one are not begun.
    """

    actor: Actor
    now: dt.datetime
    rules_on: dt.date
    step: str = ""
    owner: UUID | None = None
    marks: frozenset[Mark] = frozenset(Mark)
    memory: Memory = field(default_factory=dict)


def begin(intake: Intake, unit: Unit, numbering: Numbering, origin: Origin) -> Turn:
    """Write a case down inside a transaction, which holds the unit's numbering of the day. The caller writes the turn's changes.

    Raises Refusal as `register`.
    """
    actor, now, path = origin.actor, origin.now, unit.path
    received = intake.received_at or now
    if received > now:
        raise Refusal(FUTURE)
    _require_new_number(intake)
    memory, day = origin.memory, origin.rules_on
    process_code = _process(intake, once(memory, ("channels", path), lambda: rule_of(CHANNELS, path, day)))
    categories = once(memory, ("categories", path), lambda: rule_of(CATEGORIES, path, day))
    severity = _choices(intake, categories)
    edition = once(
        memory, ("edition", process_code, path), lambda: edition_in_force(process_code, path=path, day=day, now=now)
    )
    process = process_of(edition.pk)
    first_asker = intake.first_asker or actor.person
    owner = origin.owner or once(
        memory, ("owner", path, process_code, intake.owner, first_asker),
        lambda: _first_owner(intake, path, process, first_asker),
    )  # fmt: skip
    first = process.step(origin.step) if origin.step else process.first
    case = Case.objects.create(
        number=_next_number(numbering, unit), public_number=new_number(), client_id=intake.client_id,
        kind=process.kind.value, process=process_code, edition=edition, unit=unit, hall=Hall.objects.filter(unit=unit).first(),
        business_day=numbering.day, channel=intake.channel, channel_number=intake.channel_number, received_at=received,
        registered_at=now, severity=severity, category=intake.category, step=first.code, first_asker_id=first_asker,
        owner_id=owner, about_person_id=intake.about_person, origin_kind=intake.origin_kind, origin_id=intake.origin,
    )  # fmt: skip
    told = replace(process, clocks=tuple(rule for rule in process.clocks if rule.stops in origin.marks))
    taken = Turn(case, path, told, actor, now, memory=origin.memory, told=0)
    _what_belongs_to_it(taken, intake, owner)
    taken.note(_fact(case, path, edition, owner, categories.known(intake.suggested)))
    reach(taken, Mark.RECEIVED, received)
    reach(taken, Mark.REGISTERED, now)
    clock = start_step(taken, 1, first.limit, now)
    StepVisit.objects.create(
        case=case, cycle=1, n=1, step=case.step, owner_id=owner, entered_at=now, due_at=clock.due_at
    )
    _tie_to_earlier(taken, intake)
    return taken


def _tie_to_earlier(taken: Turn, intake: Intake) -> None:
    """Link it as a repeat with the last case of the same telephone, where that lies within the days of the rule."""
    days = taken.rule(HANDLING).repeat_days
    since = taken.case.received_at - dt.timedelta(days=days)
    earlier = last_of_phone(intake.phone, since, but=(taken.case.pk, intake.origin))
    if earlier is not None:
        add_link(taken, earlier, LinkSort.REPEAT, None)


def _process(intake: Intake, rule: Channels) -> str:
    channels = {one.code: one for one in rule.channels}
    if intake.channel not in channels:
        raise Refusal(CHANNEL_UNKNOWN)
    return intake.process or channels[intake.channel].process


def _choices(intake: Intake, rule: Categories) -> str:
    severity = intake.severity or (rule.severities[0].code if rule.severities else "")
    if severity not in {one.code for one in rule.severities}:
        raise Refusal(CHOICE_UNKNOWN, field=SEVERITY)
    if intake.category and intake.category not in {one.code for one in rule.categories}:
        raise Refusal(CHOICE_UNKNOWN, field=CATEGORY)
    return severity


def _first_owner(intake: Intake, path: str, process: Process, first_asker: UUID | None) -> UUID:
    """Who owns it from now on: the person named, else who was asked first where the first step is done at their own unit, else
    who holds the post of that step. So an appeal goes up to the city's desk, a request for support to the back office, and what a
    superior writes down for a hall goes down to it.
    """
    if intake.owner is not None:
        return require_handler(intake.owner, path).pk
    first = process.first
    if first_asker is not None and works_at(first_asker, unit_at(path, first.level)):
        return first_asker
    found = holder_of_post(first.post, path, first.level)
    owner = found.pk if found else first_asker
    if owner is None:
        raise Refusal(PERSON_UNKNOWN)
    return owner


def _what_belongs_to_it(taken: Turn, intake: Intake, owner: UUID) -> None:
    case, now = taken.case, taken.now
    Cycle.objects.create(case=case, n=1, opened_at=now)
    Words.objects.create(
        case=case, text=intake.text, demand=intake.demand, reason=intake.reason, result="", product=intake.product,
        model=intake.model,
    )  # fmt: skip
    if intake.name or intake.phone or intake.number:
        Complainant.objects.create(
            case=case, name=intake.name, phone=intake.phone, number=intake.number, prefers=intake.prefers
        )
    Holding.objects.create(case=case, cycle=1, owner_id=owner, since=now, why="registered")


def _require_new_number(intake: Intake) -> None:
    """Refuse a number of the channel that is there already. Raises Refusal case.channel_number."""
    known = Case.objects.filter(channel=intake.channel, channel_number=intake.channel_number)
    if intake.channel_number and known.exists():
        raise Refusal(CHANNEL_NUMBER)


def numbering_of(unit: Unit, day: dt.date) -> Numbering:
    """The unit's numbers of the day, held until the case is written: registrations of a unit come one after the other."""
    row, _made = Numbering.objects.select_for_update().get_or_create(unit=unit, day=day, defaults={"last": 0})
    return row


def _next_number(row: Numbering, unit: Unit) -> str:
    row.last += 1
    row.save(update_fields=["last"])
    return f"{unit.code}-{row.day:%Y%m%d}-{row.last:03d}"


def _fact(case: Case, path: str, edition: ProcessEdition, owner: UUID, suggested: str) -> CaseRegistered:
    values: dict[str, Any] = {
        name: getattr(case, name)
        for name in ("number", "kind", "process", "channel", "channel_number", "received_at", "severity", "category", "step",
                     "origin_kind")
    }  # fmt: skip
    return CaseRegistered(
        **values, edition=edition.pk, unit=path, first_asker=case.first_asker_id, owner=owner,
        about_person=case.about_person_id, origin=case.origin_id, suggested=suggested,
    )  # fmt: skip
