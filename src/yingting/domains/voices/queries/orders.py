"""Orders: whose are seen, who has not confirmed, where compliance is to be looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from yingting.domains.voices.models import ComplianceCheck, Order, Receipt
from yingting.domains.voices.queries.consultations import rule_title
from yingting.domains.voices.refusals import ORDER_UNKNOWN
from yingting.foundation.calendars.reading import calendar_for, today_at
from yingting.foundation.days import local_day
from yingting.foundation.editing.rulebook.telling import Told, told
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import from_body, kinds
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.indicators.declaring import AnyIndicator
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.worktime.deadlines import due
from yingting.kernel.worktime.ledgers import ClockEvent, EventKind
from yingting.kernel.worktime.limits import Limit


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in a list, with how many of those in the reader's care have confirmed it."""

    row: Order
    title: str
    people: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order, what it says, the reader's own receipt, and for those who lead people: who confirmed, and what was checked."""

    row: Order
    title: str
    rule: tuple[Told, ...]
    own: Receipt | None
    waiting: tuple[Receipt, ...]
    confirmed: int
    people: int
    checks: tuple[ComplianceCheck, ...]
    unchecked: tuple[Unit, ...]
    leads: bool
    may_withdraw: bool


def confirm_moment(path: str, limit: Limit, at: dt.datetime) -> dt.datetime:
    """Return until when an order is to be confirmed, by the unit's calendar."""
    found = due(limit, [ClockEvent(EventKind.START, at, "order")], calendar_for(path)).at
    return found or at  # a calendar without any working time has no moment to wait for


def title_of(row: Order) -> str:
    """Return what an order is called: its own title, or the rule's with the number of its version."""
    return f"{rule_title(row.version.kind)} {row.version.number}" if row.version is not None else row.title


def visible_orders(actor: Actor) -> QuerySet[Order]:
    """Return the orders that went to the reader, and those for units in their care or above it."""
    if actor.person is None:
        return Order.objects.none()
    cared = actor.paths(Permission.CASE_SUPERVISE)
    bound = Receipt.objects.filter(Q(person=actor.person) | under("person__unit__path", cared), order=OuterRef("pk"))
    return Order.objects.filter(Exists(bound) | under("unit__path", cared)).select_related(
        "unit", "version", "version__unit", "by"
    )


def order_of(actor: Actor, order: UUID) -> Order:
    """Return one order. Raises Refusal order.unknown."""
    row = visible_orders(actor).filter(pk=order).first()
    if row is None:
        raise Refusal(ORDER_UNKNOWN)
    return row


def to_confirm(actor: Actor) -> QuerySet[Receipt]:
    """Return what the reader has still to read and confirm, the most pressing first."""
    rows = Receipt.objects.filter(person=actor.person, confirmed_at__isnull=True, order__withdrawn_at__isnull=True)
    return rows.select_related("order", "order__version", "order__unit").order_by("order__confirm_by")


def overdue(now: dt.datetime) -> QuerySet[Receipt]:
    """Return the receipts that were to be confirmed by now."""
    return Receipt.objects.filter(
        confirmed_at__isnull=True, order__withdrawn_at__isnull=True, order__confirm_by__lt=now
    ).select_related("order", "order__version", "order__unit")


def ended_times(now: dt.datetime) -> QuerySet[Order]:
    """Return the orders whose time to be confirmed is over, and of which that is not written down yet."""
    rows = Order.objects.filter(ran_over_at__isnull=True, withdrawn_at__isnull=True, confirm_by__lt=now)
    return rows.filter(told_at__isnull=False).select_related("unit")


def receipts_in_care(actor: Actor, row: Order) -> QuerySet[Receipt]:
    """Return the receipts of an order of the people whom the reader leads."""
    cared = under("person__unit__path", actor.paths(Permission.CASE_SUPERVISE))
    return Receipt.objects.filter(cared, order=row).select_related("person", "person__unit")


def order_lines(actor: Actor, rows: list[Order]) -> list[OrderLine]:
    """Return orders with their receipts counted."""
    cared = under("person__unit__path", actor.paths(Permission.CASE_SUPERVISE))
    counted = (
        Receipt.objects.filter(cared, order__in=rows)
        .values_list("order")
        .annotate(n=Count("pk"), c=Count("confirmed_at"))
    )
    found = {order: (n, c) for order, n, c in counted}
    return [OrderLine(row, title_of(row), *found.get(row.pk, (0, 0))) for row in rows]


def page_of(actor: Actor, order: UUID) -> OrderPage:
    """Return one order with what belongs to it. Raises Refusal order.unknown."""
    row = order_of(actor, order)
    mine = receipts_in_care(actor, row)
    halls = unchecked_halls(actor, row)
    cared = actor.paths(Permission.CASE_SUPERVISE)
    return OrderPage(
        row, title_of(row), _rule_in_words(row.version), Receipt.objects.filter(order=row, person=actor.person).first(),
        tuple(mine.filter(confirmed_at__isnull=True).order_by("person__unit__path", "person__staff_no")),
        mine.filter(confirmed_at__isnull=False).count(), mine.count(),
        tuple(ComplianceCheck.objects.filter(under("unit__path", cared), order=row).select_related("unit", "by", "case")),
        tuple(halls), bool(cared),
        row.version is None and row.withdrawn_at is None and actor.may(Permission.CASE_SUPERVISE, row.unit.path),
    )  # fmt: skip


def _rule_in_words(version: RuleVersion | None) -> tuple[Told, ...]:
    if version is None or (kind := kinds().get(version.kind)) is None:
        return ()
    return tuple(told(from_body(kind, version.body), version.unit.path))


def places(actor: Actor, row: Order) -> QuerySet[Unit]:
    """Return the units in the reader's care at which people have to obey an order."""
    bound = Receipt.objects.filter(order=row).values("person__unit")
    return Unit.objects.filter(under("path", actor.paths(Permission.CASE_SUPERVISE)), pk__in=bound, is_active=True)


def unchecked_halls(actor: Actor, row: Order) -> list[Unit]:
    """Return the places of an order that nobody has looked at yet."""
    return list(places(actor, row).exclude(pk__in=ComplianceCheck.objects.filter(order=row).values("unit")))


def obeys_at(actor: Actor, row: Order, unit: Unit) -> bool:
    """Does the actor have to obey the order at this place themselves?"""
    return Receipt.objects.filter(order=row, person=actor.person, person__unit__path__startswith=unit.path).exists()


def checks_due(now: dt.datetime) -> list[Order]:
    """Return the orders whose compliance is to be looked at from today on, and of which nobody was told so yet."""
    rows = Order.objects.filter(
        told_at__isnull=False, withdrawn_at__isnull=True, check_told=False, check_on__lte=local_day(now) + dt.timedelta(days=1)
    ).select_related("unit", "version")  # fmt: skip
    return [row for row in rows if row.check_on <= today_at(row.unit.path, now)]


def known_indicators() -> list[tuple[str, str]]:
    """Return the indicators by which compliance can be judged: key and name. (Late: what measures takes seconds to load.)"""
    from yingting.foundation.lake.declared import declared

    return [(key, gettext(indicator.title)) for key, (indicator, _set) in declared().items() if indicator.better_is]


def measured(
    indicator: str, hall: str, first: dt.date, last: dt.date
) -> tuple[AnyIndicator, float | None, int, float | None]:
    """Return an indicator with its value, its cases and its target for a hall over some days. KeyError for an unknown one."""
    from yingting.foundation.lake.asking import ask
    from yingting.foundation.lake.declared import declared
    from yingting.foundation.lake.question import Question
    from yingting.foundation.lake.targets import standards

    found = declared()[indicator][0]
    standard = standards([hall], first).of(found, hall)
    least = {indicator: standard.minimum_sample} if standard.minimum_sample is not None else {}
    (readings,) = ask(Question((indicator,), (hall,), first, last, minimum_sample=least))
    reading = readings[indicator]
    return found, reading.value, reading.n, standard.target


def not_told() -> QuerySet[Order]:
    """Return the orders of which not everybody was told yet."""
    return Order.objects.filter(told_at__isnull=True, withdrawn_at__isnull=True).select_related("unit", "version")


def reminder_due(row: Receipt, again_days: int, most: int, now: dt.datetime) -> bool:
    """Is it time to remind somebody (again)?"""
    if row.reminders >= most:
        return False
    return row.reminded_at is None or row.reminded_at + dt.timedelta(days=again_days) <= now


def late_first(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Order a list: what holds first, by when it was issued."""
    return rows.order_by(F("withdrawn_at").asc(nulls_first=True), "-at")
