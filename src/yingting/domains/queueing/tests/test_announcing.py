"""A hall tells waits by its installed wait model, and by the plain reckoning without a fresh one."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from yingting.domains.queueing import statements
from yingting.domains.queueing.actions.announcing import install_wait_model
from yingting.domains.queueing.actions.calling import call_next
from yingting.domains.queueing.models import InstalledWaitModel, Ticket
from yingting.domains.queueing.queries.announcing import ANNOUNCING, past_waits, wait_models_of
from yingting.domains.queueing.queries.boards import hall_board
from yingting.domains.queueing.queries.pressure import pressure
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.queries.tickets import ticket_place
from yingting.domains.queueing.rules import quoted_range
from yingting.domains.queueing.rules.announcing import AnnouncingRule, InstalledWaits, Line, newcomer_sees, told_range
from yingting.domains.queueing.statements import shared
from yingting.domains.queueing.tests.screens import person, set_clock
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.journal.models import Fact
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal
from yingting.twin.tests.test_waits import PLAIN
from yingting.twin.waits import Seen, WaitModel

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
# By the minute: ten for a handling's rest, one more for each second of work: no plain reckoning says that.
STRANGE = replace(PLAIN, knots_s=(0.0, 90_000.0), low_s=(600.0, 90_600.0), middle_s=(660.0, 90_660.0), high_s=(780.0, 90_780.0),
                  mean_s=(660.0, 90_660.0), offsets_s=(0.0,))  # fmt: skip
GOOD = {"coverage": 0.91, "customers": 1000.0}


def a_model(*letters, **changes):
    model = WaitModel(
        dict.fromkeys(letters or ("A", "B", "C", "D"), STRANGE), 32_400.0, 3600.0, 0.9, "digest", measured=GOOD
    )
    return replace(model, **changes)


@pytest.fixture
def floor(open_hall, hands):
    """Counter 1 is open and serves somebody; two wait in the queue of fees."""
    hands.open("1")
    hands.issue()
    hands.call("1")
    hands.issue()
    hands.issue()
    return hands


def install(cast, model=None, at=None, who="9901"):
    now = at or dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    return install_wait_model(hall=cast.hall, model=model or a_model(), actor=person(who), now=now)


def publish(cast, at, **values):
    hall = Hall.objects.select_related("unit").get(pk=cast.hall)
    publish_rule(
        ANNOUNCING, unit=hall.unit_id, rule=AnnouncingRule(**values), valid_from=at.date(), actor=person("9901"), now=at
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ what is told
@pytest.mark.req("QUE-01")
def test_ticket_phone_board_and_pressure_tell_the_range_of_the_model_in_use(floor, now):
    cast = floor.cast
    plain = floor.issue()
    install(cast)
    issued = floor.issue()
    setup = fresh_setup(cast.hall)
    look = ticket_place(setup, issued.id, now=floor.now)
    assert plain.low_min < 10 <= issued.low_min < issued.high_min
    assert (look.ahead, look.low_min, look.high_min) == (issued.ahead, issued.low_min, issued.high_min)
    (queue,) = [one for one in hall_board(setup, now=floor.now).queues if one.id == issued.queue]
    (line,) = [one for one in pressure(setup, now=floor.now).lines if one.id == issued.queue]
    newcomer = floor.issue()
    assert (queue.low_min, queue.high_min) == (newcomer.low_min, newcomer.high_min)
    assert line.high_min == newcomer.high_min
    assert newcomer.low_min > issued.low_min


@pytest.mark.req("QUE-01")
def test_the_ticket_keeps_which_model_told_it_and_what_was_seen(floor):
    before = floor.issue()
    install(floor.cast)
    issued = floor.issue()
    data = {one: Fact.objects.get(subject=one, kind="ticket.issued").data for one in (before.id, issued.id)}
    assert (data[before.id]["quoted_by"], data[issued.id]["quoted_by"]) == (0, 1)
    seen = data[issued.id]["seen"]
    expected = sum(Ticket.objects.filter(state="waiting").exclude(pk=issued.id).values_list("expected_s", flat=True))
    assert (seen["work_s"], seen["counters"], seen["free"], seen["around"]) == (expected, 1, 0, 0)
    assert 0 <= seen["oldest_s"] < 60
    install(floor.cast, a_model(inputs="another"))
    assert Fact.objects.get(subject=floor.issue().id, kind="ticket.issued").data["quoted_by"] == 2


def test_those_around_are_who_waits_for_the_same_counters_in_other_queues(floor):
    others = [floor.issue(business) for business in ("sim", "sim", "fee")]
    queues = {one.queue for one in others}
    assert len(queues) == 2
    data = Fact.objects.get(subject=others[-1].id, kind="ticket.issued").data
    assert data["seen"]["around"] == 2
    assert data["quoted_ahead"] == 2


def test_a_queue_that_the_model_does_not_know_has_the_plain_range(floor):
    install(floor.cast, a_model("Z"))
    issued = floor.issue()
    assert Fact.objects.get(subject=issued.id, kind="ticket.issued").data["quoted_by"] == 0
    assert issued.high_min < 30


@pytest.mark.req("QUE-01")
@pytest.mark.parametrize(("days", "is_by_model"), [(0, True), (13, True), (14, False), (40, False)])
def test_a_stale_model_is_no_longer_told_by(open_hall, now, days, is_by_model):
    install(open_hall, at=now - days * DAY)
    set_clock(open_hall.hall, now)
    assert (fresh_setup(open_hall.hall).waits is not None) is is_by_model


def test_how_long_a_model_is_used_is_a_rule(open_hall, now):
    install(open_hall, at=now - 3 * DAY)
    assert fresh_setup(open_hall.hall).waits is not None
    publish(open_hall, now, stale_days=3)
    set_clock(open_hall.hall, now)
    assert fresh_setup(open_hall.hall).waits is None
    assert InstalledWaitModel.objects.get().replaced_at is None


def test_without_a_counter_nothing_is_told_model_or_not(open_hall, hands):
    install(open_hall)
    issued = hands.issue()
    assert (issued.low_min, issued.high_min) == (None, None)
    assert Fact.objects.get(subject=issued.id, kind="ticket.issued").data["quoted_by"] == 0


def test_the_first_answer_to_a_key_is_told_again_after_a_new_model(floor):
    first = floor.issue(request_key="one")
    install(floor.cast)
    assert floor.issue(request_key="one") == first


# ------------------------------------------------------------------------------------------------ the hot path
def asked(monkeypatch, act):
    """How many statements the driver and Django sent."""
    direct = []
    for module in (statements, shared):
        real = module.one_row
        monkeypatch.setattr(module, "one_row", lambda *words, real=real: direct.append(words) or real(*words))
    with CaptureQueriesContext(connection) as through_django:
        act()
    monkeypatch.undo()
    reads = [one["sql"] for one in through_django if "SAVEPOINT" not in one["sql"]]
    return len(direct), len(reads)


def test_a_model_costs_no_query_where_a_ticket_is_issued(floor, monkeypatch):
    floor.issue()
    plain = asked(monkeypatch, floor.issue)
    install(floor.cast)
    floor.issue()
    by_model = asked(monkeypatch, floor.issue)
    assert by_model == plain
    assert plain[0] == (6 if connection.vendor == "sqlite" else 2)


# ------------------------------------------------------------------------------------------------ taking up
@pytest.mark.req("QUE-01")
def test_a_hall_has_one_model_in_use_and_keeps_the_others(cast, now):
    first = install(cast, at=now)
    second = install(cast, a_model(inputs="later", from_day="2026-01-01", to_day="2026-01-30"), at=now + DAY)
    assert (first.version, second.version) == (1, 2)
    assert fresh_setup(cast.hall).waits in (None, second)  # the cast's clock may be beyond its days
    kept = wait_models_of(cast.hall)
    assert [(one.version, one.inputs, one.replaced_at) for one in kept] == [
        (2, "later", None),
        (1, "digest", now + DAY),
    ]
    assert (kept[0].made_on, kept[0].stated, kept[0].coverage) == ((now + DAY).date(), 0.9, 0.91)
    facts = Fact.objects.filter(kind="waits.installed").order_by("occurred_at")
    assert [(fact.subject, fact.version, fact.actor_kind) for fact in facts] == [
        (first.id, 1, "person"), (second.id, 1, "person"),
    ]  # fmt: skip
    assert facts[1].data == {
        "number": 2, "made_on": "2026-01-06", "inputs": "later", "from_day": "2026-01-01", "to_day": "2026-01-30",
        "stated": 0.9, "coverage": 0.91, "queues": ["A", "B", "C", "D"],
    }  # fmt: skip


def test_the_same_model_again_on_the_same_day_changes_nothing(cast, now):
    first, again = install(cast, at=now), install(cast, at=now + dt.timedelta(hours=1))
    assert again.id == first.id
    assert InstalledWaitModel.objects.count() == Fact.objects.filter(kind="waits.installed").count() == 1
    assert install(cast, at=now + DAY).version == 2  # made anew: it is fresh again


@pytest.mark.parametrize(("changes", "code"), [
    ({"measured": {"coverage": 0.849}}, "waits.weak"), ({"measured": {}}, "waits.unusable"), ({"queues": {}}, "waits.unusable"),
    ({"queues": {"A": replace(PLAIN, high_s=(900.0, 1.0))}}, "waits.unusable"),
])  # fmt: skip
def test_a_weak_or_broken_model_is_refused_and_nothing_changes(cast, now, changes, code):
    install(cast, at=now)
    version = Hall.objects.get(pk=cast.hall).config_version
    with pytest.raises(Refusal) as refused:
        install(cast, a_model(**changes), at=now + DAY)
    assert refused.value.code == code
    assert [one.version for one in wait_models_of(cast.hall)] == [1]
    assert Hall.objects.get(pk=cast.hall).config_version == version


@pytest.mark.parametrize(("who", "code"), [("1001", "access.refused"), ("2001", "hall.unknown")])
def test_only_who_configures_the_hall_may_install(cast, now, who, code):
    with pytest.raises(Refusal) as refused:
        install(cast, who=who)
    assert refused.value.code == code
    assert not InstalledWaitModel.objects.exists()


# ------------------------------------------------------------------------------------------------ learning from the past
def test_past_waits_are_what_was_seen_and_how_long_it_took(floor, now):
    cast = floor.cast
    issued = floor.issue()
    clerk, seat = floor.seats["1"]
    first = Ticket.objects.get(state="called")
    floor.start("1", first.pk)
    floor.finish("1", first.pk)
    called = call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=floor.now)
    setup = fresh_setup(cast.hall)
    day = setup.day(floor.now)
    past = past_waits(setup, from_day=day, to_day=day)
    assert len(past) == 4
    assert [one.wait_s is None for one in past] == [False, False, True, True]
    row = Ticket.objects.get(pk=called.id)
    assert past[1].wait_s == (row.first_called_at - row.issued_at).total_seconds()
    mine = past[-1]
    assert (mine.day, mine.seen.ahead, mine.seen.counters, mine.seen.free) == (day, issued.ahead, 1, 0)
    assert mine.queue == fresh_setup(cast.hall).queues[issued.queue].letter
    assert past_waits(setup, from_day=day + DAY, to_day=day + DAY) == ()


# ------------------------------------------------------------------------------------------------ rules
INSTALLED = InstalledWaits(Hall().pk, 3, a_model(), dt.date(2026, 1, 5))


@given(ahead=st.integers(0, 40), work_s=st.integers(0, 9000), counters=st.integers(0, 6), free=st.integers(0, 6))
def test_without_a_model_the_plain_range_is_told(ahead, work_s, counters, free):
    told = told_range(None, "A", Seen(ahead, work_s, counters, free))
    assert told.minutes == quoted_range(ahead=ahead, work_s=float(work_s), counters=counters, free=free)
    assert told.by == 0


@given(
    st.lists(st.integers(10, 900), max_size=30), st.lists(st.booleans(), min_size=1, max_size=5), st.integers(10, 900)
)
def test_one_more_in_the_line_never_lowers_what_a_newcomer_is_told(expected, serving, more):
    """Somebody more may use up the last free counter; the range does not fall then either."""
    now = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    a, b = (tuple(expected), (*expected, more))
    told = [
        told_range(
            INSTALLED, "A", newcomer_sees("q", {"q": Line(line, now)}, frozenset(), serving, now=now, at_s=36_000.0)
        )
        for line in (a, b)
    ]
    assert told[0].minutes[0] <= told[1].minutes[0]
    assert told[0].minutes[1] <= told[1].minutes[1]
    assert told[0].by == told[1].by == 3


def test_what_a_newcomer_sees_counts_the_neighbours():
    now = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    lines = {"q": Line((60, 90), now - dt.timedelta(seconds=75)), "r": Line((30,) * 4, now), "s": Line((30,), now)}
    seen = newcomer_sees("q", lines, frozenset({"r", "t"}), [True, False, False], now=now, at_s=1.0)
    assert seen == Seen(2, 150.0, 3, 1, 4, 75.0, 1.0)
