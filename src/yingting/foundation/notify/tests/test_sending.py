"""The outbox against services on this machine: at least once, gathered, with patience, and never for ever."""

import datetime as dt

import pytest

from yingting.foundation.journal.models import Fact
from yingting.foundation.notify import sending
from yingting.foundation.notify.addresses import seal_address, unseal_address
from yingting.foundation.notify.carrying import Outcome, Reason, carry
from yingting.foundation.notify.models import Channel, Delivery
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.sending import LEASE, put_test, send_due
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.tests.service import listening
from yingting.foundation.people.models import Role
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def service():
    with listening() as service:
        yield service


class Hand:
    """Stands for the border: keeps what it was to carry, and answers what the test wants."""

    def __init__(self, outcome=None):
        self.outcome, self.carried = outcome or Outcome(), []

    def __call__(self, address, title, text):
        self.carried.append((address, title, text))
        return self.outcome


@pytest.fixture
def channel(cast):
    def make(unit="H01", address="json://127.0.0.1:9/robot-of-the-hall", **fields):
        unit = Unit.objects.get(code=unit)
        return Channel.objects.create(name=fields.pop("name", "群"), unit=unit, sealed=seal_address(address), **fields)

    return make


@pytest.fixture
def tell(cast, now):
    def tell(subject="", severity=Severity.WARNING, at=now, people=("1301",), title="Messages"):
        telling = Telling("test.told", title, severity, {}, body="Given up.", subject=subject, link="/guide/")
        return notify(people=[cast.people[one] for one in people], telling=telling, actor=SYSTEM, now=at)

    return tell


def test_the_database_holds_no_address_and_another_key_opens_none(channel, settings):
    row = channel(address="wecombot://a-very-secret-key")
    assert "secret" not in row.sealed
    assert unseal_address(row.sealed) == "wecombot://a-very-secret-key"
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert unseal_address(row.sealed) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal_address(row.sealed) == "wecombot://a-very-secret-key"


def test_a_message_leaves_by_a_real_request_in_the_channels_language(channel, tell, now, service, settings):
    settings.PUBLIC_URL = "https://hall.example"
    channel(address=service.address)
    channel(address=service.address, name="en", language="en")
    tell()
    assert send_due(now=now) == 2
    assert sorted((got["title"], got["message"]) for got in service.got) == [
        ("Messages", "Given up.\nhttps://hall.example/guide/"),
        ("消息", "已放弃。\nhttps://hall.example/guide/"),
    ]
    assert set(Delivery.objects.values_list("sent_at", "attempts", "reason")) == {(now, 1, "")}


def test_who_is_served_by_a_channel(channel, tell):
    role = Role.objects.get(key="hall_manager")
    served = {
        "unit": channel(),
        "role": channel(name="role", role=role),
        "severity": channel(name="urgent", least="urgent"),
        "other hall": channel("H02"),
        "above": channel("TH"),
        "off": channel(name="off", is_active=False),
    }
    names = {row.pk: key for key, row in served.items()}

    def reached():
        found = {names[pk] for pk in Delivery.objects.values_list("channel", flat=True)}
        Delivery.objects.all().delete()
        return found

    tell("a")
    assert reached() == {"unit", "role"}
    tell("b", people=("1201",))
    assert reached() == {"unit"}
    tell("c", severity=Severity.URGENT)
    assert reached() == {"unit", "role", "severity"}


def test_running_twice_sends_once(channel, tell, now):
    channel()
    tell()
    hand = Hand()
    assert (send_due(now=now, by=hand), send_due(now=now, by=hand)) == (1, 0)
    assert len(hand.carried) == 1
    assert [fact.data["attempts"] for fact in Fact.objects.filter(kind="message.sent")] == [1]


def test_a_worker_killed_while_it_sends_is_followed_by_another(channel, tell, now):
    channel()
    tell()

    class Killed(BaseException):
        pass

    def die(*_text):
        raise Killed

    with pytest.raises(Killed):
        send_due(now=now, by=die)
    hand = Hand()
    assert send_due(now=now + LEASE - MINUTE, by=hand) == 0  # the claim still holds: perhaps it only takes long
    assert send_due(now=now + LEASE, by=hand) == 1
    row = Delivery.objects.get()
    assert (row.attempts, row.sent_at) == (2, now + LEASE)


def test_an_answer_that_comes_after_the_claim_ran_out_changes_nothing(channel, tell, now):
    channel()
    tell()
    slow = sending._claim(Delivery.objects.get().channel_id, now)
    assert send_due(now=now + LEASE, by=Hand()) == 1  # another worker, meanwhile
    assert sending._note(slow, Outcome(Reason.UNREACHABLE), now) == 0
    row = Delivery.objects.get()
    assert (row.sent_at, row.failed_at, row.reason) == (now + LEASE, None, "")


def test_a_dead_service_is_tried_with_more_and_more_patience_and_then_given_up(channel, tell, now):
    channel()
    tell()
    dead, tries, at = Hand(Outcome(Reason.UNREACHABLE)), [], now
    for minute in range(80):
        at = now + minute * MINUTE
        before = len(dead.carried)
        send_due(now=at, by=dead)
        tries += [minute] * (len(dead.carried) - before)
    assert tries == [0, 1, 3, 7, 15, 31]
    row = Delivery.objects.get()
    assert (row.attempts, row.failed_at, row.reason) == (6, now + 31 * MINUTE, "unreachable")
    (fact,) = Fact.objects.filter(kind="message.failed")
    assert fact.data == {
        "channel": str(row.channel_id), "notice": str(row.notice_id), "attempts": 6, "reason": "unreachable",
    }  # fmt: skip


def test_what_comes_while_a_service_is_down_waits_and_leaves_as_one_text(channel, tell, now):
    channel()
    tell("a")
    send_due(now=now, by=Hand(Outcome(Reason.REFUSED, 503)))
    for n in range(3):
        tell(f"b{n}", at=now)
    hand = Hand()
    assert send_due(now=now + MINUTE / 2, by=hand) == 0
    assert send_due(now=now + MINUTE, by=hand) == 4
    ((_address, title, text),) = hand.carried
    assert title == "迎厅：4 条消息"
    assert text == "\n".join(["· 消息"] * 4)


def test_a_storm_leaves_as_one_text_with_a_number(channel, tell, now):
    channel()
    for n in range(18):
        tell(f"alert:{n}", severity=Severity.URGENT, at=now + n * MINUTE / 10)
    hand = Hand()
    assert send_due(now=now + 5 * MINUTE, by=hand) == 6
    assert send_due(now=now + 59 * MINUTE, by=hand) == 0
    # The first of the six is an hour old: the twelve that waited leave together, six told and six counted.
    assert send_due(now=now + 60 * MINUTE, by=hand) == 12
    assert hand.carried[-1][1:] == ("迎厅：12 条消息", "\n".join([*["· 消息"] * 6, "· 还有 6 条"]))


def test_a_dead_service_does_not_hold_up_the_others(channel, tell, now):
    for name in ("dead", "alive"):
        channel(name=name, address=f"json://127.0.0.1:9/{name}-address-of-it")
    tell()

    def by(address, _title, _text):
        return Outcome() if "alive" in address else Outcome(Reason.UNREACHABLE)

    assert send_due(now=now, by=by) == 1
    assert dict(Delivery.objects.values_list("channel__name", "reason")) == {"dead": "unreachable", "alive": ""}


def test_one_key_is_in_a_channels_outbox_once(channel, tell, now):
    tell()  # before the channel was made: it does not get old messages
    row = channel()
    assert not Delivery.objects.exists()
    first = put_test(channel=row, actor=SYSTEM, now=now)
    assert put_test(channel=row, actor=SYSTEM, now=now) == first
    assert Delivery.objects.count() == 1


def test_a_test_is_tried_once_and_its_answer_kept(channel, now, service):
    service.status = 403
    row = channel(address=service.address)
    put_test(channel=row, actor=SYSTEM, now=now)
    assert send_due(now=now) == 0
    assert "测试消息" in service.got[0]["message"]
    found = Delivery.objects.get()
    assert (found.attempts, found.failed_at, found.reason, found.number) == (1, now, "refused", 403)
    assert list(Fact.objects.order_by("id").values_list("kind", flat=True)) == ["message.test_asked", "message.failed"]


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"errcode": 0}', Outcome()),
        (200, b"", Outcome()),
        (200, b'{"code": 200}', Outcome()),
        # Robots say no with HTTP 200.
        (200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}', Outcome(Reason.REJECTED, 93000)),
        (200, b'{"code": 19001}', Outcome(Reason.REJECTED, 19001)),
        (404, b"", Outcome(Reason.REFUSED, 404)),
        (500, b'{"errcode": 0}', Outcome(Reason.REFUSED, 500)),
    ],
)
def test_what_an_answer_means(service, status, body, outcome):
    service.status, service.body = status, body
    assert carry(service.address, "t", "b") == outcome


def test_what_is_no_address_any_more_and_who_does_not_answer(service):
    service.server.shutdown()
    service.server.server_close()
    assert carry(service.address, "t", "b") == Outcome(Reason.UNREACHABLE)
    assert carry(None, "t", "b") == Outcome(Reason.UNREADABLE)
    assert carry("wecombot://", "t", "b") == Outcome(Reason.UNUSABLE)


def test_the_three_robots_are_heard_too(monkeypatch):
    """Their plugins ask the services' own hosts; the request is answered here as the robots refuse an unknown key."""
    import sys

    import requests
    from apprise import NotifyBase

    monkeypatch.setattr(NotifyBase, "request_rate_per_sec", 0)
    asked = []

    def post(url, **more):
        asked.append(url)
        answer = requests.Response()
        answer.status_code, answer._content = 200, b'{"errcode": 93000, "code": 19001}'
        return answer

    for scheme in ("wecombot", "dingtalk", "feishu", "lark"):
        assert carry(f"{scheme}://", "t", "b").reason is Reason.UNUSABLE
        monkeypatch.setattr(sys.modules[f"apprise.plugins.{scheme}"], "requests", requests)
        monkeypatch.setattr(requests, "post", post)
        assert carry(f"{scheme}://abcdefabcdef1234567890abcdef123456", "t", "b").reason is Reason.REJECTED, scheme
    assert len(asked) == 4


def test_the_web_process_does_not_import_apprise():
    import subprocess
    import sys

    code = "import yingting.web.wsgi, sys; print('apprise' in sys.modules, 'yingting.foundation.notify.views' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split()[0] == "False"
    assert sending.carry is carry
