"""What the pure planner says is told in Chinese too, and every rule has a name and a sentence."""

import pytest
from django.utils.translation import gettext, override

from yingting.planning.rosters.words import RULES, WANTED, joined
from yingting.twin.rostering.breaks import SENTENCES, Break, Code

EXPORTED = ("Hours on duty", "away", "On post", "Missing", "Too many", "Break from %(from)s to %(until)s.")


@pytest.mark.parametrize("sentence", [*SENTENCES.values(), *RULES.values(), *WANTED.values(), *EXPORTED])
def test_every_sentence_of_a_plan_has_chinese_words(sentence):
    with override("zh-hans"):
        assert gettext(sentence) != sentence


def test_every_rule_has_its_words():
    assert set(SENTENCES) == set(RULES) == set(Code)


def under(time, count=1, day="2026-01-12", skill="A"):
    return Break(Code.UNDER, 10.0 * count, {"day": day, "time": time, "skill": skill, "count": count})


def test_half_hours_in_a_row_are_told_once():
    found = joined(
        [under("09:00"), under("09:30"), under("10:30"), under("11:00", 2), under("09:00", day="2026-01-13")]
    )
    assert [(one.values["day"], one.values["time"], one.values["count"], one.cost) for one in found] == [
        ("2026-01-12", "09:00–10:00", 1, 20.0), ("2026-01-12", "10:30–11:00", 1, 10.0),
        ("2026-01-12", "11:00–11:30", 2, 20.0), ("2026-01-13", "09:00–09:30", 1, 10.0),
    ]  # fmt: skip
