"""When messages leave the house: quiet hours, digests, storms, retries. The clock is set twice a year in Warsaw."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.foundation.notify.addresses import SCHEMES, address_from, masked
from yingting.foundation.notify.rules import (
    DeliveryRule,
    Severity,
    after_quiet,
    gather,
    is_quiet,
    leaves_at,
    next_digest,
)

NIGHT = DeliveryRule(quiet_from=dt.time(21), quiet_until=dt.time(8), digest_at=(dt.time(9), dt.time(17)), hourly=2)
ZONES = ("Asia/Shanghai", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe")


def at(text, zone="Asia/Shanghai"):
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def test_quiet_hours_run_over_midnight():
    leave = [
        leaves_at(Severity.WARNING, NIGHT, now=at(f"2026-01-05T{wall}"), timezone="Asia/Shanghai")
        for wall in ("20:59", "21:00", "23:30")
    ]
    assert leave == [at("2026-01-05T20:59"), at("2026-01-06T08:00"), at("2026-01-06T08:00")]
    assert leaves_at(Severity.WARNING, NIGHT, now=at("2026-01-06T02:00"), timezone="Asia/Shanghai") == at(
        "2026-01-06T08:00"
    )


def test_quiet_hours_within_a_day_end_on_that_day_and_none_at_all_hold_nothing():
    noon = DeliveryRule(quiet_from=dt.time(12), quiet_until=dt.time(14))
    assert after_quiet(at("2026-01-05T12:30"), noon, "Asia/Shanghai") == at("2026-01-05T14:00")
    none = DeliveryRule(quiet_from=dt.time(0), quiet_until=dt.time(0))
    assert after_quiet(at("2026-01-05T00:00"), none, "Asia/Shanghai") == at("2026-01-05T00:00")


@pytest.mark.parametrize(
    ("now", "then", "hours"),
    [("2026-03-28T22:00", "2026-03-29T08:00", 9), ("2026-10-24T22:00", "2026-10-25T08:00", 11)],
)
def test_the_night_in_which_the_clock_is_set_ends_at_its_wall_time(now, then, hours):
    begin = at(now, "Europe/Warsaw")
    assert after_quiet(begin, NIGHT, "Europe/Warsaw") == at(then, "Europe/Warsaw")
    assert after_quiet(begin, NIGHT, "Europe/Warsaw") - begin == dt.timedelta(hours=hours)


def test_an_urgent_message_breaks_the_quiet_only_where_the_rule_says_so():
    now = at("2026-01-05T23:00")
    assert leaves_at(Severity.URGENT, NIGHT, now=now, timezone="Asia/Shanghai") == now
    held = DeliveryRule(quiet_from=dt.time(21), quiet_until=dt.time(8), urgent_breaks_quiet=False)
    assert leaves_at(Severity.URGENT, held, now=now, timezone="Asia/Shanghai") == at("2026-01-06T08:00")


def test_a_note_waits_for_the_next_digest_and_a_digest_in_the_night_for_the_morning():
    times = ("2026-01-05T08:59", "2026-01-05T09:00", "2026-01-05T17:00")
    found = [leaves_at(Severity.NOTE, NIGHT, now=at(now), timezone="Asia/Shanghai") for now in times]
    assert found == [at("2026-01-05T09:00"), at("2026-01-05T17:00"), at("2026-01-06T09:00")]
    late = DeliveryRule(quiet_from=dt.time(21), quiet_until=dt.time(8), digest_at=(dt.time(22),))
    assert next_digest(at("2026-01-05T10:00"), late, "Asia/Shanghai") == at("2026-01-06T08:00")
    assert leaves_at(
        Severity.NOTE, DeliveryRule(digest_at=()), now=at("2026-01-05T10:00"), timezone="Asia/Shanghai"
    ) == at("2026-01-05T10:00")


def test_what_exceeds_the_hourly_limit_leaves_together_when_the_hour_is_over():
    now = at("2026-01-05T10:30")
    lately = [at("2026-01-05T10:00"), at("2026-01-05T10:20")]
    assert leaves_at(Severity.URGENT, NIGHT, now=now, timezone="Asia/Shanghai", lately=lately) == at("2026-01-05T11:00")
    assert leaves_at(Severity.URGENT, NIGHT, now=now, timezone="Asia/Shanghai", lately=lately[1:]) == now
    # What left exactly an hour ago no longer counts.
    assert leaves_at(Severity.URGENT, NIGHT, now=at("2026-01-05T11:00"), timezone="Asia/Shanghai", lately=lately) == at(
        "2026-01-05T11:00"
    )
    # The hour may end in the quiet hours: then it is the morning.
    evening = [at("2026-01-05T20:10"), at("2026-01-05T20:20")]
    assert leaves_at(
        Severity.WARNING, NIGHT, now=at("2026-01-05T20:30"), timezone="Asia/Shanghai", lately=evening
    ) == at("2026-01-06T08:00")


@settings(max_examples=50)
@given(
    st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 12, 31)),
    st.sampled_from(Severity),
    st.sampled_from(ZONES),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
)
def test_nothing_leaves_before_it_is_told_nor_in_the_quiet_nor_more_than_two_days_late(
    moment, severity, zone, begin, end
):
    rule = DeliveryRule(quiet_from=begin, quiet_until=end, urgent_breaks_quiet=False)
    now = moment.replace(tzinfo=dt.UTC)
    leaves = leaves_at(severity, rule, now=now, timezone=zone)
    assert now <= leaves <= now + dt.timedelta(hours=49)
    assert not is_quiet(leaves.astimezone(ZoneInfo(zone)).time(), rule)


def test_a_gathered_text_loses_nothing():
    kinds = ["a", "b", "a", "a", "b"]
    shown = gather(kinds, 1)
    assert sum(len(one.shown) + one.more for one in shown) == len(kinds)
    assert [one.more for one in shown] == [2, 1]


@pytest.mark.parametrize(
    ("entered", "address"),
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a-1", "wecombot://693a-1"),
        ("https://oapi.dingtalk.com/robot/send?access_token=abc123", "dingtalk://abc123"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/abc-1", "feishu://abc-1"),
        ("MAILTOS://me:pw@mail.example.com?to=a@example.com", "mailtos://me:pw@mail.example.com?to=a@example.com"),
        ("https://example.com/hook", None),
        ("file:///etc/passwd", None),
        ("syslog://localhost", None),
        ("wecombot://", None),
        ("", None),
    ],
)
def test_an_address_is_understood_or_refused(entered, address):
    assert address_from(entered) == address


def test_what_is_shown_of_an_address_gives_no_secret_away():
    assert masked("mailtos://me:password@mail.example.com") == "mailtos://….com"
    assert masked("wecombot://short-key") == "wecombot://…"


def test_every_scheme_is_one_that_apprise_knows():
    from apprise import Apprise

    known = {
        scheme
        for plugin in Apprise().details()["schemas"]
        for scheme in [*(plugin["protocols"] or ()), *(plugin["secure_protocols"] or ())]
    }
    assert set(SCHEMES) - known == set()
