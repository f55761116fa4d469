"""Care by tenure (CUS-22): what comes due, what is given, what is left out with a reason."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext

from yingting.domains.relations.actions.stepping import change, held, note, turn_to
from yingting.domains.relations.facts import CareCameDue, CareGiven, CareRanOver
from yingting.domains.relations.models import CareDue, CareState
from yingting.domains.relations.queries.faces import present
from yingting.domains.relations.queries.rules_in_force import CARE
from yingting.domains.relations.refusals import CARE_DONE, FIELD_MISSING
from yingting.domains.relations.rules.caring import Caring, due_on, tenure_of
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.contacting import Said
from yingting.foundation.customers.models import Customer, FileState
from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import Entry, record_many
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.offices import places_of
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

TOPIC = "care"
REASON = _("The reason")
AT_A_TIME = 2_000  # customers whose care is looked at in one transaction


def find_due(*, actor: Actor, now: dt.datetime) -> int:
    """Put down what care is due to which customer from today on, for everybody whose tenure is known; return how many acts.

    Whoever may not be contacted is on the list, too: the balance counts them, and nobody can turn to them.
    """
    today, made = local_day(now), 0
    rows = Customer.objects.filter(state=FileState.ACTIVE, customer_since__isnull=False)
    paths = rows.values_list("unit__path", flat=True).distinct().order_by("unit__path")
    rules = in_force_by_path(CARE, paths=paths, day=today)
    after: UUID | None = None
    while True:
        some = rows.filter(pk__gt=after) if after else rows
        batch = list(some.select_related("unit").order_by("pk")[:AT_A_TIME])
        if not batch:
            return made
        made += _put_down(batch, rules, today, actor, now)
        after = batch[-1].pk


def _put_down(batch: list[Customer], rules: dict[str, Caring], today: dt.date, actor: Actor, now: dt.datetime) -> int:
    ids = [row.pk for row in batch]
    last: dict[UUID, dict[str, dt.date]] = defaultdict(dict)
    settled = CareDue.objects.filter(customer__in=ids).exclude(state=CareState.DUE)
    for customer, action, day in settled.values_list("customer", "action").annotate(day=Max("done_on")):
        last[customer][action] = day
    open_acts = set(CareDue.objects.filter(customer__in=ids, state=CareState.DUE).values_list("customer", "action"))
    rows = []
    for file in batch:
        rule, since = rules[file.unit.path], file.customer_since
        tenure = tenure_of(since, today, rule)
        if since is None:
            continue
        for one in rule.of(tenure):
            due = due_on(one, max(since, local_day(file.registered_at)), last[file.pk].get(one.code))
            if due <= today and (file.pk, one.code) not in open_acts:
                rows.append(
                    CareDue(
                        customer=file, unit=file.unit, action=one.code, tenure=tenure.value, segment=file.segment, due_on=today,
                        last_on=today + dt.timedelta(days=rule.due_days),
                    )
                )  # fmt: skip
    with writing():
        CareDue.objects.bulk_create(rows, batch_size=500)
        places = places_of(row.unit_id for row in rows)
        facts = [
            Entry(
                CareCameDue(row.customer_id, row.action, row.tenure, row.last_on),
                row.pk,
                places[row.unit_id],
                row.due_on,
            )
            for row in rows
        ]
        record_many(facts, actor=actor, now=now)
    return len(rows)


def give_care(*, care: UUID, channel: str, outcome: str, words: str, actor: Actor, now: dt.datetime) -> None:
    """Note an act of care with the contact that it was. Refused for who asked to be left alone or has not agreed to care.

    Raises Refusal relation.unknown, relation.changed, care.done, customer.left_alone, customer.consent_missing, customer.code_unknown.
    """
    with writing():
        row = _due(care, actor)
        turn_to(present(row.customer_id), Said(channel, TOPIC, True, outcome, words), actor, now)
        _settle(row, CareState.DONE, "", actor, now)


def leave_out_care(*, care: UUID, why: str, actor: Actor, now: dt.datetime) -> None:
    """Note that an act of care is not given this time, and why.

    Raises Refusal relation.unknown, relation.changed, care.done, relation.field_missing.
    """
    if not why.strip():
        raise Refusal(FIELD_MISSING, field=gettext(REASON))
    with writing():
        _settle(_due(care, actor), CareState.LEFT_OUT, why.strip()[:120], actor, now)


def _due(care: UUID, actor: Actor) -> CareDue:
    row = held(CareDue, care, actor)
    if row.state != CareState.DUE:
        raise Refusal(CARE_DONE)
    return row


def _settle(row: CareDue, state: CareState, why: str, actor: Actor, now: dt.datetime) -> None:
    change(row, state=state, why=why, done_on=today_at(row.unit.path, now), by_id=actor.person)
    told = CareGiven(row.customer_id, row.action, state is CareState.DONE)
    note(told, row.pk, row.unit_id, row.due_on, actor, now)


def note_late_care(*, actor: Actor, now: dt.datetime) -> int:
    """Note which acts of care were not given in time; return how many. They stay on the list."""
    today = local_day(now)
    with writing():
        over = CareDue.objects.select_for_update(of=("self",)).filter(
            state=CareState.DUE, last_on__lt=today, over_on__isnull=True
        )
        rows = list(over)
        CareDue.objects.filter(pk__in=[row.pk for row in rows]).update(over_on=today)
        places = places_of(row.unit_id for row in rows)
        facts = [
            Entry(CareRanOver(row.customer_id, row.action), row.pk, places[row.unit_id], row.due_on) for row in rows
        ]
        record_many(facts, actor=actor, now=now)
    return len(rows)
