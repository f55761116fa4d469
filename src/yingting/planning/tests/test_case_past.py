"""The past of a demo's cases has something of everything, and nothing in it was forced past a rule."""

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction

from yingting.domains.cases.actions.escalating import look
from yingting.domains.cases.models import (
    Appeal,
    CallBack,
    Case,
    Clock,
    Escalation,
    Finding,
    Handover,
    Link,
    MeetingItem,
    Promise,
    Remedy,
    SupportRating,
)
from yingting.domains.cases.queries.desk import desk_of
from yingting.domains.cases.queries.shipped_processes import PROCESSES
from yingting.domains.detection.models import UnawareAlarm
from yingting.domains.voices.models import Consultation, Suggestion
from yingting.foundation.journal.models import Fact
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM
from yingting.planning.case_past import Past, live_the_past
from yingting.planning.case_stories import counter
from yingting.planning.casework import Staff
from yingting.planning.complaints import Complaints
from yingting.planning.living_hall import LivingHall
from yingting.planning.troupe import PARTS, hire_behind, players

UNTIL = dt.datetime(2026, 11, 23, 0, 27, tzinfo=dt.UTC)
H01 = "GD/GZ/TH/H01/"


@pytest.fixture
def staffed(cast):
    for part in PARTS:
        players(part, Hall.objects.select_related("unit").get(code=part.hall_code))
    hire_behind()
    return cast


@pytest.mark.slow
def test_the_past_has_something_of_everything(staffed, actor_of):
    n = live_the_past(UNTIL)
    assert 60 <= n <= 90
    states = Counter(Case.objects.values_list("state", flat=True))
    assert states["closed"] > states["open"] >= 15
    assert {"closed", "open", "waits_customer", "waits_others", "merged"} <= set(states)
    assert set(Case.objects.values_list("process", flat=True)) == set(PROCESSES)
    for staff_no in ("1001", "1201", "1301", "9001"):
        assert Case.objects.filter(owner__staff_no=staff_no).exists(), staff_no
    assert Case.objects.filter(next_due_at__lt=UNTIL).count() >= 5
    assert set(Handover.objects.values_list("answer", flat=True)) == {"", "accepted", "declined"}
    assert {at is None for at in MeetingItem.objects.values_list("decided_at", flat=True)} == {True, False}
    assert {"proposed", "confirmed", "appealed", "reversed"} <= set(Finding.objects.values_list("state", flat=True))
    assert {at is None for at in Appeal.objects.values_list("decided_at", flat=True)} == {True, False}
    assert set(Promise.objects.values_list("kept", flat=True)) >= {True, False}
    assert set(Remedy.objects.values_list("state", "effect")) >= {
        ("open", ""),
        ("verified", ""),
        ("verified", "better"),
    }
    assert len(set(CallBack.objects.values_list("band", flat=True))) >= 3
    assert SupportRating.objects.count() >= 2
    assert Case.objects.filter(cycle=2).count() == 2
    assert Link.objects.filter(sort="repeat").exists()
    assert UnawareAlarm.objects.get().case.kind == "violation"
    assert Suggestion.objects.order_by("-votes").first().votes >= 3
    assert set(Consultation.objects.values_list("state", flat=True)) == {"open", "finished"}
    reader = actor_of("9001")
    assert all(desk_of(reader, case, UNTIL).events for case in Case.objects.values_list("pk", flat=True))


def test_a_story_keeps_its_moments_and_goes_by_the_same_dice(staffed):
    told = []
    for _ in range(2):
        with transaction.atomic():
            past = Past(UNTIL, seed=7)
            begun = past.when(6, 10)
            past.plan(begun, counter(Staff(H01, past.dice), begun, category="fees.bill"))
            past.live()
            case = Case.objects.get()
            assert (case.state, case.registered_at) == ("closed", begun)
            facts = Fact.objects.filter(subject=case.pk).order_by("version")
            told.append(list(facts.values_list("kind", "occurred_at", "actor_label")))
            clock = Clock.objects.get(case=case, code="answer")
            assert (clock.is_running, clock.breached_at) == (False, None)
            transaction.set_rollback(True)
    assert told[0] == told[1]
    assert begun <= max(at for _kind, at, _who in told[0]) < UNTIL


def test_the_past_sees_what_ran_over_at_the_time_when_it_did(staffed):
    past = Past(UNTIL, seed=7)
    begun = past.when(12, 10)
    past.plan(begun, counter(Staff(H01, past.dice), begun, deeds=1))
    past.plan_looks()
    past.live()
    reached = Escalation.objects.order_by("reached_at")
    assert reached.count() >= 3
    assert all(dt.timedelta() <= one.done_at - one.reached_at < dt.timedelta(days=1) for one in reached)
    assert look(actor=SYSTEM, now=UNTIL) == 0


def test_played_staff_works_on_what_is_theirs_and_leaves_alone_what_is_somebody_elses(staffed):
    day, doors = dt.date(2026, 1, 5), dt.datetime(2026, 1, 5, 0, 30, tzinfo=dt.UTC)
    hall = LivingHall(PARTS[0], Hall.objects.select_related("unit").get(pk=staffed.hall), seed=1)
    hall.clear_for(day)
    complaints = Complaints(hall)
    complaints.begin_day(doors)
    hall.live_until(doors + dt.timedelta(hours=8))
    made = Case.objects.filter(unit__code="H01")
    assert made.count() >= 5
    assert made.filter(state="closed").exists()
    real = Fact.objects.filter(
        kind__startswith="case.", actor_kind="person", actor_label__in=("1001", "1101", "1201", "1301")
    )
    assert not real.exists()
