"""The customers' pages as an outsider meets them: one link opens one booking, and refusals tell nothing."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.cache import cache

from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.queries.public_rules import PUBLIC, hall_code, is_hall_code, public_booking
from yingting.domains.appointments.rules.public import PublicBooking
from yingting.domains.appointments.tests.conftest import OTHER, PHONE
from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.tests.screens import pair
from yingting.kernel.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_home(hall):
    hall.places(days_ahead=7)
    cache.clear()
    return hall


def hold(client, hall, at, **more):
    address = f"/book/H01/{hall.business()}/"
    return client.post(address, {"form": str(uuid4()), "starts_at": at.isoformat(), **more})


def confirm(client, address, phone=PHONE, **more):
    return client.post(address, {"name": "王客", "phone": phone, **more})


@pytest.mark.req("APT-01")
def test_held_then_booked_with_the_notice_that_was_shown(client, at_home):
    answer = hold(client, at_home, at_home.at(9))
    assert answer.status_code == 302
    row = Booking.objects.get()
    assert (row.state, row.channel, answer.url) == ("held", "phone_page", f"/b/{row.secret}/")
    done = confirm(client, answer.url, papers=["1"], need="换卡", wants_reminder="yes")
    row.refresh_from_db()
    assert (done.status_code, row.state, row.notice, row.wants_reminder) == (302, "booked", "1", True)
    assert (row.papers, row.need.open(), row.phone.open()) == (["代办须双方证件"], "换卡", PHONE)
    page = client.get(answer.url)
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert PHONE not in page.content.decode()
    assert "王客" not in page.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_language_of_the_page_is_kept_for_the_texts(client, at_home, language):
    client.cookies["yingting_language"] = language
    confirm(client, hold(client, at_home, at_home.at(9)).url)
    assert Booking.objects.get().language == language


def test_a_double_tap_holds_one_place(client, at_home):
    form = str(uuid4())
    first, again = (hold(client, at_home, at_home.at(9), form=form) for _ in range(2))
    assert first.url == again.url
    assert Booking.objects.count() == 1


def test_choosing_another_time_gives_the_held_place_back(client, at_home):
    address = hold(client, at_home, at_home.at(9)).url
    answer = client.post(f"{address}cancel/")
    assert answer.url == f"/book/H01/{at_home.business()}/"
    assert Booking.objects.get().state == "cancelled"
    assert at_home.free()[at_home.at(9)] == 2


@pytest.mark.req("APT-01")
def test_whatever_a_number_may_not_do_is_one_and_the_same_sentence(client, at_home):
    """An outsider who types somebody's number learns neither that it has a booking nor when nor why it is refused."""
    at_home.book(at_home.at(9))
    said = set()
    for at in (at_home.at(9), at_home.at(10)):  # the same time; once a day
        answer = confirm(client, hold(client, at_home, at).url)
        assert answer.status_code == 409
        text = answer.content.decode()
        said.add(text.split('class="refused">')[1].split("</p>")[0])
    assert len(said) == 1
    assert Booking.objects.filter(state="booked").count() == 1


@pytest.mark.parametrize("what", ["", "move/", "cancel/", "booking.ics", "qr.svg"])
def test_a_wrong_link_is_a_wrong_link_whatever_is_asked(client, at_home, what):
    for _ in range(30):
        assert client.get(f"/b/{new_id().hex[:16]}/{what}").status_code == 404
    assert client.get(f"/b/{new_id().hex[:16]}/{what}").status_code == 429


def test_the_link_of_one_booking_does_nothing_to_another(client, at_home):
    mine, other = at_home.book(at_home.at(9)), at_home.book(at_home.at(9), phone=OTHER)
    client.post(f"/b/{mine.secret}/cancel/", {"booking": str(other.id)})
    assert dict(Booking.objects.values_list("id", "state")) == {mine.id: "cancelled", other.id: "booked"}


def test_one_address_holds_only_so_many_places_an_hour(client, at_home):
    at_home.rule(PUBLIC, PublicBooking(of_address=2))
    codes = [hold(client, at_home, at_home.at(9 + n)).status_code for n in range(3)]
    assert codes == [302, 302, 429]
    assert Booking.objects.count() == 2


@pytest.mark.parametrize(
    "form", [{"form": "x"}, {"website": "http://spam"}, {"starts_at": "soon"}, {"starts_at": "2026-01-06T09:00"}]
)
def test_what_no_form_of_ours_sends_holds_nothing(client, at_home, form):
    assert hold(client, at_home, at_home.at(9), **form).status_code == 422
    assert not Booking.objects.exists()


def test_pages_that_are_closed_and_halls_that_are_not_there_look_alike(client, at_home):
    gone = client.get("/book/NOPE/")
    at_home.rule(PUBLIC, PublicBooking(is_open=False))
    closed = client.get("/book/H01/")
    assert (closed.status_code, gone.status_code) == (404, 404)
    strip = lambda answer: answer.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0]  # noqa: E731
    assert strip(closed).replace("NOPE", "H01") == strip(gone).replace("NOPE", "H01")


# ---------------------------------------------------------------------------------------------- in the hall
def test_the_code_of_the_hall_changes_and_the_one_before_still_holds(at_home):
    setup = fresh_setup(at_home.cast.hall)
    rule, now = public_booking(setup.path, at_home.now.date()), at_home.now
    code, hour = hall_code(setup.id, rule, now), dt.timedelta(hours=1)
    assert [is_hall_code(setup.id, rule, code, now + n * hour) for n in (0, 1, 2)] == [True, True, False]
    assert not is_hall_code(fresh_setup(at_home.cast.other_hall).id, rule, code, now)
    assert not is_hall_code(setup.id, rule, "", now)


def test_nobody_arrives_from_home(client, at_home):
    given = at_home.book(at_home.at(11, day=0))
    for _ in range(8):
        assert client.post(f"/b/{given.secret}/arrive/", {"code": "x"}).status_code == 422
    right = hall_code(at_home.cast.hall, PublicBooking(), at_home.now)
    assert client.post(f"/b/{given.secret}/arrive/", {"code": right}).status_code == 429
    assert not Ticket.objects.exists()


def test_the_kiosk_gives_the_same_answer_for_every_number_without_a_booking(client, at_home):
    at_home.book(at_home.at(11, day=1))  # tomorrow
    pair(client, at_home.cast.hall, "kiosk")
    cut = lambda answer: answer.content.decode().split('role="alert"')[1].split("</div>")[0]  # noqa: E731
    said = {cut(client.post("/booked/kiosk/", {"text": text})) for text in (PHONE, OTHER, "12345678", "abc")}
    assert len(said) == 1
    assert not Ticket.objects.exists()


def test_the_slip_says_why_the_place_is_what_it_is(client, at_home, monkeypatch):
    from yingting.domains.appointments.views import arriving

    jobs = []
    monkeypatch.setattr(arriving, "print_soon", jobs.append)
    at_home.book(at_home.at(11, day=0))
    pair(client, at_home.cast.hall, "kiosk", printer="127.0.0.1:9")
    assert client.post("/booked/kiosk/", {"text": PHONE}).status_code == 200
    [job] = jobs
    assert "按预约时间排队" in "".join(row.text for row in job.rows)


def test_who_comes_when_the_booking_is_over_is_told_so_at_the_kiosk_also_after_the_job(client, at_home):
    from yingting.domains.appointments.jobs import look_after_bookings

    at_home.book(at_home.at(11, day=0))
    at_home.stand_at(at_home.at(11, 31, day=0))
    pair(client, at_home.cast.hall, "kiosk")
    before = client.post("/booked/kiosk/", {"text": PHONE}).content.decode()
    assert look_after_bookings() == 1
    after = client.post("/booked/kiosk/", {"text": PHONE}).content.decode()
    assert "11:00" in before
    assert "11:00" in after
    assert not Ticket.objects.exists()


def test_arriving_is_for_who_may_issue_here(client, at_home):
    given = at_home.book(at_home.at(11, day=0))
    from yingting.foundation.people.models import Person

    for staff_no, status in (("1002", 403), ("1101", 302)):
        client.force_login(Person.objects.get(staff_no=staff_no))
        assert client.post(f"/appointments/H01/{given.id}/arrive/").status_code == status, staff_no
        assert Ticket.objects.exists() is (status == 302)
