"""What staff see of a ticket's customer: class and needs before the call, the mask and what to mind after it. Never on a board."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing.contracts import CustomerLink, HallSetup, Priority
from yingting.domains.queueing.models import Ticket, TicketCustomer, TicketState
from yingting.domains.queueing.queries.knowing import links_of
from yingting.domains.queueing.queries.setup import skills_of
from yingting.domains.queueing.rules import eligible_queues
from yingting.foundation.customers.consents import MARKETING, consents_of
from yingting.foundation.customers.contracts import Known
from yingting.foundation.customers.finding import known as known_of
from yingting.foundation.customers.finding import present_id
from yingting.foundation.customers.models import Tag
from yingting.foundation.customers.rules_in_force import classes_of, tags_of
from yingting.foundation.customers.shapes import Level, Segment, TagKind, TagSort, TagsRule
from yingting.foundation.people.models import Person


@dataclass(frozen=True, slots=True)
class NotedTag:
    """A tag as it is shown after the call, with what was noted (long numbers in it are hidden)."""

    kind: TagKind
    note: str

    @property
    def is_need(self) -> bool:
        """Is it a special need?"""
        return self.kind.sort is TagSort.NEED


@dataclass(frozen=True, slots=True)
class TicketsCustomer:
    """The customer of a ticket at the counter. `known` None: nobody is known, or nobody is to be (`link.how` says why)."""

    link: CustomerLink | None
    known: Known | None = None
    segment: Segment | None = None
    level: Level | None = None
    tags: tuple[NotedTag, ...] = ()
    manager: str = ""
    has_marketing: bool = False


@dataclass(frozen=True, slots=True)
class KnownAhead:
    """So many waiting customers of this class with these needs, for one counter. Nobody of them can be told from it."""

    priority: Priority | None
    needs: tuple[TagKind, ...]
    people: int


def customer_of_ticket(setup: HallSetup, ticket: UUID, *, now: dt.datetime) -> TicketsCustomer:
    """Return what is shown of a ticket's customer once the ticket is called. The caller has the right to it."""
    link = links_of([ticket]).get(ticket)
    found = present_id(link.customer) if link and link.customer else None
    known = known_of([found]).get(found) if found else None
    if known is None:
        return TicketsCustomer(link)
    classes, tags = classes_of(setup.path, now), tags_of(setup.path, now)
    manager = Person.objects.filter(pk=known.manager).values_list("name", flat=True).first() if known.manager else None
    return TicketsCustomer(
        link, known, classes.segment(known.segment), classes.level(known.level), _noted(known.id, tags), manager or "",
        MARKETING in consents_of([known.id]).get(known.id, ()),
    )  # fmt: skip


def _noted(customer: UUID, rule: TagsRule) -> tuple[NotedTag, ...]:
    rows = Tag.objects.filter(customer=customer, until__isnull=True).order_by("code")
    noted = [NotedTag(kind, str(row.note)) for row in rows if (kind := rule.of(row.code))]
    return tuple(sorted(noted, key=lambda one: (not one.is_need, one.kind.code)))


def known_ahead(setup: HallSetup, *, counter: UUID, clerk: UUID, now: dt.datetime) -> tuple[KnownAhead, ...]:
    """Return class and needs of the known customers who wait for a counter, counted, without saying which number is whose."""
    classes = {queue.id: queue.classes for queue in setup.queues.values()}
    queues = eligible_queues(setup.counters[counter].queues, classes, skills_of(clerk))
    rows = _waiting_known(setup, queues, counter, now)
    known = known_of(set(rows.values()))
    rule = tags_of(setup.path, now)
    priorities = dict(Ticket.objects.filter(pk__in=rows).values_list("pk", "priority_id"))
    counted = Counter(
        (priorities[ticket], shown_needs(known[customer].tags, rule))
        for ticket, customer in rows.items()
        if customer in known
    )
    ahead = [KnownAhead(setup.priorities.get(which), needs, people) for (which, needs), people in counted.items()]
    return tuple(
        sorted(ahead, key=lambda one: (one.priority.tier if one.priority else 9, -len(one.needs), -one.people))
    )


def shown_needs(tags: Collection[str], rule: TagsRule) -> tuple[TagKind, ...]:
    """Return the tags that may be shown before the call."""
    return tuple(kind for kind in rule.tags if kind.is_shown and kind.code in tags)


def _waiting_known(setup: HallSetup, queues: Collection[UUID], counter: UUID, now: dt.datetime) -> dict[UUID, UUID]:
    """Waiting tickets for the counter that have a customer: ticket → file."""
    links = TicketCustomer.objects.filter(
        hall=setup.id, business_day=setup.day(now), customer__isnull=False, ticket__state=TicketState.WAITING
    ).select_related("ticket")
    return {
        row.ticket_id: row.customer_id
        for row in links
        if row.customer_id is not None and _may_come(row.ticket, queues, counter)
    }


def _may_come(ticket: Ticket, queues: Collection[UUID], counter: UUID) -> bool:
    return ticket.for_counter_id == counter or (ticket.for_counter_id is None and ticket.queue_id in queues)
