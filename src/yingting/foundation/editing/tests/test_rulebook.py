"""Rules as data: shipped, written for a unit, inherited, dated, withdrawn."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from yingting.foundation.editing.rulebook.actions import publish_rule, rule_of, withdraw_rule
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook import kinds
from yingting.foundation.rulebook.kinds import Kind, as_body, declare, from_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.rulebook.reading import in_force, in_force_by_key
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import said

pytestmark = pytest.mark.django_db


@dataclasses.dataclass(frozen=True, slots=True)
class Level:
    """A level of an example."""

    name: str = said("Name")
    waiting: int = said("People waiting", low=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Levels:
    """An example of a rule: a number and rows."""

    seconds: int = said("Seconds", default=5)
    levels: tuple[Level, ...] = said("Levels", default=())


def _falling(rule, path):
    if list(rule.levels) != sorted(rule.levels, key=lambda level: level.waiting):
        yield "levels", "Levels rise, and %(name)s does not.", {"name": rule.levels[-1].name}


EXAMPLE = Kind(
    "test.levels", "Levels", "For the tests.", Levels, Levels(5, (Level("yellow", 30),)), "seed 000", Permission.HALL_CONFIGURE,
    check=_falling,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    declare(EXAMPLE)


def unit(code):
    return Unit.objects.get(code=code)


def today(now):
    return now.date()


def published(actor_of, now, code="H01", waiting=40, days=0, **more):
    rule = Levels(7, (Level("yellow", waiting),))
    return publish_rule(
        EXAMPLE, unit=unit(code).pk, rule=rule, valid_from=today(now) + dt.timedelta(days=days), actor=actor_of("9901"), now=now,
        **more,
    )  # fmt: skip


def held(now, code="H01", days=0):
    return in_force(EXAMPLE, path=unit(code).path, day=today(now) + dt.timedelta(days=days))


def test_a_rule_survives_its_way_through_json():
    body = as_body(EXAMPLE, EXAMPLE.shipped)
    assert body == {"seconds": 5, "levels": [{"name": "yellow", "waiting": 30}]}
    assert from_body(EXAMPLE, body) == EXAMPLE.shipped
    assert from_body(EXAMPLE, {"levels": [], "gone": 1}) == Levels(5, ())


def test_what_nobody_wrote_is_as_shipped(cast, now):
    assert held(now).rule == EXAMPLE.shipped
    assert held(now).number == 0


def test_a_version_holds_from_its_first_day_for_the_unit_and_all_below(cast, now, actor_of):
    root = Unit.objects.get(parent=None)
    published(actor_of, now, root.code, waiting=50, days=2)
    assert held(now, days=1).number == 0
    assert [level.waiting for level in held(now, days=2).rule.levels] == [50]
    assert held(now, "H02", days=9).path == root.path


def test_the_nearest_unit_decides_and_the_latest_begun_among_its_versions(cast, now, actor_of):
    published(actor_of, now, Unit.objects.get(parent=None).code, waiting=99, days=1)
    published(actor_of, now, waiting=40)
    published(actor_of, now, waiting=41)
    published(actor_of, now, waiting=60, days=5)
    assert (held(now).number, held(now).rule.levels[0].waiting) == (2, 41)
    assert held(now, days=6).rule.levels[0].waiting == 60
    assert held(now, "H02", days=6).rule.levels[0].waiting == 99


def test_keys_have_rules_of_their_own(cast, now, actor_of):
    published(actor_of, now, waiting=70, key="fee")
    path, day = unit("H01").path, today(now)
    found = in_force_by_key(EXAMPLE, path=path, day=day, keys=("fee", "other"))
    assert [found[key].rule.levels[0].waiting for key in ("fee", "other")] == [70, 30]
    assert list(in_force_by_key(EXAMPLE, path=path, day=day)) == ["fee"]


def test_publishing_is_recorded_and_the_halls_read_their_setup_again(cast, now, actor_of):
    before = Hall.objects.get(code="H01").config_version
    row = published(actor_of, now, reason="月末")
    assert Hall.objects.get(code="H01").config_version == before + 1
    fact = Fact.objects.get(subject=row.pk)
    assert (fact.kind, fact.data["number"], fact.data["body"]["seconds"], fact.actor_label) == (
        "rule.published",
        1,
        7,
        "9901",
    )
    assert rule_of(row) == Levels(7, (Level("yellow", 40),))


@pytest.mark.parametrize(
    ("more", "code"),
    [({"days": -1}, "rule.backdated"), ({"read": 3}, "record.outdated")],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(cast, now, actor_of, more, code):
    with pytest.raises(Refusal) as refused:
        published(actor_of, now, **more)
    assert refused.value.code == code
    assert not RuleVersion.objects.exclude(author_label="system").exists()


def test_a_rule_that_its_kind_finds_wrong_is_refused_with_the_sentence(cast, now, actor_of):
    wrong = Levels(7, (Level("red", 80), Level("yellow", 30)))
    with pytest.raises(Refusal) as refused:
        publish_rule(EXAMPLE, unit=unit("H01").pk, rule=wrong, valid_from=today(now), actor=actor_of("9901"), now=now)
    assert refused.value.params == {"sentence": "Levels rise, and yellow does not.", "field": "levels"}
    assert not RuleVersion.objects.exclude(author_label="system").exists()


@pytest.mark.parametrize(("who", "code"), [("1001", "access.refused"), ("2001", "hall.unknown")])
def test_only_who_configures_the_hall_writes_rules(cast, now, actor_of, who, code):
    with pytest.raises(Refusal) as refused:
        publish_rule(
            EXAMPLE, unit=unit("H01").pk, rule=EXAMPLE.shipped, valid_from=today(now), actor=actor_of(who), now=now
        )
    assert refused.value.code == code
    assert not RuleVersion.objects.exclude(author_label="system").exists()


def test_a_version_to_come_can_be_withdrawn_one_in_force_cannot(cast, now, actor_of):
    admin = actor_of("9901")
    coming, held_now = published(actor_of, now, days=3), published(actor_of, now)
    withdraw_rule(coming.pk, actor=admin, now=now)
    withdraw_rule(coming.pk, actor=admin, now=now)
    assert held(now, days=4).number == held_now.number
    assert Fact.objects.filter(subject=coming.pk, kind="rule.withdrawn").count() == 1
    with pytest.raises(Refusal) as refused:
        withdraw_rule(held_now.pk, actor=admin, now=now)
    assert refused.value.code == "rule.in_force"
