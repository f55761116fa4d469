"""Texts nearly the same: found as a slow comparison of all pairs finds them, without chains."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.domains.detection.rules.alike import batches, in_common
from yingting.domains.detection.rules.features import groups, one_form

SAME = (
    "宽带从周二开始一直断网，报修没人来",
    "宽带从周二开始一直断网,报修没有人来!",
    "家里宽带从周二开始一直断网，报修没人来",
)
OTHERS = ("营业员态度很差，不愿意解释套餐内容", "话费账单多收了三十元，请退回", "排队等了一个多小时才叫到我的号码")


def found(texts, **rule):
    return batches(dict(enumerate(texts)), **{"alike": 0.6, "size": 3, "shortest": 8, **rule})


def test_three_texts_nearly_the_same_are_a_batch_and_others_are_none():
    (batch,) = found([*OTHERS, *SAME])
    assert {key for key, _share in batch.members} == {3, 4, 5}
    assert batch.members[0][1] == 1.0
    assert all(0.6 <= share <= 1 for _key, share in batch.members)


def test_texts_that_say_too_little_are_not_compared():
    assert found(["网络不好"] * 5) == []
    assert len(found(["网络不好"] * 5, shortest=4)[0].members) == 5


def test_numbers_and_marks_make_no_difference():
    assert one_form("多收了３０元!!") == one_form("多收了 58 元").replace(" ", "", 1).replace("0 元", "0元")
    assert len(found([f"我的套餐被多扣了{n}元，请尽快退还给我" for n in (30, 158, 9)])) == 1


def test_small_steps_do_not_join_texts_that_have_little_in_common():
    text = "".join(chr(0x4E00 + n) for n in range(40))
    steps = [
        text[at : at + 20] for at in range(0, 21, 4)
    ]  # each has most in common with the next, the ends have nothing
    assert in_common(groups(steps[0], 3), groups(steps[-1], 3)) == 0
    for batch in found(steps, alike=0.5, size=2):
        first = batch.members[0][0]
        assert all(in_common(groups(steps[first], 3), groups(steps[key], 3)) >= 0.5 for key, _share in batch.members)


@settings(max_examples=25)
@given(st.lists(st.text("宽带断网很慢修理", min_size=8, max_size=14), min_size=2, max_size=10))
def test_members_are_measured_and_no_text_is_in_two_batches(texts):
    shingles = [groups(text, 3) for text in texts]
    told = found(texts, size=2)
    keys = [key for batch in told for key, _share in batch.members]
    assert len(keys) == len(set(keys))
    for batch in told:
        first = batch.members[0][0]
        assert all(share == in_common(shingles[first], shingles[key]) >= 0.6 for key, share in batch.members[1:])
    left = [key for key in range(len(texts)) if key not in keys and len(one_form(texts[key])) >= 8]
    assert all(in_common(shingles[a], shingles[b]) < 1 for a, b in itertools.combinations(left, 2))
