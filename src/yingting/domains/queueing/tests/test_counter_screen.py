"""The counter screen: what it tells before and after the call, and what each press does."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from yingting.domains.queueing.actions import calling, issuing, serving, sessions
from yingting.domains.queueing.models import CounterSession, Handling, Ticket
from yingting.domains.queueing.queries import counters
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.refusals import NOBODY_WAITS
from yingting.domains.queueing.rules import WHY, CallRule
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def at_ten(cast, now):
    """The hall's clock stands at ten, so that views and actions agree on the time."""
    Hall.objects.update(clock_anchor_real=now, clock_anchor_hall=now, clock_speed=0)
    return now


@pytest.fixture
def as_(client):
    """Sign the client in as a member of the cast."""

    def sign_in(staff_no):
        client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    return sign_in


def _seat(cast, actor_of, now, counter="3", who="1001"):
    return sessions.open_counter(hall=cast.hall, counter=cast.counters[counter], actor=actor_of(who), now=now).id


def _issue(cast, actor_of, now, business="fee", **more):
    return issuing.issue_ticket(
        hall=cast.hall, business=cast.businesses[business], actor=actor_of("1101"), now=now, **more
    )


def _post(client, session, verb, **data):
    return client.post(reverse("queueing:counter-step", args=[session, verb]), data)


def _screen(cast, session, now):
    return counters.counter_screen(fresh_setup(cast.hall), session, now=now)


def test_before_the_call_only_counts_are_shown(cast, actor_of, at_ten, as_):
    session = _seat(cast, actor_of, at_ten - 10 * MINUTE)
    first = _issue(cast, actor_of, at_ten - 7 * MINUTE)
    _issue(cast, actor_of, at_ten - 2 * MINUTE)
    screen = _screen(cast, session, at_ten)
    assert [(line.queue.letter, line.waiting, line.longest_s) for line in screen.line] == [
        ("A", 2, 420.0),
        ("B", 0, 0.0),
        ("C", 0, 0.0),
    ]
    assert (screen.ticket, screen.waiting, screen.longest_s) == (None, 2, 420.0)
    page = as_("1001").get(reverse("queueing:counter")).content.decode()
    assert first.number not in page
    assert "人在等您叫号" in page


@pytest.mark.req("QUE-04")
def test_the_clock_of_a_handling_counts_against_three_or_five_minutes(cast, actor_of, now):
    session = _seat(cast, actor_of, now)
    clerk = actor_of("1001")
    ticket = _issue(cast, actor_of, now).id
    calling.call_next(hall=cast.hall, session=session, counter=cast.counters["3"], actor=clerk, now=now)
    serving.start_handling(hall=cast.hall, ticket=ticket, actor=clerk, now=now)
    levels = [
        (_screen(cast, session, now + dt.timedelta(seconds=s)).ticket.handling.level) for s in (143, 144, 180, 181)
    ]
    assert levels == ["ok", "near", "near", "over"]
    serving.add_business(
        hall=cast.hall, ticket=ticket, business=cast.businesses["query"], actor=clerk, now=now + MINUTE
    )
    at = _screen(cast, session, now + 4 * MINUTE).ticket
    assert (at.handling.kind, at.handling.limit_s, at.handling.elapsed_s, at.handling.level) == (
        "combined",
        300,
        240.0,
        "near",
    )
    assert [paper for paper, _ in at.papers] == ["机主身份证原件"]


def test_the_screen_says_why_this_ticket_is_next(cast, actor_of, at_ten, as_):
    session = _seat(cast, actor_of, at_ten - 10 * MINUTE)
    _issue(cast, actor_of, at_ten - 8 * MINUTE)
    _issue(cast, actor_of, at_ten - 6 * MINUTE, priority=cast.priorities["vip"])
    page = _post(as_("1001"), session, "call", key="first-press").content.decode()
    assert gettext(WHY[CallRule.HEAD_START]) % {"priority": "星级客户", "head_start": 5, "minutes": "6"} in page
    page = _post(as_("1001"), session, "no-show", ticket=Ticket.objects.get(state="called").pk).content.decode()
    page = _post(as_("1001"), session, "call", key="second-press").content.decode()
    assert gettext(WHY[CallRule.LONGEST_WAIT]) % {"minutes": "8"} in page


@pytest.mark.req("QUE-01")
def test_a_press_repeated_with_its_key_calls_once(cast, actor_of, at_ten, as_):
    session = _seat(cast, actor_of, at_ten)
    first, second = (_issue(cast, actor_of, at_ten) for _ in range(2))
    for _ in range(3):
        answer = _post(as_("1001"), session, "call", key="one-press-only")
        assert answer.status_code == 200
        assert first.number in answer.content.decode()
    assert Fact.objects.filter(kind="ticket.called").count() == 1
    assert Ticket.objects.get(pk=second.id).state == "waiting"


def test_a_step_repeated_after_a_lost_answer_is_done_once(cast, actor_of, at_ten, as_):
    session = _seat(cast, actor_of, at_ten)
    ticket = _issue(cast, actor_of, at_ten).id
    client = as_("1001")
    _post(client, session, "call", key="press-one")
    seen = Ticket.objects.get(pk=ticket).version
    assert _post(client, session, "recall", ticket=ticket, seen=seen).status_code == 200
    assert _post(client, session, "recall", ticket=ticket, seen=seen, again=1).status_code == 200
    assert Ticket.objects.get(pk=ticket).calls == 2
    stale = _post(client, session, "recall", ticket=ticket, seen=seen)
    assert stale.status_code == 409
    assert Ticket.objects.get(pk=ticket).calls == 2


def test_every_verb_of_the_screen_does_its_step(cast, actor_of, at_ten, as_):
    session = _seat(cast, actor_of, at_ten)
    for _ in range(3):
        _issue(cast, actor_of, at_ten)
    client = as_("1001")

    def press(verb, **data):
        at_counter = CounterSession.objects.get(pk=session).ticket_id
        if at_counter and "ticket" not in data:
            data["ticket"] = at_counter
        answer = _post(client, session, verb, **data)
        assert answer.status_code in (200, 204), (verb, answer.content.decode())
        return CounterSession.objects.select_related("ticket").get(pk=session)

    seat = press("call", key="press-a001")
    a001 = seat.ticket_id
    assert seat.ticket.state == "called"
    assert press("recall").ticket.calls == 2
    assert press("start", key="start-a001").ticket.state == "serving"
    press("add-business", business=cast.businesses["invoice"])
    press("next-business", business=cast.businesses["query"])
    kinds = list(Handling.objects.order_by("started_at", "id").values_list("kind", "outcome"))
    assert kinds == [("combined", "next"), ("single", "")]
    assert press("ask-rating").ticket.rating_asked_at == at_ten
    assert press("park", reason="去取材料").ticket is None
    assert press("resume", ticket=a001).ticket_id == a001
    assert press("finish", key="done-a001").ticket is None
    seat = press("call", key="press-a002")
    assert press("transfer", to=f"queue:{cast.queues['C']}", place="first").ticket is None
    assert Ticket.objects.get(number="A002").queue_id == cast.queues["C"]
    seat = press("call", key="press-a003")
    missed = seat.ticket_id
    assert press("no-show").ticket is None
    press("return", ticket=missed)
    assert Ticket.objects.get(pk=missed).state == "waiting"
    assert press("pause", reason="用餐", other="").state == "paused"
    assert press("unpause").state == "open"
    assert press("pause", reason="用餐", other="开会").pause_reason == "开会"
    assert press("close").state == "closed"
    own = counters.own_day(fresh_setup(cast.hall), cast.people["1001"], fresh_setup(cast.hall).day(at_ten))
    assert (own.served, own.ratings, own.mean_rating) == (1, 0, None)


def test_a_refusal_is_shown_as_a_fragment_and_changes_nothing(cast, actor_of, at_ten, as_):
    session = _seat(cast, actor_of, at_ten)
    facts = Fact.objects.count()
    answer = as_("1001").post(
        reverse("queueing:counter-step", args=[session, "call"]),
        {"key": "nobody-there"},
        headers={"HX-Request": "true"},
    )
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (404, "#notice")
    assert gettext(Refusal(NOBODY_WAITS).kind.sentence) in answer.content.decode()
    assert Fact.objects.count() == facts


@pytest.mark.parametrize(
    ("verb", "data", "status"),
    [
        ("transfer", {"to": "", "place": "age"}, 404),
        ("transfer", {"to": "queue:nonsense", "place": "age"}, 404),
        ("start", {"ticket": "nonsense"}, 404),
        ("park", {"reason": ""}, 422),
        ("dance", {}, 404),
    ],
)
def test_bad_input_is_refused_in_words(cast, actor_of, at_ten, as_, verb, data, status):
    session = _seat(cast, actor_of, at_ten)
    ticket = _issue(cast, actor_of, at_ten).id
    client = as_("1001")
    _post(client, session, "call", key="press-one")
    before = Ticket.objects.get(pk=ticket).version
    assert _post(client, session, verb, **{"ticket": ticket, **data}).status_code == status
    assert Ticket.objects.get(pk=ticket).version == before


def test_a_session_of_another_day_asks_to_sign_in_again(cast, actor_of, at_ten, as_):
    yesterday = _seat(cast, actor_of, at_ten - dt.timedelta(days=1))
    client = as_("1001")
    page = client.get(reverse("queueing:counter")).content.decode()
    assert "3 号台还是 01-04 上的台" in page
    opened = client.post(
        reverse("queueing:counter-open"),
        {"hall": cast.hall, "counter": cast.counters["3"]},
        headers={"HX-Request": "true"},
    )
    assert (opened.status_code, opened.headers["HX-Redirect"]) == (204, "/counter/")
    assert CounterSession.objects.get(pk=yesterday).state == "closed"
    assert CounterSession.objects.exclude(state="closed").get().business_day == dt.date(2026, 1, 5)


def test_a_counter_closed_by_the_manager_says_so(cast, actor_of, at_ten, as_):
    session = _seat(cast, actor_of, at_ten)
    sessions.close_counter(hall=cast.hall, session=session, actor=actor_of("1201"), now=at_ten)
    page = as_("1001").get(reverse("queueing:counter-screen", args=[session])).content.decode()
    assert "值班经理已在 10:00 关闭 3 号台" in page
    assert "do-call" not in page


def test_the_choice_shows_free_counters_and_who_sits_at_the_others(cast, actor_of, at_ten, as_):
    _seat(cast, actor_of, at_ten, counter="2", who="1201")
    page = as_("1001").get(reverse("queueing:counter")).content.decode()
    assert "已有人：赵敏 1201" in page
    assert page.count("data-digit=") == 5


def test_set_aside_lists_the_parked_with_reason_and_the_missed(cast, actor_of, now):
    session = _seat(cast, actor_of, now)
    clerk = actor_of("1001")
    for minute, parked in ((0, True), (1, False)):
        ticket = _issue(cast, actor_of, now).id
        at = now + minute * MINUTE
        calling.call_next(hall=cast.hall, session=session, counter=cast.counters["3"], actor=clerk, now=at)
        if parked:
            serving.start_handling(hall=cast.hall, ticket=ticket, actor=clerk, now=at)
            serving.park(hall=cast.hall, ticket=ticket, reason="去取材料", actor=clerk, now=at)
        else:
            calling.mark_no_show(hall=cast.hall, ticket=ticket, actor=clerk, now=at)
    rows = counters.set_aside(fresh_setup(cast.hall), now=now + 2 * MINUTE)
    assert [(row.number, row.state, row.since_s, row.reason) for row in rows] == [
        ("A001", "parked", 120.0, "去取材料"),
        ("A002", "missed", 60.0, ""),
    ]


DIALOGS = ("transfer", "park", "pause", "add-business", "next-business", "aside", "leave")


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(
    ("who", "status"), [(None, 302), ("2001", 404), ("9001", 403), ("1101", 403), ("1201", 403), ("1001", 200)]
)
def test_only_the_clerk_of_a_session_sees_and_works_it(cast, actor_of, at_ten, as_, client, who, status):
    session = _seat(cast, actor_of, at_ten)
    ticket = _issue(cast, actor_of, at_ten).id
    calling.call_next(hall=cast.hall, session=session, counter=cast.counters["3"], actor=actor_of("1001"), now=at_ten)
    if who:
        as_(who)
    pages = [
        reverse("queueing:counter-screen", args=[session]),
        reverse("queueing:counter-rating", args=[session, ticket]),
        *(reverse("queueing:counter-dialog", args=[session, name]) for name in DIALOGS),
    ]
    assert {client.get(page).status_code for page in pages} == {status}
    version = Ticket.objects.get(pk=ticket).version
    answer = _post(client, session, "recall", ticket=ticket)
    assert answer.status_code == status
    assert Ticket.objects.get(pk=ticket).version == version + (status == 200)
    if status == 302:
        assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(("who", "status"), [(None, 302), ("2001", 200), ("9001", 403), ("1101", 403), ("1001", 200)])
def test_only_who_may_serve_is_offered_counters(cast, at_ten, as_, client, who, status):
    if who:
        as_(who)
    answer = client.get(reverse("queueing:counter"))
    assert answer.status_code == status
    if who == "2001":
        page = answer.content.decode()
        assert str(cast.hall) not in page
        assert str(cast.other_hall) in page
        assert client.get(reverse("queueing:counter") + "?hall=H01").status_code == 404


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(("who", "status"), [(None, 302), ("2001", 404), ("9001", 403), ("1101", 403), ("1001", 302)])
def test_only_who_may_serve_here_takes_a_counter_here(cast, at_ten, as_, client, who, status):
    if who:
        as_(who)
    answer = client.post(reverse("queueing:counter-open"), {"hall": cast.hall, "counter": cast.counters["1"]})
    assert answer.status_code == status
    assert CounterSession.objects.count() == (who == "1001")


def test_get_changes_nothing_and_unknown_sessions_are_unknown(cast, at_ten, as_):
    client = as_("1001")
    nowhere = uuid.UUID(int=7)
    assert client.get(reverse("queueing:counter-step", args=[nowhere, "call"])).status_code == 405
    assert client.get(reverse("queueing:counter-screen", args=[nowhere])).status_code == 404
    assert _post(client, nowhere, "call").status_code == 404
