"""The customer's page: every state, every step, and nothing of anybody else."""

import datetime as dt

import pytest

from yingting.domains.queueing.models import Rating, Ticket
from yingting.domains.queueing.tests.screens import set_clock


def see(client, ticket, *, language="zh-CN", part=""):
    return client.get(f"/t/{ticket.secret}/{part}", headers={"Accept-Language": language})


def stage(client, ticket):
    page = see(client, ticket, part="live/").content.decode()
    return page.split('data-stage="')[1].split('"')[0]


def text(answer):
    return " ".join(answer.content.decode().replace("<strong>", "").replace("</strong>", "").split())


@pytest.mark.req("QUE-36")
def test_a_visit_passes_through_its_states(client, hands):
    hands.open("1")
    first, second = hands.issue("fee"), hands.issue("fee")
    assert (stage(client, first), stage(client, second)) == ("next", "waiting")
    assert "前面还有1位" in text(see(client, second))
    called = hands.call("1")
    assert called.id == first.id
    assert stage(client, first) == "called"
    assert "请到 1 号台席" in text(see(client, first))
    assert stage(client, second) == "next"
    assert "您是下一位" in text(see(client, second))
    hands.start("1", first.id)
    assert stage(client, first) == "serving"
    hands.finish("1", first.id)
    assert stage(client, first) == "rate"
    hands.call("1")
    hands.miss("1", second.id)
    assert stage(client, second) == "missed"


def test_every_call_and_recall_raises_a_new_alert(client, hands):
    hands.open("1")
    ticket = hands.issue()
    alert = lambda: see(client, ticket, part="live/").content.decode().split('data-alert="')[1].split('"')[0]  # noqa: E731
    seen = [alert()]
    hands.call("1")
    seen.append(alert())
    hands.recall("1", ticket.id)
    seen.append(alert())
    assert seen == ["", "2", "3"]


def test_a_wrong_secret_gets_a_page_that_helps(client, open_hall):
    answer = client.get("/t/nonsense/", headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 404
    assert "纸票上的号码仍然有效" in answer.content.decode()


def test_guessing_secrets_ends_after_thirty(client, hands):
    real = hands.issue()
    assert [client.get(f"/t/guess{n}/").status_code for n in range(31)] == [404] * 30 + [429]
    assert see(client, real).status_code == 429
    assert client.get(f"/t/{real.secret}/", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_yesterdays_number_is_no_longer_valid(client, hands, now):
    ticket = hands.issue()
    set_clock(hands.cast.hall, now + dt.timedelta(days=1))
    assert stage(client, ticket) == "lapsed"
    assert "这个号已失效" in text(see(client, ticket))


def test_leaving_asks_first_and_gives_the_number_back(client, hands):
    ticket = hands.issue()
    assert "确定放弃排队吗" in text(see(client, ticket, part="leave/"))
    assert Ticket.objects.get(pk=ticket.id).state == "waiting"
    answer = client.post(f"/t/{ticket.secret}/leave/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/t/{ticket.secret}/")
    assert stage(client, ticket) == "left"


def test_one_cannot_leave_while_being_called(client, hands):
    hands.open("1")
    ticket = hands.issue()
    hands.call("1")
    answer = client.post(f"/t/{ticket.secret}/leave/", headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 409
    assert "这个号的状态已变为“已叫号”" in text(answer)
    assert Ticket.objects.get(pk=ticket.id).state == "called"


def test_stepping_back_lets_three_others_go_first(client, hands):
    hands.open("1")
    mine, *others = [hands.issue() for _ in range(5)]
    assert client.post(f"/t/{mine.secret}/step-back/").status_code == 302
    served = []
    for _ in range(5):
        called = hands.call("1")
        hands.serve("1", called.id)
        served.append(called.number)
    assert served == ["A002", "A003", "A004", "A001", "A005"]
    assert len(others) == 4


def test_with_nobody_behind_there_is_no_stepping_back(client, hands):
    mine = hands.issue()
    before = Ticket.objects.values().get(pk=mine.id)
    answer = client.post(f"/t/{mine.secret}/step-back/", headers={"Accept-Language": "zh-CN"})
    assert (answer.status_code, "您后面没有人等候" in text(answer)) == (409, True)
    assert Ticket.objects.values().get(pk=mine.id) == before


@pytest.fixture
def served(hands):
    hands.open("1")
    ticket = hands.issue()
    hands.call("1")
    hands.serve("1", ticket.id)
    return ticket


def test_the_rating_has_no_default_answer(client, served):
    page = see(client, served).content.decode()
    assert page.count('type="radio"') == 5
    assert "checked" not in page
    answer = client.post(f"/t/{served.secret}/rate/", {"comment": "好"})
    assert answer.status_code == 422
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("score", ["0", "6", "5.0", "非常满意", "-1"])
def test_a_rating_outside_the_words_is_refused(client, served, score):
    assert client.post(f"/t/{served.secret}/rate/", {"score": score}).status_code == 422
    assert Rating.objects.count() == 0


def test_a_visit_is_rated_once(client, served):
    assert client.post(f"/t/{served.secret}/rate/", {"score": "2", "comment": " 等太久 "}).status_code == 302
    assert stage(client, served) == "thanks"
    assert client.post(f"/t/{served.secret}/rate/", {"score": "5"}).status_code == 409
    assert list(Rating.objects.values_list("score", "comment")) == [(2, "等太久")]


def test_before_the_end_there_is_nothing_to_rate(client, hands):
    ticket = hands.issue()
    assert client.post(f"/t/{ticket.secret}/rate/", {"score": "5"}).status_code == 409
    assert Rating.objects.count() == 0


def test_the_page_shows_nothing_of_others(client, hands):
    hands.open("1")
    mine = hands.issue()
    other = hands.issue("open")
    page = see(client, mine).content.decode() + see(client, mine, part="live/").content.decode()
    for foreign in (other.number, other.secret, str(other.id), "1001", "王芳"):
        assert foreign not in page


def test_the_page_looks_less_often_the_farther_the_turn(client, hands):
    tickets = [hands.issue() for _ in range(18)]
    every = lambda t: see(client, t, part="live/").content.decode().split('data-every="')[1].split('"')[0]  # noqa: E731
    assert [every(tickets[n]) for n in (0, 5, 6, 15, 16)] == ["3", "3", "6", "6", "12"]


def test_a_hammering_phone_is_slowed_down_step_by_step(client, hands):
    mine = hands.issue()
    answers = [client.post(f"/t/{mine.secret}/step-back/").status_code for _ in range(21)]
    assert answers == [409] * 20 + [429]


def test_the_qr_code_is_a_picture_of_this_page(client, hands):
    mine = hands.issue()
    answer = client.get(f"/t/{mine.secret}/qr.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    assert b"style=" not in answer.content


def test_the_public_address_goes_into_the_code(client, hands, settings, rf):
    from yingting.domains.queueing.views.links import phone_link

    assert phone_link(rf.get("/"), "abc") == "http://testserver/t/abc/"
    settings.PUBLIC_URL = "https://hall.example/"
    assert phone_link(rf.get("/"), "abc") == "https://hall.example/t/abc/"


@pytest.mark.parametrize("part", ["step-back/", "rate/"])
def test_steps_of_the_customer_are_posts(client, hands, part):
    assert see(client, hands.issue(), part=part).status_code == 405


def test_the_page_speaks_english_too(client, hands):
    hands.open("1")
    hands.issue()
    page = text(see(client, hands.issue("open"), language="en"))
    assert "You are next" in page
    assert "Own identity card" in page
