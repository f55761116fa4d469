"""Customers are texted about their bookings: told once, reminded once, offered another time, and left alone when they ask."""

import datetime as dt

import pytest
from django.urls import reverse

from yingting.domains.appointments.actions.texting import text_bookers
from yingting.domains.appointments.actions.touching import look_at_bookings
from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.queries.rules_in_force import PLACES
from yingting.domains.appointments.queries.text_rules import TEXTS
from yingting.domains.appointments.rules.shapes import Places
from yingting.domains.appointments.rules.states import Cause
from yingting.domains.appointments.rules.texts import BookingTexts, Occasion, TextLine, problems_of
from yingting.domains.appointments.tests.conftest import OTHER, PHONE, TODAY
from yingting.foundation.customers.models import Customer
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.addresses import seal_address
from yingting.foundation.notify.carrying import Outcome, Reason
from yingting.foundation.notify.models import Channel
from yingting.foundation.sites.models import Hall
from yingting.foundation.texts.models import Text
from yingting.foundation.texts.sending import send_texts
from yingting.kernel.actors import SYSTEM


class Phones:
    """A gateway to customers: what it got, by number, and what it answers."""

    def __init__(self, hall):
        self.hall, self.outcome, self.got = hall, Outcome(), []

    @staticmethod
    def enter(hall):
        """Enter it into the settings of the hall."""
        Channel.objects.create(
            unit=Hall.objects.get(pk=hall.cast.hall).unit, name="短信", for_customers=True,
            sealed=seal_address("json://127.0.0.1:9/?:to={phone}"),
        )  # fmt: skip

    def __call__(self, address, _title, words):
        if self.outcome.reason is Reason.NONE:
            self.got.append((address.rpartition("=")[2], words))
        return self.outcome

    def turn(self):
        """What the worker does; returns the words that arrived."""
        before, now = len(self.got), self.hall.now
        text_bookers(hall=self.hall.cast.hall, actor=SYSTEM, now=now, leaves_at=now)
        send_texts(now=now, by=self)
        return [words for _phone, words in self.got[before:]]


@pytest.fixture
def phones(hall, settings):
    settings.PUBLIC_URL = "https://hall.example/"
    Phones.enter(hall)
    return Phones(hall)


def page(name, *keys):
    return reverse(f"appointments:{name}", args=["H01", *keys])


@pytest.mark.req("APT-01")
def test_told_when_booked_and_reminded_the_day_before(hall, phones, as_):
    given = hall.book(hall.at(9, day=3), wants_reminder=True)
    (words,) = phones.turn()
    row = hall.row(given)
    assert f"https://hall.example/b/{row.secret}/" in words
    assert all(part in words for part in ("01月8日", "09:00–09:30", "预约号"))
    assert (phones.got[0][0], "{" in words, "王客" in words) == (PHONE, False, False)
    hall.stand_at(hall.at(8, 59, day=2))
    assert phones.turn() == []
    hall.stand_at(hall.at(9, day=2))
    (words,) = phones.turn()
    assert "提醒" in words
    assert phones.turn() == []
    assert page("booking", given.id) not in as_("1001").get(page("calls")).content.decode()  # nobody calls in addition
    text = as_("1001").get(page("booking", given.id)).content.decode()
    assert text.count("短信已发出") == 2


def test_who_did_not_ask_for_it_is_not_reminded(hall, phones):
    hall.book(hall.at(9, day=3))
    assert len(phones.turn()) == 1
    hall.stand_at(hall.at(9, day=2))
    assert phones.turn() == []


def test_booked_within_the_hours_of_the_reminder_one_text_is_enough(hall, phones):
    hall.book(hall.at(9), wants_reminder=True)
    assert len(phones.turn()) == 1
    hall.pass_(hours=2)
    assert phones.turn() == []


def test_each_is_texted_in_the_language_in_which_they_booked(hall, phones):
    hall.book(hall.at(9, day=3), language="en")
    hall.book(hall.at(9, day=3), phone=OTHER)  # at the desk: nobody knows, so the gateway's
    english, chinese = phones.turn()
    assert ("Please bring" in english, "预约号" in english) == (True, False)
    assert ("Please bring" in chinese, "预约号" in chinese) == (False, True)


def test_the_desk_asks_for_the_language_where_customers_are_texted(hall, as_):
    client = as_("1001")
    address = f"{page('new')}?business={hall.business()}&day={TODAY + dt.timedelta(days=3)}"
    assert "短信语言" not in client.get(address).content.decode()
    Phones.enter(hall)
    assert "短信语言" in client.get(address).content.decode()
    typed = {
        "starts_at": hall.at(9, day=3).isoformat(),
        "name": "Ann",
        "phone": PHONE,
        "channel": "counter",
        "key": "once",
    }
    assert client.post(address, typed | {"language": "fr"}).status_code == 422
    client.post(address, typed | {"language": "en"})
    assert Booking.objects.get().language == "en"


def test_a_change_is_told_and_the_old_time_is_not_reminded_of(hall, phones):
    given = hall.book(hall.at(9, day=3), wants_reminder=True)
    phones.turn()
    hall.change(given, hall.at(10, 30, day=4))
    (words,) = phones.turn()
    assert "10:30" in words
    hall.stand_at(hall.at(9, day=2))
    assert phones.turn() == []
    hall.stand_at(hall.at(10, 30, day=3))
    assert len(phones.turn()) == 1


def test_a_text_that_is_no_longer_true_when_it_leaves_is_dropped(hall, phones):
    given = hall.book(hall.at(9))
    text_bookers(hall=hall.cast.hall, actor=SYSTEM, now=hall.now, leaves_at=hall.now)
    hall.cancel(given)
    assert phones.turn() == []
    assert Text.objects.get().dropped_at == hall.now


def test_a_booking_that_cannot_stand_is_told_with_the_link(hall, phones, as_):
    hall.places()
    given = hall.book(hall.at(9, day=3))
    phones.turn()
    hall.rule(PLACES, Places(), since=TODAY)  # nothing is offered any more
    look_at_bookings(hall=hall.cast.hall, actor=SYSTEM, now=hall.now)
    (words,) = phones.turn()
    assert "抱歉" in words
    assert hall.row(given).secret in words
    assert phones.turn() == []
    assert "短信已发出" in as_("1001").get(page("touched")).content.decode()


def test_what_the_hall_cancels_is_told_and_what_the_customer_cancels_is_not(hall, phones):
    given = hall.book(hall.at(9, day=3))
    other = hall.book(hall.at(10, day=3), phone="13900139000")
    phones.turn()
    hall.cancel(given, who="1001", cause=Cause.HALL_CLOSED)
    hall.cancel(other)
    (words,) = phones.turn()
    assert "取消" in words
    assert "/book/H01/" in words
    assert phones.turn() == []


def test_nothing_is_sent_at_night(hall, phones):
    hall.stand_at(hall.at(21, day=0))
    hall.book(hall.at(9, day=3))
    assert phones.turn() == []
    hall.pass_(minutes=59)
    assert phones.turn() == []


def test_the_reminder_of_a_night_waits_for_the_morning(hall, phones):
    given = hall.book(hall.at(9, day=3), wants_reminder=True)
    phones.turn()
    hall.terms(reminder_h=12)  # nine in the evening
    hall.stand_at(hall.at(21, day=2))
    assert phones.turn() == []
    hall.stand_at(hall.at(8, day=3))
    (words,) = phones.turn()
    assert hall.row(given).secret in words


def test_who_is_to_be_left_alone_is_not_texted_even_when_it_waits_already(hall, phones):
    unit = Hall.objects.get(pk=hall.cast.hall).unit
    Customer.objects.create(unit=unit, phone=PHONE, registered_at=hall.now, last_seen_on=TODAY)
    hall.book(hall.at(9, day=3))
    text_bookers(hall=hall.cast.hall, actor=SYSTEM, now=hall.now, leaves_at=hall.now)
    Customer.objects.update(is_left_alone=True)
    assert phones.turn() == []
    hall.book(hall.at(9, day=4))
    assert phones.turn() == []
    assert Text.objects.count() == 1


def test_a_reminder_that_did_not_arrive_is_a_call(hall, phones, as_):
    given = hall.book(hall.at(9, day=3), wants_reminder=True)
    phones.turn()
    hall.stand_at(hall.at(9, day=2))
    phones.outcome = Outcome(Reason.UNUSABLE)
    phones.turn()
    text = as_("1001").get(page("calls")).content.decode()
    assert page("booking", given.id) in text
    assert "短信未送达" in text


def test_without_a_gateway_nothing_waits(hall):
    hall.book(hall.at(9), wants_reminder=True)
    assert text_bookers(hall=hall.cast.hall, actor=SYSTEM, now=hall.now, leaves_at=hall.now) == 0
    assert not Text.objects.exists()


def test_the_words_are_the_halls_and_in_the_gateways_language(hall, phones):
    Channel.objects.update(language="en")
    lines = (
        TextLine(Occasion.BOOKED, True, "订好了：{time}", "Done: {day} {papers} {link}"),
        TextLine(Occasion.REMINDER, False, "x"),
    )
    hall.rule(TEXTS, BookingTexts(lines))
    hall.book(hall.at(9, day=3), wants_reminder=True)
    (words,) = phones.turn()
    assert words.startswith("Done: January 8 ")
    hall.stand_at(hall.at(9, day=2))
    assert phones.turn() == []  # this text is switched off


def test_without_a_public_address_the_words_name_the_hall(hall, phones, settings):
    settings.PUBLIC_URL = ""
    hall.book(hall.at(9, day=3))
    (words,) = phones.turn()
    assert words.endswith("本厅")


def test_wrong_rules_are_told():
    lines = (TextLine(Occasion.BOOKED, True, "{day}", "{when}"), TextLine(Occasion.BOOKED, True, " "))
    found = [(field, params.get("name")) for field, _sentence, params in problems_of(BookingTexts(lines))]
    assert found == [("lines-0-words_en", "when"), ("lines-1-occasion", None), ("lines-1-words", None)]


def test_facts_of_texts_name_nobody(hall, phones):
    given = hall.book(hall.at(9, day=3))
    phones.turn()
    facts = Fact.objects.filter(kind__startswith="text.")
    assert {fact.data["about"] for fact in facts} == {str(given.id)}
    assert PHONE not in str([fact.data for fact in facts])


def test_a_hall_whose_clock_is_not_the_outboxs(hall, phones):
    """The demo's and the simulator's halls live in other times than the gateway does."""
    real = hall.now + dt.timedelta(days=300)
    given = hall.book(hall.at(9), wants_reminder=True)
    for _turn in range(2):
        text_bookers(hall=hall.cast.hall, actor=SYSTEM, now=hall.now, leaves_at=real)
        send_texts(now=real, by=phones)
    text = Text.objects.get()  # in the hall's time it was told within the hours of the reminder
    assert (text.about, text.sent_at, text.ends_at - real) == (given.id, real, hall.at(9) - hall.now)
