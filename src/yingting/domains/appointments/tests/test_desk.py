"""The desk's pages: what each of the cast sees and may do."""

import datetime as dt

import pytest
from django.urls import reverse

from yingting.domains.appointments import jobs
from yingting.domains.appointments.models import Appeal, Block, Booking
from yingting.domains.appointments.tests.conftest import OTHER, PHONE, TODAY
from yingting.foundation.sites.models import OpeningException

pytestmark = pytest.mark.django_db
PAGES = ("day", "new", "places", "touched", "calls", "blocks")


def page(name, *more):
    return reverse(f"appointments:{name}", args=["H01", *more])


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_for_the_clerk_and_is_not_there_for_another_hall(hall, as_, name):
    assert as_("1001").get(page(name)).status_code == 200
    assert as_("2001").get(page(name)).status_code == 404


def test_whoever_books_for_one_hall_is_there_at_once_others_choose(hall, as_):
    assert as_("1001").get(reverse("appointments:start")).headers["Location"] == page("day")
    text = as_("9001").get(reverse("appointments:start")).content.decode()
    assert page("new") in text
    assert page("new").replace("H01", "H02") in text


@pytest.mark.req("APT-01", "APT-02")
def test_a_clerk_books_a_free_time_with_need_and_papers(hall, as_):
    client = as_("1001")
    day = TODAY + dt.timedelta(days=1)
    address = f"{page('new')}?business={hall.business()}&day={day}"
    text = client.get(address).content.decode()
    assert "本人身份证原件" in text
    assert "09:00–09:30" in text
    at = hall.at(9).isoformat()
    typed = {"starts_at": at, "name": "王客", "phone": PHONE, "need": "换号", "papers": ["本人身份证原件"],
             "channel": "hotline", "key": "k" * 32, "wants_reminder": "on"}  # fmt: skip
    answer = client.post(address, typed)
    row = Booking.objects.get()
    assert answer.headers["Location"] == page("booking", row.pk)
    told = (row.state, row.channel, row.papers, row.need.open(), row.wants_reminder)
    assert told == ("booked", "hotline", ["本人身份证原件"], "换号", True)
    assert client.post(address, typed).status_code == 302  # the same form sent twice
    assert Booking.objects.count() == 1


def test_what_was_typed_stays_when_it_is_refused(hall, as_):
    hall.book(hall.at(9))
    day = TODAY + dt.timedelta(days=1)
    typed = {
        "starts_at": hall.at(10).isoformat(),
        "name": "王客",
        "phone": PHONE,
        "channel": "counter",
        "key": "k" * 32,
    }
    answer = as_("1001").post(f"{page('new')}?business={hall.business()}&day={day}", typed)
    text = answer.content.decode()
    assert (answer.status_code, PHONE in text, 'value="王客"' in text) == (409, True, True)
    assert Booking.objects.count() == 1


def test_lists_show_masks_and_no_numbers(hall, as_):
    given = hall.book(hall.at(9), need="换号，电话 13912345678")
    for address in (f"{page('day')}?day={TODAY + dt.timedelta(days=1)}", page("booking", given.id)):
        text = as_("1201").get(address).content.decode()
        assert "王**" in text
        assert "138****8000" in text
        assert PHONE not in text
        assert "13912345678" not in text


def test_a_clerk_changes_and_cancels(hall, as_):
    client, given = as_("1001"), hall.book(hall.at(9))
    version = hall.row(given).version
    moved = client.post(page("change", given.id), {"starts_at": hall.at(10).isoformat(), "version": version})
    assert (moved.status_code, hall.row(given).starts_at) == (302, hall.at(10))
    again = client.post(page("change", given.id), {"starts_at": hall.at(11).isoformat(), "version": version})
    assert (again.status_code, hall.row(given).starts_at) == (409, hall.at(10))
    client.post(page("cancel", given.id), {"cause": "excused"})
    assert (hall.row(given).state, hall.row(given).cause) == ("cancelled", "excused")


def test_a_booking_of_one_hall_is_not_reached_through_another(hall, as_):
    given = hall.book(hall.at(9))
    address = reverse("appointments:cancel", args=["H02", given.id])
    assert as_("9001").post(address, {"cause": "cancelled"}).status_code == 404
    assert hall.row(given).state == "booked"


def test_touched_bookings_are_listed_with_offers_and_moved_with_one_press(hall, as_):
    given = hall.book(hall.at(9, day=3))
    OpeningException.objects.create(hall_id=hall.cast.hall, on=TODAY + dt.timedelta(days=3))
    jobs.compare_bookings()
    client = as_("1201")
    text = client.get(page("touched")).content.decode()
    offer = hall.at(9, day=4).isoformat()
    assert page("booking", given.id) in text
    assert f'value="{offer}"' in text
    client.post(page("change", given.id), {"starts_at": offer, "version": hall.row(given).version})
    assert (hall.row(given).starts_at, hall.row(given).touched_why) == (hall.at(9, day=4), "")


def test_who_asked_for_it_is_listed_to_be_reminded_until_reached(hall, as_):
    given = hall.book(hall.at(9), wants_reminder=True)
    hall.book(hall.at(9), phone=OTHER)
    client = as_("1001")
    text = client.get(page("calls")).content.decode()
    assert page("booking", given.id) in text
    assert text.count("appts-lines") == 1
    assert text.count("not_reached") == 1
    client.post(page("called", given.id), {"about": "reminder", "outcome": "not_reached"})
    assert page("booking", given.id) in client.get(page("calls")).content.decode()
    client.post(page("called", given.id), {"about": "reminder", "outcome": "reached"})
    assert page("booking", given.id) not in client.get(page("calls")).content.decode()


def test_who_wants_to_be_left_alone_is_not_called(hall, as_):
    from yingting.foundation.customers.models import Consent, Customer
    from yingting.foundation.sites.models import Hall

    unit = Hall.objects.get(pk=hall.cast.hall).unit
    file = Customer.objects.create(unit=unit, phone=PHONE, registered_at=hall.now, last_seen_on=TODAY)
    given = hall.book(hall.at(9), wants_reminder=True)
    assert hall.row(given).customer_id == file.pk  # known by the number, and said to nobody

    def listed():
        return page("booking", given.id) in as_("1001").get(page("calls")).content.decode()

    assert listed()
    Customer.objects.update(is_left_alone=True)
    assert not listed()
    Customer.objects.update(is_left_alone=False)
    Consent.objects.create(
        customer=file, purpose="service_notice", notice=1, how="counter", given_at=hall.now, ended_at=hall.now
    )
    assert not listed()


def test_no_shows_and_objections_are_handled_on_the_pages(hall, as_):
    hall.terms(no_show_most=1)
    given = hall.book(hall.at(9))
    hall.stand_at(hall.at(9, 31))
    as_("1001").post(page("missed", given.id), {"cause": "not_come"})
    block = Block.objects.get()
    as_("1001").post(page("appeal", block.pk), {"words": "地铁停运"})
    appeal = Appeal.objects.get()
    assert page("decide", appeal.pk) not in as_("1001").get(page("blocks")).content.decode()
    client = as_("1201")
    assert page("decide", appeal.pk) in client.get(page("blocks")).content.decode()
    client.post(page("decide", appeal.pk), {"granted": "1", "words": "情况属实"})
    assert Block.objects.get().lifted_at is not None


def test_the_week_counts_places(hall, as_):
    hall.book(hall.at(9))
    text = as_("1001").get(page("places")).content.decode()
    assert "<b>37</b>" in text
    assert "1/38" in text


def test_every_verb_asks_for_the_right(hall, as_):
    given = hall.book(hall.at(9))
    before = hall.row(given).version
    for name in ("change", "cancel", "missed", "keep", "called"):
        assert as_("2001").post(page(name, given.id), {"cause": "cancelled"}).status_code == 404
    assert as_("1001").post(page("keep", given.id)).status_code == 403
    assert hall.row(given).version == before
