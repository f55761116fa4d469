"""A model of categories: what it says of itself is true on cases it has not seen, and it says nothing where it cannot."""

import random
from dataclasses import replace

import numpy as np
import pytest

from yingting.domains.detection.rules.features import BUCKETS, numbered
from yingting.domains.detection.rules.guessing import as_bytes, from_bytes
from yingting.domains.detection.rules.learning import Example, learn
from yingting.domains.detection.rules.shapes import Suggesting, Verdict

RULE = Suggesting(least_cases=200, least_each=15)
KEY = b"a key of the test"
PARTS = {
    "network": ("宽带断网", "网速很慢", "光猫亮红灯", "信号不好打不通"),
    "fees": ("账单多收钱", "扣费不明", "套餐费用太高", "流量超出收费"),
    "service": ("营业员态度差", "排队太久", "没有人接待", "解释不清楚"),
}
AROUND = ("请尽快处理", "已经很多天了", "多次反映", "要求答复", "在天河路营业厅", "非常不满意")


def examples(n, seed=1, noise=0.0):
    """So many texts by category; of a share `noise` the category is drawn at random."""
    draw = random.Random(seed)
    made = []
    for _n in range(n):
        code = draw.choice(tuple(PARTS))
        text = "，".join([draw.choice(PARTS[code]), *draw.sample(AROUND, 2)])
        made.append(Example(text, draw.choice(tuple(PARTS)) if draw.random() < noise else code))
    return made


def test_a_model_learns_and_its_figures_are_those_of_later_cases():
    learnt = learn(examples(400, noise=0.2), RULE, KEY)
    assert learnt.verdict is Verdict.CARRIES
    assert (learnt.figures.learnt, learnt.figures.measured) == (320, 80)
    # A fifth is drawn at random, a third of it right by chance: nobody can be right more often than 0.87.
    assert 0.75 <= learnt.figures.accuracy <= 0.93
    assert learnt.figures.baseline < 0.5 < learnt.figures.low < learnt.figures.accuracy
    assert learnt.figures.top3 == 1.0
    assert learnt.figures.off < 0.12
    assert sum(one.n for one in learnt.figures.bins) == 80
    assert learnt.model.of("光猫亮红灯，两天没人来", KEY)[0][0] == "network"


def test_confidence_is_about_the_share_that_is_right():
    learnt = learn(examples(1500, seed=2, noise=0.4), RULE, KEY)
    sure = [learnt.model.of(one.text, KEY)[0][1] for one in examples(100, seed=3)]
    # 0.6 are as they are, and a third of the 0.4 by chance: 0.73 is what anybody could be sure of.
    assert np.mean(sure) == pytest.approx(0.73, abs=0.06)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (examples(150), Verdict.FEW_CASES),
        ([], Verdict.FEW_CASES),
        ([replace(one, category="fees") for one in examples(400)], Verdict.FEW_CATEGORIES),
        (examples(400, noise=1.0), Verdict.NOT_BETTER),
    ],
    ids=["too few cases", "no case", "one category", "categories drawn at random"],
)
def test_what_cannot_be_carried_is_not_suggested(given, verdict):
    learnt = learn(given, RULE, KEY)
    assert (learnt.verdict, learnt.model) == (verdict, None)


def test_a_rare_category_is_never_named_and_counts_as_wrong():
    rare = [Example("积分兑换不了礼品", "points") for _n in range(12)]
    mixed = examples(388, seed=4) + rare
    random.Random(5).shuffle(mixed)
    learnt = learn(mixed, RULE, KEY)
    assert "points" not in learnt.model.categories
    late = mixed[-80:]
    missed = sum(one.category == "points" for one in late)
    assert learnt.figures.accuracy <= 1 - missed / 80


def test_what_is_kept_is_numbers_and_comes_back_as_the_same_model():
    model = learn(examples(300), RULE, KEY).model
    packed = as_bytes(model)
    again = from_bytes(model.categories, model.warmth, packed)
    text = "宽带断网，请尽快处理"
    assert [code for code, _sure in again.of(text, KEY)] == [code for code, _sure in model.of(text, KEY)]
    assert again.of(text, KEY)[0][1] == pytest.approx(model.of(text, KEY)[0][1], abs=0.005)
    # Nothing of the texts is in it, neither as such nor as UTF-8 inside the packed numbers.
    assert not any(part.encode() in packed for parts in PARTS.values() for part in parts)
    with pytest.raises(ValueError, match="shape"):
        from_bytes((*model.categories, "other"), 1.0, packed)


def test_which_group_has_which_number_depends_on_the_secret():
    one, other = (set(numbered("宽带断网，请尽快处理", key)[0].tolist()) for key in (b"one", b"other"))
    assert one == set(numbered("宽带断网 请尽快处理!", b"one")[0].tolist())
    assert len(one & other) <= 2
    assert max(one) < BUCKETS


def test_groups_of_one_or_two_texts_leave_no_weight():
    alone = Example("王小明住在体育西路九百号三零二房", "fees")
    model = learn([*examples(300), alone], RULE, KEY).model
    known = {place for one in examples(300) for place in numbered(one.text, KEY)[0].tolist()}
    only = [place for place in numbered(alone.text, KEY)[0].tolist() if place not in known]
    assert len(only) > 20
    assert not model.weights[:, only].any()
