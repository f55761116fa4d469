"""Take up a wait model: from then on the hall tells waits by it, until it is stale or another one comes."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.queueing.actions.stepping import enter, setup_changed
from yingting.domains.queueing.facts import WaitModelInstalled
from yingting.domains.queueing.models import InstalledWaitModel
from yingting.domains.queueing.queries.announcing import announcing_rule
from yingting.domains.queueing.refusals import WAITS_UNUSABLE, WAITS_WEAK
from yingting.domains.queueing.rules.announcing import InstalledWaits
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.twin.waits import WaitModel, WaitModelError, as_body, check


def install_wait_model(*, hall: UUID, model: WaitModel, actor: Actor, now: dt.datetime) -> InstalledWaits:
    """Put a wait model into use in a hall; the one before is kept as history. The same model again changes nothing.

    The model carries its coverage on days that it did not learn from (`measured["coverage"]`); without it nobody knows it.
    Raises Refusal waits.unusable, waits.weak (below the rule's least share), hall.unknown, access.refused.
    """
    setup = enter(hall, actor, Permission.HALL_CONFIGURE)
    day = setup.day(now)
    _require_good(model, announcing_rule(setup.path, day).least_percent)
    body = as_body(model)
    with writing():
        # The hall's row orders those who install at once.
        Hall.objects.select_for_update().get(pk=hall)
        latest = InstalledWaitModel.objects.filter(hall=hall).order_by("-number").first()
        if latest is not None and latest.made_on == day and latest.body == body:
            return InstalledWaits(latest.pk, latest.number, model, latest.made_on)
        InstalledWaitModel.objects.filter(hall=hall, replaced_at__isnull=True).update(replaced_at=now)
        row = InstalledWaitModel.objects.create(
            hall_id=hall, number=latest.number + 1 if latest else 1, body=body, inputs=model.inputs, from_day=model.from_day,
            to_day=model.to_day, stated=model.stated, coverage=model.measured["coverage"], made_on=day, installed_at=now,
        )  # fmt: skip
        fact = WaitModelInstalled(
            row.number,
            day,
            model.inputs,
            model.from_day,
            model.to_day,
            model.stated,
            row.coverage,
            tuple(sorted(model.queues)),
        )
        record(fact, subject=row.pk, version=1, hall=hall, business_day=day, actor=actor, now=now)
        setup_changed(hall)
    publish(hall)
    return InstalledWaits(row.pk, row.number, model, day)


def _require_good(model: WaitModel, least_percent: int) -> None:
    try:
        check(model)
    except WaitModelError as error:
        raise Refusal(WAITS_UNUSABLE, problem=str(error)) from error
    if not model.queues or "coverage" not in model.measured:
        raise Refusal(WAITS_UNUSABLE, problem="no queue, or never measured")
    if model.measured["coverage"] * 100 < least_percent:
        raise Refusal(WAITS_WEAK, held=f"{model.measured['coverage'] * 100:.1f}", least=least_percent)
