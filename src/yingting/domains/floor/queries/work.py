"""A guide's own work now, and what the floor knows about a ticket."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.floor.models import (
    AssistTap,
    Care,
    Diversion,
    PapersCheck,
    Preacceptance,
    Reception,
    RovingVisit,
    TicketNote,
)
from yingting.domains.floor.queries.rules_in_force import CROWD_CARE, CareTask
from yingting.domains.floor.rules import care_is_due, missing_papers
from yingting.domains.queueing.contracts import Business, HallSetup
from yingting.domains.queueing.facade import TicketAt, rule_in, tickets_at
from yingting.kernel.clocks import elapsed_s

# States of a ticket after which nobody on the floor has to look after it.
_OVER = ("finished", "left", "lapsed", "serving")


@dataclass(frozen=True, slots=True)
class MyTicket:
    """A ticket that the guide issued and that is not at a counter yet."""

    ticket: TicketAt
    business: Business | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenDiversion:
    """A diversion of the guide without result."""

    id: UUID
    business: Business | None
    target: str
    number: str
    since_s: float


@dataclass(frozen=True, slots=True)
class Running:
    """The guide's visit on the move that is running."""

    id: UUID
    business: Business | None
    since_s: float


@dataclass(frozen=True, slots=True)
class MyWork:
    """What a guide has open, and the guide's own figures of the day."""

    tickets: tuple[MyTicket, ...]
    diversions: tuple[OpenDiversion, ...]
    roving: Running | None
    needs: int
    diverted: int
    roved: int
    assists: dict[str, int]


def my_work(setup: HallSetup, person: UUID | None, *, now: dt.datetime) -> MyWork:
    """Return what the person has open in this hall today."""
    day = setup.day(now)
    mine = {"hall": setup.id, "business_day": day, "by": person}
    receptions = Reception.objects.filter(**mine)
    issued = list(receptions.filter(ticket__isnull=False).order_by("-at").values_list("ticket_id", flat=True)[:60])
    missing = {
        ticket: missing_papers(papers)
        for ticket, papers in PapersCheck.objects.filter(ticket__in=issued).values_list("ticket_id", "papers")
    }
    at = [place for place in tickets_at(issued) if place.state not in _OVER]
    roving = RovingVisit.objects.filter(**mine, ended_at__isnull=True).first()
    assists: dict[str, int] = {}
    for kind in AssistTap.objects.filter(**mine).values_list("kind", flat=True):
        assists[kind] = assists.get(kind, 0) + 1
    return MyWork(
        tickets=tuple(MyTicket(p, setup.businesses.get(p.business), missing.get(p.id, ())) for p in at),
        diversions=_open_diversions(setup, mine, now),
        roving=Running(roving.pk, setup.businesses.get(roving.business_id), elapsed_s(roving.started_at, now))
        if roving
        else None,
        needs=receptions.count(),
        diverted=Diversion.objects.filter(**mine).count(),
        roved=RovingVisit.objects.filter(**mine, ended_at__isnull=False).count(),
        assists=assists,
    )


def _open_diversions(setup: HallSetup, mine: dict[str, object], now: dt.datetime) -> tuple[OpenDiversion, ...]:
    rows = Diversion.objects.filter(**mine, result="").select_related("ticket").order_by("at")
    return tuple(
        OpenDiversion(
            row.pk, setup.businesses.get(row.business_id), row.target, row.ticket.number if row.ticket else "",
            elapsed_s(row.at, now),
        )
        for row in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CareNow:
    """A task of crowd care now: due, or done by whom and when."""

    task: CareTask
    is_due: bool
    done_at: dt.datetime | None
    done_by: str


def crowd_care_now(
    setup: HallSetup, *, waiting: int, now: dt.datetime, only_guards: bool = False
) -> tuple[CareNow, ...]:
    """Return the tasks of crowd care when at least as many wait as the rule says; nothing otherwise."""
    rule = rule_in(setup, CROWD_CARE, setup.day(now))
    if waiting < rule.waiting:
        return ()
    last: dict[str, Care] = {}
    done = Care.objects.filter(hall=setup.id, business_day=setup.day(now)).select_related("by").order_by("at")
    for row in done:
        last[row.task] = row
    listed = []
    for task in rule.tasks:
        if only_guards and not task.is_for_guards:
            continue
        row_or_none = last.get(task.code)
        at = row_or_none.at if row_or_none else None
        by = row_or_none.by.name if row_or_none and row_or_none.by else ""
        listed.append(CareNow(task, care_is_due(at, now, rule.repeat_min), at, by))
    return tuple(listed)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what the floor knows about a ticket: when, who, and what (the code of a kind, and its words)."""

    at: dt.datetime
    by: str
    kind: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TicketFile:
    """What the floor knows about a ticket, for who serves it."""

    papers: tuple[tuple[str, str, bool | None], ...]
    forms: tuple[tuple[str, tuple[tuple[str, str, str], ...], str], ...]
    notes: tuple[Line, ...]
    diversions: tuple[Line, ...]
    insists: str

    @property
    def is_empty(self) -> bool:
        """Is there nothing to show?"""
        return not (self.papers or self.forms or self.notes or self.diversions or self.insists)


def ticket_file(ticket: UUID) -> TicketFile:
    """Return what the floor knows about a ticket."""
    checks = PapersCheck.objects.filter(ticket=ticket).order_by("-at")
    papers = next((tuple((n, e, has) for n, e, has in check.papers) for check in checks), ())
    forms = tuple(
        (
            form.number,
            tuple((label, english or label, value) for _code, label, english, value in form.answers),
            form.by.name if form.by else "",
        )
        for form in Preacceptance.objects.filter(ticket=ticket).select_related("by").order_by("at")
    )
    notes = tuple(
        Line(row.at, row.by.name if row.by else "", row.why, row.text)
        for row in TicketNote.objects.filter(ticket=ticket).select_related("by").order_by("at")
    )
    diversions = tuple(
        Line(row.at, row.by.name if row.by else "", row.target, row.teaching, row.result)
        for row in Diversion.objects.filter(ticket=ticket).select_related("by").order_by("at")
    )
    insists = Reception.objects.filter(ticket=ticket).exclude(insists="").values_list("insists", flat=True).first()
    return TicketFile(papers, forms, notes, diversions, insists or "")
