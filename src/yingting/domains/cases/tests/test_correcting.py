"""Clocks set right: with a reason, by two people; a breach is not recoloured."""

import datetime as dt

import pytest

from yingting.domains.cases.actions import closing, correcting, holding
from yingting.domains.cases.models import Case, Clock, ClockEntry
from yingting.domains.cases.tests.stories import answered, called_back, complaint, minutes, verified
from yingting.domains.cases.tests.test_remedies import refused
from yingting.foundation.journal.models import Fact
from yingting.kernel.worktime.limits import Limit, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(cast, actor_of, now):
    """Accepted after 45 minutes: the 30 of the acceptance clock are over."""
    case = complaint(actor_of, now)
    holding.accept(case=case.id, actor=actor_of("1001"), now=minutes(now, 45))
    return case


def stop_of(case):
    return ClockEntry.objects.get(clock__case=case.id, clock__code="accept", kind="stop").pk


def test_only_an_approved_correction_shows_that_there_was_no_breach(late, actor_of, now):
    clock = Clock.objects.get(case_id=late.id, code="accept")
    assert (clock.breached_at, clock.breach_s) == (minutes(now, 30), 900)
    proposal = correcting.propose_correction(
        case=late.id, entry=stop_of(late), at=minutes(now, 20), reason="接单时系统中断,纸质登记为 10:20", actor=actor_of("1301"),
        now=minutes(now, 60),
    )  # fmt: skip
    assert Clock.objects.get(pk=clock.pk).breached_at == minutes(now, 30)
    deciding = {"case": late.id, "correction": proposal, "approves": True, "now": minutes(now, 70)}
    refused("case.correction_self", correcting.decide_correction, actor=actor_of("1301"), **deciding)
    correcting.decide_correction(actor=actor_of("9001"), **deciding)
    clock.refresh_from_db()
    assert (clock.breached_at, clock.breach_s, clock.is_running) == (None, None, False)
    assert Fact.objects.filter(kind="clock.breached", data__code="accept").count() == 1
    corrected = Fact.objects.get(kind="clock.breach_corrected").data
    assert (corrected["was"], corrected["at"]) == ("2026-01-05T02:30:00+00:00", None)


def test_a_refused_correction_changes_nothing(late, actor_of, now):
    proposal = correcting.propose_correction(
        case=late.id, entry=stop_of(late), at=None, reason="误点", actor=actor_of("1301"), now=minutes(now, 60)
    )
    entries = ClockEntry.objects.count()
    correcting.decide_correction(
        case=late.id,
        correction=proposal,
        approves=False,
        words="记录属实",
        actor=actor_of("9001"),
        now=minutes(now, 70),
    )
    assert ClockEntry.objects.count() == entries
    assert Clock.objects.get(case_id=late.id, code="accept").breached_at == minutes(now, 30)


def test_a_closed_case_gets_no_running_clock_by_a_correction(cast, actor_of, now):
    case = verified(actor_of, now)
    answered(case, actor_of, now)
    called_back(case, actor_of, now)
    closing.close(case=case.id, actor=actor_of("1301"), now=minutes(now, 23))
    entry = ClockEntry.objects.get(clock__case=case.id, clock__code="inner", kind="stop").pk
    proposal = correcting.propose_correction(
        case=case.id, entry=entry, at=None, reason="答复并未送达", actor=actor_of("1301"), now=minutes(now, 60)
    )
    deciding = {
        "case": case.id,
        "correction": proposal,
        "approves": True,
        "actor": actor_of("9001"),
        "now": minutes(now, 70),
    }
    refused("clock.order", correcting.decide_correction, **deciding)


def test_a_superior_gives_a_clock_of_the_house_another_limit_and_never_one_of_the_law(late, actor_of, now):
    manager, longer = actor_of("1301"), Limit(8, Unit.WORKING_DAYS, counts_start_day=False)
    inner, law = (Clock.objects.get(case_id=late.id, code=code) for code in ("inner", "answer"))
    given = {"case": late.id, "limit": longer, "reason": "需跨省核查", "now": minutes(now, 50)}
    refused("case.clock_by_law", correcting.retarget, clock=law.pk, actor=manager, **given)
    refused("access.refused", correcting.retarget, clock=inner.pk, actor=actor_of("1001"), **given)
    was = inner.due_at
    correcting.retarget(clock=inner.pk, actor=manager, **given)
    inner.refresh_from_db()
    assert inner.due_at == was + dt.timedelta(days=3)
    assert Case.objects.get(pk=late.id).version > 2
