"""Texts to customers: once, at least until the gateway has them, never when they are no longer true, and then without a person."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.addresses import seal_address
from yingting.foundation.notify.carrying import Outcome, Reason
from yingting.foundation.notify.models import Channel, Delivery
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.tests.service import listening
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.holders import Erasing
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.privacy.shapes import Action
from yingting.foundation.sites.models import Unit
from yingting.foundation.texts import kinds
from yingting.foundation.texts.asking import Texting, gateway_for, put_test_text, text_customers
from yingting.foundation.texts.kinds import TextKind
from yingting.foundation.texts.models import Text
from yingting.foundation.texts.personal import TEXTS
from yingting.foundation.texts.reading import TextState, results_of_gateway, texts_about
from yingting.foundation.texts.sending import BATCH, LEASE, send_texts
from yingting.kernel.actors import SYSTEM
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal

PHONE, HOUR, MINUTE = "13800138000", dt.timedelta(hours=1), dt.timedelta(minutes=1)


class Hand:
    """Stands for the border: keeps what it was to carry, and answers what the test wants."""

    def __init__(self, outcome=None):
        self.outcome, self.carried = outcome or Outcome(), []

    def __call__(self, address, title, text):
        self.carried.append((address, text))
        return self.outcome


@pytest.fixture
def true(monkeypatch):
    """The kind of these tests, and the records of which it still holds; None: of all."""
    holds = {"of": None}
    kind = TextKind(
        "trial.told", "Trial", lambda texts, _now: {one.id for one in texts if holds["of"] is None or one.about in holds["of"]}
    )  # fmt: skip
    monkeypatch.setattr(kinds.TEXT_KINDS, "_things", (kind,))
    return holds


@pytest.fixture
def gateway(cast):
    def make(unit="H01", address="json://127.0.0.1:9/send?:to={phone}", **fields):
        unit = Unit.objects.get(code=unit)
        fields = {"name": f"短信{unit.code}", "for_customers": True, **fields}
        return Channel.objects.create(unit=unit, sealed=seal_address(address), **fields)

    return make


@pytest.fixture
def text(true, now):
    def put(gateway, about=None, key="", phone=PHONE, words="您已预约", lasts=HOUR, at=now):
        about = about or new_id()
        texting = Texting("trial.told", about, key, phone, words, lasts)
        text_customers([texting], gateway=gateway, unit=gateway.unit_id, actor=SYSTEM, now=at)
        return about

    return put


def states():
    return sorted(
        one.state.value for rows in texts_about(Text.objects.values_list("about", flat=True)).values() for one in rows
    )


def test_a_gateway_gets_number_and_words_by_a_real_request(gateway, text, now):
    with listening() as service:
        text(gateway(address=service.address + "?:to={phone}"))
        assert send_texts(now=now) == 1
    assert [(one["to"], one["message"]) for one in service.got] == [(PHONE, "您已预约")]
    assert Fact.objects.filter(kind="text.sent").count() == 1


def test_what_was_sent_holds_nobody(gateway, text, now):
    about = text(gateway())
    keys = search_keys(DataKind.PHONE, PHONE)
    assert [one.record for one in TEXTS.find(DataKind.PHONE, keys)] == [Text.objects.get().pk]
    hand = Hand()
    send_texts(now=now, by=hand)
    assert hand.carried == [(f"json://127.0.0.1:9/send?:to={PHONE}", "您已预约")]
    row = Text.objects.get()
    assert (row.phone.open(), row.words.open(), row.phone_key, row.sent_at) == ("", "", "", now)
    assert TEXTS.find(DataKind.PHONE, keys) == []
    assert texts_about([about])[about][0].state is TextState.SENT
    assert PHONE not in json.dumps([fact.data for fact in Fact.objects.all()])


def test_the_same_is_told_once_and_again_under_another_key(gateway, text):
    row, about = gateway(), new_id()
    for key in ("nine", "nine", "ten"):
        text(row, about, key)
    assert sorted(Text.objects.values_list("key", flat=True)) == ["nine", "ten"]


@pytest.mark.parametrize(("phone", "lasts"), [("02088776655", HOUR), ("", HOUR), (PHONE, dt.timedelta(0))])
def test_no_mobile_number_and_no_time_left_is_left_out(gateway, text, phone, lasts):
    text(gateway(), phone=phone, lasts=lasts)
    assert not Text.objects.exists()


def test_what_is_no_longer_true_is_not_sent(gateway, text, true, now):
    row = gateway()
    kept, gone = text(row), text(row)
    true["of"] = {kept}
    hand = Hand()
    assert send_texts(now=now, by=hand) == 1
    assert [texts_about([one])[one][0].state for one in (kept, gone)] == [TextState.SENT, TextState.DROPPED]
    assert not Text.objects.exclude(phone="").exists()


def test_a_silent_gateway_is_tried_again_and_the_text_given_up_when_it_is_of_no_use(gateway, text, now):
    about = text(gateway(), lasts=3 * MINUTE)
    hand, at, tries = Hand(Outcome(Reason.UNREACHABLE)), now, []
    while Text.objects.filter(failed_at__isnull=True).exists():
        before = len(hand.carried)
        send_texts(now=at, by=hand)
        if len(hand.carried) > before:
            tries.append((at - now) // MINUTE)
        at += MINUTE
    assert tries == [0, 1]  # the next would be at 3, when the booking begins
    assert texts_about([about])[about][0].state is TextState.FAILED
    assert Fact.objects.get(kind="text.failed").data["reason"] == "unreachable"


def test_a_text_whose_time_was_over_before_anybody_sent_it(gateway, text, now):
    text(gateway(), lasts=MINUTE)
    hand = Hand()
    send_texts(now=now + HOUR, by=hand)
    assert (hand.carried, states()) == ([], ["failed"])
    assert Text.objects.get().reason == "late"
    assert not Text.objects.exclude(phone="").exists()


def test_a_worker_that_dies_while_it_sends_is_followed_by_another(gateway, text, now):
    text(gateway())

    def die(*_args):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_texts(now=now, by=die)
    hand = Hand()
    assert send_texts(now=now + LEASE - MINUTE, by=hand) == 0
    assert send_texts(now=now + LEASE, by=hand) == 1


def test_more_than_a_batch_leaves_in_turns(gateway, text, now):
    row = gateway()
    for _ in range(BATCH + 1):
        text(row)
    hand = Hand()
    assert [send_texts(now=now, by=hand) for _ in range(3)] == [BATCH, 1, 0]


def test_a_gateway_out_of_use_sends_nothing(gateway, text, now):
    row = gateway()
    text(row)
    Channel.objects.update(is_active=False)
    hand = Hand()
    assert (send_texts(now=now, by=hand), hand.carried, states()) == (0, [], ["dropped"])


def test_the_nearest_gateway_serves_a_hall(gateway):
    path = Unit.objects.get(code="H01").path
    assert gateway_for(path) is None
    above = gateway("TH")
    assert gateway_for(path) == above
    own = gateway()
    assert gateway_for(path) == own
    gateway("H02")
    Channel.objects.filter(pk=own.pk).update(is_active=False)
    assert gateway_for(path) == above


def test_messages_to_staff_do_not_go_to_customers(gateway, cast, now):
    gateway()
    telling = Telling("trial.told", "Trial", Severity.URGENT, {})
    notify(people=[cast.people["1301"]], telling=telling, actor=SYSTEM, now=now)
    assert not Delivery.objects.exists()


def test_who_is_forgotten_is_not_texted(gateway, text, now):
    text(gateway())
    with CaptureQueriesContext(connection) as asked:
        TEXTS.erase(Erasing([Text.objects.get().pk], Action.FORGET_PERSON, SYSTEM, now))
    locks = any("FOR NO KEY UPDATE" in one["sql"] for one in asked)
    assert locks == connection.features.has_select_for_update  # no worker claims it meanwhile
    hand = Hand()
    assert (send_texts(now=now, by=hand), hand.carried, states()) == (0, [], ["dropped"])
    assert Text.objects.get().phone.open() == ""
    assert Fact.objects.filter(kind="text.dropped", subject=Text.objects.get().pk).count() == 1


def test_a_test_goes_to_a_number_and_is_tried_once(gateway, now):
    row = gateway()
    with pytest.raises(Refusal, match="mobile"):
        put_test_text(gateway=row, phone="8877", words="test", actor=SYSTEM, now=now)
    put_test_text(gateway=row, phone="138 0013 8000", words="test", actor=SYSTEM, now=now)
    send_texts(now=now, by=Hand(Outcome(Reason.REFUSED, 403)))
    (result,) = results_of_gateway(row)
    assert (result.is_test, result.is_waiting, result.is_bad, "403" in result.in_words) == (True, False, True, True)
