"""Learn a hall's waits anew each night and put the model into use: what customers are told follows the hall's latest days."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from yingting.domains.queueing.facade import (
    PastWait,
    announcing_rule,
    fresh_setup,
    hall_now,
    install_wait_model,
    past_waits,
    wait_models_of,
)
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal
from yingting.twin.waits import WaitModel

if TYPE_CHECKING:
    from yingting.twin.seeing import Sample

Simulated = Callable[[], "Sample | None"]
log = logging.getLogger(__name__)
LOOKS_BACK = dt.timedelta(days=56)
SLICE_S = 20.0  # other tasks wait so long at most, and for the hall that is learnt then
FEWEST_TICKETS = 300  # a hall with fewer in the time looked back on is not worth a look
OWN_DAYS = 20  # a hall with more days of its own learns nothing more from simulated ones (docs/decisions/0013)


def ask_for_wait_models() -> bool:
    """Ask a worker to look after the wait models of all halls; False when it has been asked already."""
    is_asked = DBTaskResult.objects.filter(
        task_path=renew_in_slices.module_path, status=TaskResultStatus.READY
    ).exists()
    if not is_asked:
        renew_in_slices.enqueue()
    return not is_asked


@task()
def renew_in_slices(after: str = "") -> int:
    """Renew wait models hall by hall (those after a hall, by its key) for some seconds, then ask for the next slice: other tasks
    are not kept waiting by two thousand halls. Returns how many were put into use.
    """
    renewed, until = 0, time.monotonic() + SLICE_S
    for hall in _halls(after):
        renewed += renew_wait_model(hall)
        if time.monotonic() > until:
            renew_in_slices.enqueue(str(hall.pk))
            break
    return renewed


def _halls(after: str = "") -> Iterable[Hall]:
    rows = Hall.objects.select_related("unit").filter(unit__is_active=True).order_by("pk")
    return rows.filter(pk__gt=UUID(after)) if after else rows


def renew_wait_model(hall: Hall) -> bool:
    """Make a hall's wait model of today and put it into use; False when it is there already, or cannot be made.

    A hall whose model of today is there is left alone, so the job may run as often as it likes.
    """
    now, setup = hall_now(hall.pk), fresh_setup(hall.pk)
    today = setup.day(now)
    made = wait_models_of(hall.pk)
    if (made and made[0].made_on >= today) or announcing_rule(setup.path, today).stale_days == 0:
        return False
    model = model_of(hall.pk, now=now, simulated=_simulated(hall, today))
    if model is None:
        return False
    try:
        install_wait_model(hall=hall.pk, model=model, actor=SYSTEM, now=now)
    except Refusal as no:
        log.info("hall %s keeps its wait model: %s", setup.code, no)
        return False
    return True


def model_of(hall: UUID, *, now: dt.datetime, simulated: Simulated = lambda: None) -> WaitModel | None:
    """Return the wait model that a hall's latest finished days make, None when they are too few.

    `simulated` gives states of simulated days of the hall (`twin.seeing.from_hall`), or None for a hall without a twin. It is
    asked when the hall has at most OWN_DAYS days of its own: they are learnt from besides.
    """
    setup = fresh_setup(hall)
    today = setup.day(now)
    past = past_waits(setup, from_day=today - LOOKS_BACK, to_day=today - dt.timedelta(days=1))
    if len(past) < FEWEST_TICKETS:
        return None
    besides = simulated() if len({one.day for one in past}) <= OWN_DAYS else None
    # Here, not above: what learns is compiled, and only a worker pays for loading it.
    from yingting.twin.announcing import made_from
    from yingting.twin.learning import TooFew

    share = announcing_rule(setup.path, today).stated_percent / 100
    opens_s = min(one.seen.at_s for one in past) // 3600 * 3600
    slots = int((max(one.seen.at_s for one in past) - opens_s) // 3600) + 1
    try:
        model = made_from(_sample(past), opens_s=opens_s, slots=slots, stated=share, simulated=besides)
    except TooFew as few:
        log.info("hall %s: %s", setup.code, few)
        return None
    from_day, to_day = past[0].day.isoformat(), past[-1].day.isoformat()
    return WaitModel(
        model.queues, model.opens_s, model.slot_s, model.stated, model.inputs, from_day, to_day, model.measured
    )


def _simulated(hall: Hall, today: dt.date) -> Simulated:
    def days() -> Sample | None:
        # What learns and simulates is compiled, and only a worker pays for loading it.
        from yingting.planning.twins.simulated import simulated_days

        return simulated_days(hall, today)

    return days


def _sample(past: tuple[PastWait, ...]) -> Sample:
    import numpy as np

    from yingting.twin.seeing import Sample

    called = [one for one in past if one.wait_s is not None]
    queues = tuple(sorted({one.queue for one in called}))
    places = {queue: place for place, queue in enumerate(queues)}

    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([float(getattr(one.seen, name)) for one in called])

    return Sample(
        queues=queues, queue=np.array([places[one.queue] for one in called], np.int32),
        day=np.array([one.day.toordinal() for one in called]), at_s=column("at_s"), ahead=column("ahead"), work_s=column("work_s"),
        counters=column("counters"), free=column("free"), around=column("around"), oldest_s=column("oldest_s"),
        wait_s=np.array([one.wait_s for one in called]), weight=np.ones(len(called)), last_s=np.full(len(called), np.nan),
    )  # fmt: skip
