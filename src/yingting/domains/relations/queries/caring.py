"""Care by tenure: the list of what is due, and whether it is given alike (CUS-22); the goodwill account (CUS-23)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from yingting.domains.relations.models import CareDue, CareState
from yingting.domains.relations.queries.faces import Face, faces_of, ids_in, in_care
from yingting.domains.relations.queries.rules_in_force import CARE, rule_of, rules_at
from yingting.domains.relations.rules.balance import Balance, Group, balance_of
from yingting.domains.relations.rules.caring import CareAction, Caring, Tenure, goodwill, tenure_of
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.contacting import contacts_of
from yingting.foundation.customers.finding import customers_for, ids_of
from yingting.foundation.customers.models import Customer
from yingting.foundation.customers.rules_in_force import classes_of
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import person_in
from yingting.kernel.actors import Actor
from yingting.kernel.months import months_before


@dataclass(frozen=True, slots=True)
class CareLine:
    """An act of care that is due."""

    row: CareDue
    action: CareAction | None
    tenure: Tenure
    face: Face
    is_over: bool

    @property
    def name(self) -> str:
        """What is to be done."""
        return named(self.action) if self.action else self.row.action


def due_for(
    actor: Actor, now: dt.datetime, *, tenure: str = "", of: Collection[UUID] | None = None, most: int
) -> list[CareLine]:
    """Return what care is due in the actor's care, the nearest last day first; `of`: to these customers only."""
    rows = CareDue.objects.filter(in_care(actor), state=CareState.DUE).select_related("unit")
    if of is not None:
        rows = rows.filter(customer__in=of)
    if tenure:
        rows = rows.filter(tenure=tenure)
    return _lines(list(rows.order_by("last_on", "pk")[:most]), now)


def care_of(customer: UUID, now: dt.datetime) -> list[CareLine]:
    """Return the care of a customer, what is due first, then the latest. The caller has the right to the file."""
    rows = list(CareDue.objects.filter(customer__in=ids_of(customer)).select_related("unit"))
    return _lines(sorted(rows, key=lambda row: (row.state != CareState.DUE, -row.due_on.toordinal())), now)


def care_line(actor: Actor, care: UUID, now: dt.datetime) -> CareLine | None:
    """Return one act of care in the actor's care."""
    return next(iter(_lines(list(CareDue.objects.filter(in_care(actor), pk=care).select_related("unit")), now)), None)


def _lines(rows: list[CareDue], now: dt.datetime) -> list[CareLine]:
    faces = faces_of(ids_in(rows), now)
    rules = rules_at(CARE, (row.unit.path for row in rows), now)
    found = []
    for row in rows:
        if row.customer_id in faces:
            rule, today = rules[row.unit.path]
            action = rule.action(row.action)
            found.append(
                CareLine(row, action, Tenure(row.tenure), faces[row.customer_id], row.state == CareState.DUE and row.last_on < today)
            )  # fmt: skip
    return found


def balance(actor: Actor, now: dt.datetime, months: int = 12) -> tuple[Balance, Balance]:
    """Return how care was given over the last months, by tenure and by segment, of customers in the actor's care."""
    path = person_in(actor).unit.path
    today = today_at(path, now)
    rows = CareDue.objects.filter(in_care(actor), due_on__gt=months_before(today, months))
    counted = {
        what: {
            code: (due, given)
            for code, due, given in rows.order_by()
            .values_list(what)
            .annotate(
                due=Count("pk", filter=~Q(state=CareState.DUE) | Q(over_on__isnull=False)),
                given=Count("pk", filter=Q(state=CareState.DONE)),
            )
        }
        for what in ("tenure", "segment")
    }
    heads = _heads(actor, rule_of(CARE, path, today), today)
    segments = {one.code: named(one) for one in classes_of(path, now).segments}
    by_tenure = [
        Group(one.value, one.title, heads["tenure"][one.value], *counted["tenure"].get(one.value, (0, 0)))
        for one in Tenure
    ]
    codes = sorted({*heads["segment"], *counted["segment"]})
    by_segment = [
        Group(code, segments.get(code, code), heads["segment"][code], *counted["segment"].get(code, (0, 0)))
        for code in codes
    ]
    return balance_of(by_tenure), balance_of(by_segment)


def _heads(actor: Actor, rule: Caring, today: dt.date) -> dict[str, Counter[str]]:
    """How many customers there are by tenure and by segment."""
    files = customers_for(actor).order_by()
    heads: dict[str, Counter[str]] = {"tenure": Counter(), "segment": Counter()}
    for since, segment, n in files.values_list("customer_since", "segment").annotate(n=Count("pk")):
        heads["tenure"][tenure_of(since, today, rule).value] += n
        heads["segment"][segment] += n
    return heads


def goodwill_of(file: Customer, now: dt.datetime) -> tuple[int, int]:
    """Return the goodwill of a customer and of how many contacts it was counted (CUS-23)."""
    today = today_at(file.unit.path, now)
    rule = rule_of(CARE, file.unit.path, today)
    since = now - dt.timedelta(days=(today - months_before(today, rule.goodwill_months)).days)
    rows = list(contacts_of(file.pk).filter(at__gte=since).values_list("about", "outcome"))
    return goodwill(rows, rule), len(rows)
