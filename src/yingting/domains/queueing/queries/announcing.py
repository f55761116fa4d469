"""The range of minutes that customers are told: its rule, the hall's wait model in use, and what is seen when it is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.models import InstalledWaitModel, Queue, Ticket
from yingting.domains.queueing.rules.announcing import (
    AnnouncingRule,
    InstalledWaits,
    Line,
    Told,
    neighbours_of,
    newcomer_sees,
    problems_of,
    told_range,
)
from yingting.foundation.journal.direct import Row
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.clocks import elapsed_s
from yingting.kernel.words import gettext_noop as _
from yingting.twin.waits import Seen, from_body


def _check(rule: AnnouncingRule, _path: str) -> Iterable[Problem]:
    for field, sentence in problems_of(rule):
        yield field, sentence, {}


ANNOUNCING = declare(
    Kind(
        code="queueing.announcing",
        title=_("Announced waits"),
        purpose=_("How sure the range of minutes on ticket, phone and board is, and how long a learnt model of the waits is used."),
        shape=AnnouncingRule,
        shipped=AnnouncingRule(),
        source=_("QUE-01: a range that holds 80 to 90 of 100 waits; two weeks are the half-life with which its days are weighted"),
        permission=Permission.HALL_CONFIGURE,
        check=_check,
        position=12,
    )
)  # fmt: skip


def announcing_rule(path: str, day: dt.date) -> AnnouncingRule:
    """Return how waits are announced in a unit on a day."""
    return in_force(ANNOUNCING, path=path, day=day).rule


def waits_in_use(hall: UUID, path: str, day: dt.date) -> InstalledWaits | None:
    """Return the hall's wait model, None when it has none or the one it has is stale on the day."""
    row = InstalledWaitModel.objects.filter(hall=hall, replaced_at__isnull=True).first()
    if row is None:
        return None
    installed = InstalledWaits(row.pk, row.number, from_body(row.body), row.made_on)
    return installed if installed.is_fresh(day, announcing_rule(path, day).stale_days) else None


@dataclass(frozen=True, slots=True)
class WaitModelRecord:
    """A wait model of the hall as it was taken up: what it was learnt from and how it did on days that it did not know."""

    id: UUID
    version: int
    made_on: dt.date
    installed_at: dt.datetime
    replaced_at: dt.datetime | None
    stated: float
    coverage: float
    inputs: str
    from_day: str
    to_day: str


def wait_models_of(hall: UUID) -> tuple[WaitModelRecord, ...]:
    """Return every wait model that the hall has had, newest first."""
    names = (
        "id",
        "number",
        "made_on",
        "installed_at",
        "replaced_at",
        "stated",
        "coverage",
        "inputs",
        "from_day",
        "to_day",
    )
    rows = InstalledWaitModel.objects.filter(hall=hall).order_by("-number").values_list(*names)
    return tuple(WaitModelRecord(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class PastWait:
    """What was seen when a ticket was issued, and how long it then waited for its first call (None: it was never called)."""

    queue: str
    day: dt.date
    seen: Seen
    wait_s: float | None


def past_waits(setup: HallSetup, *, from_day: dt.date, to_day: dt.date) -> tuple[PastWait, ...]:
    """Return the tickets of finished days, in order of issue; those from before the hall wrote down what it saw are left out."""
    days = {"hall": setup.id, "business_day__range": (from_day, to_day)}
    issued = dict(Fact.objects.filter(kind="ticket.issued", **days).values_list("subject", "data"))
    letters = dict(Queue.objects.filter(hall=setup.id).values_list("id", "letter"))
    names = ("id", "business_day", "issued_at", "first_called_at")
    found = []
    for ticket, day, issued_at, called_at in (
        Ticket.objects.filter(**days).order_by("issued_at", "id").values_list(*names)
    ):
        data = issued.get(ticket, {})
        seen, letter = data.get("seen"), letters.get(UUID(data["queue"])) if data else None
        if not seen or letter is None:
            continue
        state = Seen(data["quoted_ahead"], at_s=second_of_day(setup, issued_at), **seen)
        wait_s = None if called_at is None else elapsed_s(issued_at, called_at)
        found.append(PastWait(letter, day, state, wait_s))
    return tuple(found)


# ---------------------------------------------------------------------------------------------- what is told
def second_of_day(setup: HallSetup, now: dt.datetime) -> float:
    """Return the second of the hall's day."""
    local = now.astimezone(ZoneInfo(setup.timezone))
    return local.hour * 3600.0 + local.minute * 60 + local.second


def seen_at(setup: HallSetup, look: Row, *, now: dt.datetime) -> Seen:
    """Return what `statements.outlook` saw, as the wait model wants it."""
    oldest_s = max(0.0, elapsed_s(look["oldest_at"], now)) if look["oldest_at"] else 0.0
    return Seen(
        look["ahead"],
        float(look["work_s"]),
        look["counters"],
        look["free"],
        look["around"],
        oldest_s,
        second_of_day(setup, now),
    )


def told_to(setup: HallSetup, queue: UUID, seen: Seen) -> Told:
    """Return what a customer of the queue is told."""
    return told_range(setup.waits, setup.queues[queue].letter, seen)


def told_to_newcomers(
    setup: HallSetup, lines: dict[UUID, Line], is_free: dict[UUID, bool], *, now: dt.datetime
) -> dict[UUID, Told]:
    """Return by queue what somebody who takes a number now would be told. `is_free` has every open counter."""
    at_s = second_of_day(setup, now)
    served = [counter.queues for counter in setup.counters.values()]
    told = {}
    for queue in setup.queues:
        serving = [free for counter, free in is_free.items() if queue in setup.counters[counter].queues]
        seen = newcomer_sees(queue, lines, neighbours_of(queue, served), serving, now=now, at_s=at_s)
        told[queue] = told_to(setup, queue, seen)
    return told
