"""The hall board: calls newest first, all of them, and the lines."""

import datetime as dt
import re

from yingting.domains.queueing.tests.screens import pair, set_clock


def calls_on(client):
    page = client.get("/board/now/").content.decode()
    return re.findall(r'data-key="([^"]+)" data-number="([^"]+)" data-counter="([^"]+)"', page)


def test_two_calls_close_together_are_both_on_the_board(client, hands):
    pair(client, hands.cast.hall, "board")
    hands.open("1")
    hands.open("5", "1002")
    tickets = [hands.issue() for _ in range(2)]
    hands.call("1")
    hands.call("5")
    assert [(number, counter) for _, number, counter in calls_on(client)] == [("A002", "5"), ("A001", "1")]
    keys = {key for key, _, _ in calls_on(client)}
    hands.recall("1", tickets[0].id)
    assert [(number, counter) for _, number, counter in calls_on(client)] == [("A001", "1"), ("A002", "5")]
    assert len({key for key, _, _ in calls_on(client)} - keys) == 1  # a recall is spoken again


def test_the_board_shows_the_last_seven_calls_and_no_missed_one(client, hands):
    pair(client, hands.cast.hall, "board")
    hands.open("1")
    for _ in range(10):
        hands.issue()
    for n in range(10):
        called = hands.call("1")
        if n == 9:
            hands.miss("1", called.id)
        else:
            hands.serve("1", called.id)
    assert [number for _, number, _ in calls_on(client)] == [f"A00{n}" for n in range(9, 2, -1)]


def test_the_lines_show_waiting_and_an_honest_range(client, hands):
    pair(client, hands.cast.hall, "board")
    hands.open("1")  # serves queue A only
    for business in ("fee", "fee", "open"):
        hands.issue(business)
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", client.get("/board/now/").content.decode()))
    assert re.search(r"A缴费与套餐 等候 2 人 约 \d+–\d+ 分钟", page)
    assert re.search(r"B入网与补卡 等候 1 人 暂无台席开放", page)
    assert "综合区" in page
    assert "宽带区" in page


def test_an_empty_board_says_so(client, open_hall):
    pair(client, open_hall.hall, "board")
    page = client.get("/board/").content.decode()
    assert "今天还没有叫号" in page
    assert "台席暂未开放" in page


def test_yesterdays_calls_are_gone(client, hands, now):
    pair(client, hands.cast.hall, "board")
    hands.open("1")
    hands.issue()
    hands.call("1")
    assert len(calls_on(client)) == 1
    set_clock(hands.cast.hall, now + dt.timedelta(days=1))
    assert calls_on(client) == []


def test_the_board_carries_a_clip_for_every_sign_it_may_have_to_say(client, open_hall):
    from django.contrib.staticfiles import finders

    from yingting.domains.queueing.views.board import _CLIPS

    assert [clip for clip in _CLIPS if finders.find(f"queueing/voice/{clip}.mp3") is None] == []


def test_the_shipped_voice_is_small(client):
    from pathlib import Path

    from yingting.domains.queueing import views

    folder = Path(views.__file__).parents[1] / "static" / "queueing" / "voice"
    assert sum(file.stat().st_size for file in folder.glob("*.mp3")) < 500 * 1024
