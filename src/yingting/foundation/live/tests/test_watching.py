"""Tokens of screens, and the window in which late commits of PostgreSQL still appear."""

from uuid import UUID

import pytest
from django.core import signing

from yingting.foundation.live import tokens
from yingting.foundation.live.watching import SETTLED_AFTER_READS, Window

HALL, OTHER = UUID(int=1), UUID(int=2)


def test_a_token_names_its_halls():
    assert tokens.halls_of(tokens.live_token([HALL, OTHER])) == [HALL.hex, OTHER.hex]


@pytest.mark.parametrize(
    "forged",
    ["", "x", "e30:1:2", signing.dumps([HALL.hex], salt="another purpose")],
    ids=["empty", "short", "made-up", "of-another-purpose"],
)
def test_a_forged_token_names_none(forged):
    assert tokens.halls_of(forged) is None


def test_a_token_that_is_too_old_names_none(monkeypatch):
    token = tokens.live_token([HALL])
    monkeypatch.setattr(tokens, "MAX_AGE_S", -1)
    assert tokens.halls_of(token) is None


def test_a_row_is_told_once():
    window = Window(100)
    assert window.news([(101, HALL)], set()) == {HALL.hex}
    assert window.news([(101, HALL)], set()) == set()


def test_a_row_that_was_committed_late_is_told_although_newer_ones_were_seen():
    window = Window(100)
    assert window.news([(101, HALL), (103, HALL)], set()) == {HALL.hex}
    assert window.news([(101, HALL), (102, OTHER), (103, HALL)], set()) == {OTHER.hex}


def test_a_hall_with_notices_is_told_once_more_when_they_pause():
    window = Window(100)
    assert window.news([(101, HALL)], {HALL.hex}) == set()
    assert window.news([(101, HALL), (102, HALL)], {HALL.hex}) == set()
    assert window.news([(101, HALL), (102, HALL)], set()) == {HALL.hex}
    assert window.news([(101, HALL), (102, HALL)], set()) == set()


def test_the_window_moves_on_once_rows_have_settled():
    window = Window(100)
    window.news([(150, HALL)], set())
    assert window.floor == 100
    for _ in range(SETTLED_AFTER_READS):
        window.news([(150, HALL)], set())
    assert window.floor == 150
    assert window.news([], set()) == set()


def test_facts_without_a_hall_concern_no_screen():
    assert Window(0).news([(1, None)], set()) == set()
