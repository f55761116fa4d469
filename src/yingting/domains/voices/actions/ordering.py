"""Orders: issuing one, telling people, confirming, reminding, looking whether it is complied with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext

from yingting.domains.cases.facade import Intake, enter
from yingting.domains.voices.facts import OrderChecked, OrderConfirmed, OrderIssued, OrderRanOver, OrderWithdrawn
from yingting.domains.voices.models import ComplianceCheck, Order, Receipt
from yingting.domains.voices.queries.orders import (
    checks_due,
    confirm_moment,
    ended_times,
    measured,
    not_told,
    obeys_at,
    order_of,
    overdue,
    places,
    reminder_due,
    title_of,
)
from yingting.domains.voices.queries.people import answerer, require_right, workers
from yingting.domains.voices.queries.rules_in_force import ordering
from yingting.domains.voices.refusals import (
    CHECK_EARLY,
    CHECKER_OBEYS,
    CONFIRMED,
    FIELD_MISSING,
    NO_TARGET,
    NOT_MEASURED,
    ORDER_OF_RULE,
    ORDER_UNKNOWN,
    ORDER_WITHDRAWN,
)
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.offices import place_of
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.words import Param, word
from yingting.foundation.people.access import holders_of, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import kinds
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall, Unit
from yingting.indicators.declaring import BetterIs
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

AT_ONCE = 200  # people told in one transaction
TITLE, TEXT, WHY, WHAT_WAS_SEEN = _("Title"), _("What it is about"), _("The reason"), _("What was seen")
TOLD, REMINDED = _("To be read and confirmed: %(title)s"), _("Still to be confirmed: %(title)s")
WITHDRAWN, TO_CHECK = _("No longer holds: %(title)s"), _("Is it complied with? %(title)s")


# ------------------------------------------------------------------------------------------------ issuing, withdrawing
def issue_order(
    *, unit: UUID, title: str, text: str, roles: tuple[str, ...] = (), actor: Actor, now: dt.datetime
) -> UUID:
    """Issue an order in words to those who hold one of the roles at a unit or below it; no role: to everybody there.

    Raises Refusal order.unknown, voice.field_missing.
    """
    place = units_for(actor, Permission.CASE_SUPERVISE).filter(pk=unit, is_active=True).first()
    if place is None:
        raise Refusal(ORDER_UNKNOWN)
    for value, field in ((title, TITLE), (text, TEXT)):
        if not value.strip():
            raise Refusal(FIELD_MISSING, field=gettext(field))
    return _issue(place, roles, actor, now, title=title.strip(), text=text.strip())


def order_of_rule(*, version: RuleVersion, actor: Actor, now: dt.datetime) -> None:
    """Let a version of a rule be confirmed by those whom it concerns, if its kind is one of those."""
    concern = ordering(version.unit.path, today_at(version.unit.path, now)).concern_of(version.kind)
    if concern is not None:
        _issue(version.unit, concern.roles, actor, now, version=version)


def _issue(place: Unit, roles: tuple[str, ...], actor: Actor, now: dt.datetime, **content: Any) -> UUID:
    day = today_at(place.path, now)
    rule = ordering(place.path, day)
    with writing():
        row = Order.objects.create(
            unit=place, roles=list(roles), by_id=actor.person, at=now, confirm_by=confirm_moment(place.path, rule.limit, now),
            check_on=day + dt.timedelta(days=rule.check_days), **content,
        )  # fmt: skip
        _note(row, OrderIssued(place.path, row.version_id, roles, row.confirm_by), actor, now)
    return row.pk


def withdraw_order(*, order: UUID, why: str, actor: Actor, now: dt.datetime) -> None:
    """Withdraw an order in words; who got it is told. Raises Refusal order.unknown, access.refused, order.withdrawn,
    order.of_rule, voice.field_missing.
    """
    with writing():
        row = _held(order, actor)
        require_right(actor, Permission.CASE_SUPERVISE, row.unit.path)
        if row.version_id is not None:
            raise Refusal(ORDER_OF_RULE)
        if not why.strip():
            raise Refusal(FIELD_MISSING, field=gettext(WHY))
        _withdraw(row, why.strip()[:200], actor, now)


def rule_withdrawn(*, version: RuleVersion, actor: Actor, now: dt.datetime) -> None:
    """Let the order of a version rest that was taken back before it was in force."""
    with writing():
        row = Order.objects.select_for_update(of=("self",)).filter(version=version, withdrawn_at__isnull=True).first()
        if row is not None:
            _withdraw(row, "", actor, now)


def _withdraw(row: Order, why: str, actor: Actor, now: dt.datetime) -> None:
    if row.withdrawn_at is not None:
        raise Refusal(ORDER_WITHDRAWN)
    Order.objects.filter(pk=row.pk).update(withdrawn_at=now, withdrawn_why=why)
    _note(row, OrderWithdrawn(why), actor, now)
    people = list(Receipt.objects.filter(order=row).values_list("person", flat=True))
    _tell(row, people, WITHDRAWN, "order.withdrawn", actor, now)


# ------------------------------------------------------------------------------------------------ receipts
def tell_people(*, actor: Actor, now: dt.datetime) -> int:
    """Tell people of orders that are new; return how many were told. Stopped at any moment, the next run goes on.

    Who wrote it knows it already.
    """
    told = 0
    for row in not_told():
        waiting = workers(row.unit, row.roles).exclude(
            Exists(Receipt.objects.filter(order=row, person=OuterRef("pk")))
        ).exclude(pk__in=[row.by_id] if row.by_id else [])  # fmt: skip
        while people := list(waiting.values_list("pk", flat=True)[:AT_ONCE]):
            with writing():
                Receipt.objects.bulk_create(
                    [Receipt(order=row, person_id=one) for one in people], ignore_conflicts=True
                )
                _tell(row, people, TOLD, "order.told", actor, now)
            told += len(people)
        Order.objects.filter(pk=row.pk).update(told_at=now)
    return told


def confirm(*, order: UUID, actor: Actor, now: dt.datetime) -> None:
    """Confirm that one has read an order. Raises Refusal order.unknown, order.withdrawn, order.confirmed."""
    with writing():
        row = _held(order, actor)
        if row.withdrawn_at is not None:
            raise Refusal(ORDER_WITHDRAWN)
        mine = Receipt.objects.filter(order=row, person=actor.person)
        if not mine.exists():
            raise Refusal(ORDER_UNKNOWN)
        if not mine.filter(confirmed_at__isnull=True).update(confirmed_at=now):
            raise Refusal(CONFIRMED)
        assert actor.person is not None
        _note(row, OrderConfirmed(actor.person, now > row.confirm_by), actor, now)


def remind(*, actor: Actor, now: dt.datetime) -> int:
    """Remind people of orders that are to be confirmed, and those who lead them that compliance is to be looked at; return how
    many messages. Twice is the same as once.
    """
    _end_times_to_confirm(actor, now)
    count = 0
    for receipt in overdue(now):
        rule = ordering(receipt.order.unit.path, today_at(receipt.order.unit.path, now))
        if not reminder_due(receipt, rule.again_days, rule.reminders, now):
            continue
        with writing():
            same = Receipt.objects.filter(pk=receipt.pk, reminders=receipt.reminders, confirmed_at__isnull=True)
            if same.update(reminders=receipt.reminders + 1, reminded_at=now):
                _tell(receipt.order, [receipt.person_id], REMINDED, f"order.reminded.{receipt.reminders}", actor, now)
                count += 1
    for row in checks_due(now):
        with writing():
            if Order.objects.filter(pk=row.pk, check_told=False).update(check_told=True):
                people = list(holders_of(Permission.CASE_SUPERVISE, row.unit.path).values_list("pk", flat=True))
                _tell(row, people, TO_CHECK, "order.to_check", actor, now)
                count += 1
    return count


def _end_times_to_confirm(actor: Actor, now: dt.datetime) -> None:
    """Write down of each order, once, that the time to confirm it is over, and how many had not."""
    for row in ended_times(now):
        with writing():
            if Order.objects.filter(pk=row.pk, ran_over_at__isnull=True).update(ran_over_at=now):
                missing = Receipt.objects.filter(order=row, confirmed_at__isnull=True).count()
                _note(row, OrderRanOver(missing), actor, now)


# ------------------------------------------------------------------------------------------------ compliance
@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw on the spot."""

    complied: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class ByIndicator:
    """An indicator and the days over which it is to tell; its target decides."""

    key: str
    first: dt.date
    last: dt.date
    words: str = ""


def check_compliance(
    *, order: UUID, unit: UUID, seen: Seen | ByIndicator, actor: Actor, now: dt.datetime
) -> ComplianceCheck:
    """Write down whether an order is complied with at a place: seen on the spot, or told by an indicator against its target. What
    is not becomes a case of rectification with an owner and clocks.

    Raises Refusal order.unknown, order.withdrawn, order.check_early, order.checker_obeys, voice.field_missing,
    order.no_target, order.not_measured, voice.nobody_answers.
    """
    found = _measured(seen, order, unit, actor) if isinstance(seen, ByIndicator) else {"complied": seen.complied}
    with writing():
        row, place = _checkable(order, unit, actor)
        assert actor.person is not None
        if not found["complied"] and not seen.words.strip():
            raise Refusal(FIELD_MISSING, field=gettext(WHAT_WAS_SEEN))
        check = ComplianceCheck(order=row, unit=place, by_id=actor.person, at=now, words=seen.words.strip(), **found)
        if not check.complied:
            check.case_id = _rectify(row, check, actor, now)
        check.save(force_insert=True)
        fact = OrderChecked(place.path, check.complied, check.indicator, check.case_id)
        day = today_at(place.path, now)
        record(fact, subject=row.pk, hall=place_of(place.pk), business_day=day, actor=actor, now=now)
    return check


def _checkable(order: UUID, unit: UUID, actor: Actor) -> tuple[Order, Unit]:
    """The order and the place, if it is the actor's to look there."""
    row = _held(order, actor)
    if row.withdrawn_at is not None:
        raise Refusal(ORDER_WITHDRAWN)
    if row.told_at is None:
        raise Refusal(CHECK_EARLY)
    place = places(actor, row).filter(pk=unit).first()
    if place is None:
        raise Refusal(ORDER_UNKNOWN)
    if obeys_at(actor, row, place):
        raise Refusal(CHECKER_OBEYS)
    return row, place


def _measured(seen: ByIndicator, order: UUID, unit: UUID, actor: Actor) -> dict[str, Any]:
    """What the indicator says, measured before anything is locked."""
    with writing():
        _row, place = _checkable(order, unit, actor)
    hall = Hall.objects.filter(unit=place).values_list("code", flat=True).first()
    if hall is None:
        raise Refusal(NOT_MEASURED)
    try:
        indicator, value, n, target = measured(seen.key, hall, seen.first, seen.last)
    except KeyError:
        raise Refusal(NO_TARGET) from None
    if target is None or indicator.better_is is None:
        raise Refusal(NO_TARGET)
    if value is None:
        raise Refusal(NOT_MEASURED)
    complied = value <= target if indicator.better_is is BetterIs.LOWER else value >= target
    return {
        "complied": complied, "indicator": seen.key, "first": seen.first, "last": seen.last, "value": value, "target": target,
        "n": n,
    }  # fmt: skip


def _rectify(row: Order, check: ComplianceCheck, actor: Actor, now: dt.datetime) -> UUID:
    path = check.unit.path
    day = today_at(path, now)
    channel = ordering(path, day).channel
    owner = answerer(path, channel, day, without=[actor.person] if actor.person else [])
    intake = Intake(
        path, channel, f"{title_of(row)}\n{check.words}", owner=owner, origin_kind="voices.check", origin=check.pk
    )  # fmt: skip
    return enter(intake, check.unit, actor=actor, now=now).id


def _held(order: UUID, actor: Actor) -> Order:
    order_of(actor, order)
    return Order.objects.select_for_update(of=("self",)).select_related("unit", "version").get(pk=order)


def _note(row: Order, data: FactData, actor: Actor, now: dt.datetime) -> None:
    """Write a fact down at the place and day of the order, whenever it happens, so that its figures are counted anew."""
    day = today_at(row.unit.path, row.at)
    record(data, subject=row.pk, hall=place_of(row.unit_id), business_day=day, actor=actor, now=now)


def _tell(row: Order, people: list[UUID], title: str, kind: str, actor: Actor, now: dt.datetime) -> None:
    params: dict[str, Param] = {"title": row.title}
    if row.version is not None:
        params["title"] = word(kinds()[row.version.kind].title)
    telling = Telling(
        kind, title, Severity.NOTE, params, "", f"order:{row.pk}", reverse("voices:order", args=[row.pk]),
        row.confirm_by if title == TOLD else None,
    )  # fmt: skip
    notify(people=people, telling=telling, actor=actor, now=now)
