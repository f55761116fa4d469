"""The kiosk over HTTP: what it offers, what a tap gives, what it says when it cannot."""

import datetime as dt
import re

import pytest

from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.tests.screens import pair, set_clock
from yingting.foundation.journal.models import Fact

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def kiosk(client, open_hall):
    pair(client, open_hall.hall, "kiosk", name="取号机 1")
    return client


def take(client, cast, code="fee", **fields):
    return client.post("/kiosk/issue/", {"business": cast.businesses[code], "key": KEY, **fields})


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_kiosk_offers_every_class_with_its_businesses_and_papers(kiosk, open_hall):
    page = kiosk.get("/kiosk/").content.decode()
    assert page.count('data-go="class-') == 6
    assert page.count("data-business=") == len(open_hall.businesses)
    assert "需带： 本人身份证原件、代办须双方证件" in re.sub(r"\s+", " ", page)
    assert "爱心通道" in page


def test_the_kiosk_of_a_hall_speaks_chinese_whatever_its_browser_prefers(kiosk):
    answer = kiosk.get("/kiosk/", headers={"Accept-Language": "en-US"})
    assert answer.headers["Content-Language"] == "zh-hans"
    assert "请问您要办什么业务" in answer.content.decode()
    english = kiosk.get("/kiosk/?lang=en", headers={"Accept-Language": "zh-CN"})
    assert "What would you like to do?" in english.content.decode()


@pytest.mark.req("QUE-01")
def test_two_taps_give_a_number_with_people_ahead_a_range_and_the_papers(kiosk, hands):
    hands.open("2")
    hands.issue("open")
    answer = take(kiosk, hands.cast, "open")
    assert answer.status_code == 200
    text = words(answer)
    assert "B002" in text
    assert "前面还有 1 位" in text
    ticket = Ticket.objects.get(number="B002")
    assert (ticket.channel, ticket.quoted_ahead) == ("kiosk", 1)
    assert f"约 {ticket.quoted_low_min}–{ticket.quoted_high_min} 分钟" in text
    assert "本人身份证原件 代办须双方证件" in text
    assert f"/t/{ticket.secret}/qr.svg" in answer.content.decode()


def test_without_an_open_counter_the_kiosk_promises_no_minutes(kiosk, open_hall):
    text = words(take(kiosk, open_hall))
    assert "办理台席暂未开放" in text
    assert "分钟" not in text


def test_the_care_lane_is_served_first(kiosk, hands):
    hands.open("1")
    hands.issue("fee")
    text = words(take(kiosk, hands.cast, care="1"))
    assert "Z001" in text
    assert "爱心通道" in text
    assert hands.call("1").number == "Z001"


def test_a_double_tap_gives_one_ticket(kiosk, open_hall):
    first, second = take(kiosk, open_hall), take(kiosk, open_hall)
    assert (first.status_code, second.status_code) == (200, 200)
    assert "A001" in words(second)
    assert Ticket.objects.count() == 1


def test_a_key_of_another_wish_is_refused_and_gives_nothing(kiosk, open_hall):
    take(kiosk, open_hall)
    answer = take(kiosk, open_hall, "invoice")
    assert answer.status_code == 422
    assert "data-result" in answer.content.decode()
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("fields", [{"key": ""}, {"key": "short"}, {"business": "nonsense"}, {"business": ""}])
def test_a_broken_request_is_refused_in_words_and_gives_nothing(kiosk, open_hall, fields):
    answer = take(kiosk, open_hall, **fields)
    assert answer.status_code == 422
    assert "没有取到号" in words(answer)
    assert Ticket.objects.count() == 0


def test_a_closed_hall_says_when_it_opens(kiosk, open_hall, now):
    set_clock(open_hall.hall, now + dt.timedelta(hours=9))
    page = kiosk.get("/kiosk/")
    assert 'data-is-open="0"' in page.content.decode()
    assert "1月6日 星期二 08:30" in words(page)
    answer = take(kiosk, open_hall)
    assert answer.status_code == 409
    assert "营业厅现在休息" in words(answer)
    assert Ticket.objects.count() == 0


def test_the_pulse_tells_that_the_hall_has_closed_or_its_setup_changed(kiosk, open_hall, now):
    first = kiosk.get("/kiosk/pulse/").json()
    assert first == kiosk.get("/kiosk/pulse/").json()
    assert f'data-pulse="{first["pulse"]}"' in kiosk.get("/kiosk/").content.decode()
    set_clock(open_hall.hall, now + dt.timedelta(hours=9))
    assert kiosk.get("/kiosk/pulse/").json() != first


def test_the_customer_steps_back_out(kiosk, open_hall):
    take(kiosk, open_hall)
    ticket = Ticket.objects.get()
    answer = kiosk.post("/kiosk/cancel/", {"secret": ticket.secret})
    assert (answer.status_code, "A001 号已取消" in words(answer)) == (200, True)
    ticket.refresh_from_db()
    assert ticket.state == "left"
    assert Fact.objects.get(subject=ticket.pk, kind="ticket.left").actor_kind == "customer"
    assert kiosk.post("/kiosk/cancel/", {"secret": ticket.secret}).status_code == 409


@pytest.mark.parametrize("secret", ["", "nonsense"])
def test_a_wrong_secret_cancels_nothing(kiosk, open_hall, secret):
    take(kiosk, open_hall)
    assert kiosk.post("/kiosk/cancel/", {"secret": secret}).status_code == 404
    assert Ticket.objects.get().state == "waiting"


def test_a_kiosk_cancels_no_ticket_of_another_hall(kiosk, open_hall, now, actor_of):
    from yingting.domains.queueing.actions.issuing import issue_ticket

    other = issue_ticket(
        hall=open_hall.other_hall, business=open_hall.businesses["fee"], actor=actor_of("2001"), now=now
    )
    assert kiosk.post("/kiosk/cancel/", {"secret": other.secret}).status_code == 404
    assert kiosk.get(f"/kiosk/slip/{other.id}/").status_code == 404
    assert Ticket.objects.get(pk=other.id).state == "waiting"


def test_a_kiosk_gone_wild_is_slowed_down(kiosk, open_hall):
    answers = [take(kiosk, open_hall, key=f"{n:032d}").status_code for n in range(61)]
    assert answers == [200] * 60 + [429]
    assert Ticket.objects.count() == 60


@pytest.mark.req("QUE-03")
def test_the_kiosk_says_when_it_is_usually_busy_and_looks_again_when_that_changes(kiosk, open_hall, now):
    """Monday the 5th: busy from 9:30 to 11:30, quiet from 12:30 to 14:00."""
    said, pulses = [], set()
    for minutes in (0, 105, 180):
        set_clock(open_hall.hall, now + dt.timedelta(minutes=minutes))
        said.append(words(kiosk.get("/kiosk/")))
        pulses.add(kiosk.get("/kiosk/pulse/").json()["pulse"].partition(":")[2])
    assert "这个时段通常人多（忙时）。 11:30 后通常较少。" in said[0]
    assert "这个时段通常" not in said[1]
    assert "这个时段通常人少，办理较快。" in said[2]
    assert len(pulses) == 3
