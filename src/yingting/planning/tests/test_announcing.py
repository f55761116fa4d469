"""A hall's own past makes its wait model, and the next ticket is told by it."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from django_tasks_db.models import DBTaskResult

from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.domains.queueing.actions.sessions import open_counter
from yingting.domains.queueing.facade import PastWait, wait_models_of
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.tests.screens import set_clock
from yingting.foundation.journal.models import Fact
from yingting.foundation.sites.models import Hall
from yingting.planning import announcing
from yingting.planning.twins.simulated import AHEAD, DAYS, simulated_days
from yingting.planning.twins.tests.conftest import lived_weeks
from yingting.twin.announcing import measure
from yingting.twin.seeing import from_hall
from yingting.twin.tests.test_announcing import HALL
from yingting.twin.waits import Seen

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def simulated():
    return from_hall(HALL, days=40, seed=21)


def as_past(sample, until):
    """The sample as the hall would have written it down, its last day being the one before `until`."""
    last = int(sample.day.max())
    return tuple(
        PastWait(
            sample.queues[sample.queue[row]], until - dt.timedelta(days=1 + last - int(sample.day[row])),
            Seen(
                int(sample.ahead[row]), sample.work_s[row], int(sample.counters[row]), int(sample.free[row]),
                int(sample.around[row]), sample.oldest_s[row], sample.at_s[row],
            ),
            float(sample.wait_s[row]),
        )
        for row in range(len(sample))
    )  # fmt: skip


@pytest.fixture
def past(cast, now, simulated, monkeypatch):
    """Twenty days of the first hall; the other one has none."""
    set_clock(cast.hall, now)
    mine = as_past(simulated.part(simulated.day < 20), now.date())
    monkeypatch.setattr(announcing, "past_waits", lambda setup, **_days: mine if setup.id == cast.hall else ())
    return mine


@pytest.mark.req("QUE-01")
def test_the_next_ticket_is_told_by_the_model_that_the_hall_has_learnt(cast, actor_of, now, past):
    assert announcing.renew_in_slices.func() == 1
    (model,) = wait_models_of(cast.hall)
    days = [one.day for one in past]
    assert (model.version, model.made_on, model.from_day) == (1, now.date(), min(days).isoformat())
    assert model.to_day == max(days).isoformat()
    assert model.coverage >= 0.85
    assert Fact.objects.get(kind="waits.installed").actor_kind == "system"
    open_counter(hall=cast.hall, counter=cast.counters["1"], actor=actor_of("1001"), now=now)
    issued = issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=actor_of("1101"), now=now)
    assert Fact.objects.get(subject=issued.id, kind="ticket.issued").data["quoted_by"] == 1


def test_what_was_learnt_holds_on_days_after(cast, now, past, simulated):
    model = announcing.model_of(cast.hall, now=now)
    figures = measure(model, simulated.part(simulated.day >= 20))
    assert figures.coverage >= 0.85
    assert abs(figures.coverage - model.measured["coverage"]) < 0.06


def test_a_model_is_made_once_a_day(cast, now, past):
    assert announcing.renew_in_slices.func() == 1
    assert announcing.renew_in_slices.func() == 0
    set_clock(cast.hall, now + dt.timedelta(days=1))
    assert announcing.renew_in_slices.func() == 1
    assert [one.version for one in wait_models_of(cast.hall)] == [2, 1]


def test_a_worker_looks_after_many_halls_slice_by_slice(cast, now, past, monkeypatch):
    assert (announcing.ask_for_wait_models(), announcing.ask_for_wait_models()) == (True, False)
    monkeypatch.setattr(announcing, "SLICE_S", -1.0)
    first, second = sorted(map(str, Hall.objects.values_list("pk", flat=True)))
    waiting = lambda: [row.args_kwargs["args"] for row in DBTaskResult.objects.all()]  # noqa: E731
    assert waiting() == [[]]
    renewed = announcing.renew_in_slices.func()
    assert sorted(waiting()) == [[], [first]]
    renewed += announcing.renew_in_slices.func(first)
    assert sorted(waiting()) == [[], [first], [second]]
    assert announcing.renew_in_slices.func(second) == 0
    assert (renewed, len(waiting())) == (1, 3)
    assert len(wait_models_of(cast.hall)) == 1


def test_a_hall_that_has_just_begun_learns_from_simulated_days_and_is_calibrated_on_its_own(
    cast, now, simulated, monkeypatch
):
    set_clock(cast.hall, now)
    mine = as_past(simulated.part(simulated.day < 2), now.date())
    monkeypatch.setattr(announcing, "past_waits", lambda setup, **_days: mine if setup.id == cast.hall else ())
    assert announcing.model_of(cast.hall, now=now) is None
    asked = []
    days = from_hall(HALL, days=60, seed=22)
    model = announcing.model_of(cast.hall, now=now, simulated=lambda: asked.append(1) or days)
    assert asked == [1]
    figures = measure(model, simulated.part(simulated.day >= 2))
    assert figures.coverage >= 0.85
    assert model.measured["customers"] == len(mine)


def test_a_hall_with_many_days_of_its_own_asks_for_no_simulated_ones(cast, now, simulated, monkeypatch):
    set_clock(cast.hall, now)
    mine = as_past(simulated.part(simulated.day < announcing.OWN_DAYS + 1), now.date())
    monkeypatch.setattr(announcing, "past_waits", lambda setup, **_days: mine)
    assert announcing.model_of(cast.hall, now=now, simulated=lambda: pytest.fail("nobody needs them")) is not None


def test_simulated_days_come_from_the_twin_that_the_visits_in_the_lake_make(cast, now, settings, tmp_path):
    settings.LAKE_DIR = tmp_path / "lake"
    set_clock(cast.hall, now)
    hall = Hall.objects.select_related("unit").get(pk=cast.hall)
    assert simulated_days(hall, now.date()) is None  # no visits, no twin
    lived_weeks(cast.hall, now)
    sample = simulated_days(hall, now.date())
    assert sample.queues == ("A", "B")
    assert len(sample) / (DAYS * AHEAD) == pytest.approx(260, rel=0.15)  # as many a day as the past has


def test_a_hall_without_a_past_keeps_the_plain_range(cast, now):
    set_clock(cast.hall, now)
    assert announcing.renew_in_slices.func() == 0
    assert wait_models_of(cast.hall) == ()
    assert fresh_setup(cast.hall).waits is None


def test_waits_that_no_state_tells_make_no_model_that_a_hall_would_take_up(cast, now, monkeypatch, simulated):
    """The last days are wholly unlike those before: the rehearsal finds out, and the hall keeps what it has."""
    set_clock(cast.hall, now)
    own = simulated.part(simulated.day < 20)
    unlike = replace(own, wait_s=np.where(own.day >= 16, own.wait_s * 5 + 600, own.wait_s))
    monkeypatch.setattr(
        announcing, "past_waits", lambda setup, **_days: as_past(unlike, now.date()) if setup.id == cast.hall else ()
    )
    assert announcing.renew_in_slices.func() == 0
    assert wait_models_of(cast.hall) == ()
