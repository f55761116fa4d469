"""Settings pages of channels: the address goes in and never comes out."""

import pytest

from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.addresses import seal_address, unseal_address
from yingting.foundation.notify.carrying import Outcome, Reason
from yingting.foundation.notify.models import Channel, Delivery
from yingting.foundation.notify.sending import send_due
from yingting.foundation.people.models import Role, RoleGrant
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now
from yingting.planning.cast import PASSWORD

KEY = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
ROBOT = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"


@pytest.fixture
def admin(client, cast):
    assert client.login(username="9901", password=PASSWORD)
    return client


@pytest.fixture
def channel(cast):
    return Channel.objects.create(
        name="群", unit=Unit.objects.get(code="H01"), sealed=seal_address(f"wecombot://{KEY}")
    )


def fields(**more):
    unit = Unit.objects.get(code="H01").pk
    return {"unit": unit, "name": "厅经理群", "least": "warning", "language": "zh-hans", "role": "", **more}


def test_a_robots_web_address_is_kept_sealed_and_shown_masked(admin):
    answer = admin.post("/admin/channels/new/", fields(address=ROBOT))
    row = Channel.objects.get()
    assert answer["Location"] == f"/admin/channels/{row.pk}/"
    assert unseal_address(row.sealed) == f"wecombot://{KEY}"
    pages = admin.get("/admin/channels/").content.decode() + admin.get(answer["Location"]).content.decode()
    assert (KEY in pages, row.sealed in pages, "wecombot://…5aaa" in pages) == (False, False, True)
    (fact,) = Fact.objects.filter(subject=row.pk)
    assert fact.data["after"]["sealed"] == "•"


def test_an_empty_address_keeps_the_kept_one_and_another_replaces_it(admin, channel):
    def change(address):
        read = admin.get(f"/admin/channels/{channel.pk}/").context["read"]
        answer = admin.post(f"/admin/channels/{channel.pk}/", fields(address=address, read=read))
        channel.refresh_from_db()
        return answer.status_code

    assert change("") == 302
    assert (channel.name, unseal_address(channel.sealed)) == ("厅经理群", f"wecombot://{KEY}")
    assert change("dingtalk://another-token") == 302
    assert unseal_address(channel.sealed) == "dingtalk://another-token"
    assert change("https://example.com/") == 422
    assert unseal_address(channel.sealed) == "dingtalk://another-token"


def test_an_address_sealed_with_a_lost_key_asks_to_be_entered_again(admin, channel, settings):
    Channel.objects.update(sealed="gAAAAA-not-ours")
    assert "请重新填写" in admin.get(f"/admin/channels/{channel.pk}/").content.decode()
    assert "无法读取" in admin.get("/admin/channels/").content.decode()


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome(), "对方已接收"),
        (Outcome(Reason.REJECTED, 93000), "93000"),
        (Outcome(Reason.REFUSED, 403), "HTTP 403"),
        (Outcome(Reason.UNREACHABLE), "没有回应"),
        (Outcome(Reason.UNREADABLE), "请重新填写"),
        (Outcome(Reason.UNUSABLE), "地址不完整"),
    ],
)
def test_a_test_is_answered_in_words(admin, channel, outcome, told):
    waiting = admin.post(f"/admin/channels/{channel.pk}/send-test/").content.decode()
    assert "等待发送" in waiting
    assert "every 2s" in waiting
    assert admin.post(f"/admin/channels/{channel.pk}/send-test/").status_code == 200  # pressed twice: one test
    assert Delivery.objects.count() == 1
    send_due(now=system_now(), by=lambda *_text: outcome)
    answered = admin.get(f"/admin/channels/{channel.pk}/results/").content.decode()
    assert told in answered
    assert "every 2s" not in answered


def test_who_may_enter_channels_of_one_hall_sees_no_others(client, cast, channel):
    other = Channel.objects.create(name="别厅", unit=Unit.objects.get(code="H02"), sealed=seal_address("json://h/x"))
    role = Role.objects.create(key="own", name="本厅", permissions=["notify.configure"])
    RoleGrant.objects.create(person_id=cast.people["1301"], role=role, unit=Unit.objects.get(code="H01"))
    assert client.login(username="1301", password=PASSWORD)
    page = client.get("/admin/channels/").content.decode()
    assert (str(channel.pk) in page, str(other.pk) in page) == (True, False)
    assert client.post(f"/admin/channels/{other.pk}/send-test/").status_code == 404
    assert client.get(f"/admin/channels/{channel.pk}/").status_code == 200
    # A channel for a unit out of reach cannot be made either.
    answer = client.post("/admin/channels/new/", fields(unit=other.unit_id, address=ROBOT))
    assert answer.status_code == 422
    assert (Channel.objects.count(), Delivery.objects.count()) == (2, 0)
