"""The console, the effect and the alerts of a day: who may open what, and what stands on it."""

import pytest
from django.urls import reverse

from yingting.domains.peaks.models import Alert
from yingting.domains.queueing.actions import calling, modes
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person

HX = {"HX-Request": "true"}


@pytest.fixture
def as_(client):
    def sign_in(staff_no):
        if staff_no:
            client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    return sign_in


def url(name, *args):
    return reverse(f"peaks:{name}", args=["H01", *args])


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(
    ("who", "sees", "acts", "reads"),
    [
        (None, 302, 302, 302),
        ("2001", 404, 404, 404),
        ("1001", 200, 403, 403),
        ("1101", 200, 403, 403),
        ("9001", 200, 403, 200),
        ("1201", 200, 200, 200),
        ("1301", 200, 200, 200),
    ],
)
def test_who_sees_the_console_who_acts_and_who_reads_the_alerts(day, as_, who, sees, acts, reads):
    day.come(3)
    day.look()
    client, facts = as_(who), Fact.objects.count()
    for name in ("console", "once", "effect"):
        assert client.get(url(name)).status_code == sees, name
    assert client.get(url("alerts")).status_code == reads
    headers = HX if who else {}
    for name, args, data in (
        ("seen", [], {}),
        ("act", [], {"measure": "send_guide"}),
        ("mode", ["start"], {"reason": "高峰"}),
        ("mode", ["end"], {}),
    ):
        status = client.post(url(name, *args), data, headers=headers).status_code
        assert status == (204 if name == "seen" and acts == 200 else acts), name
    if acts != 200:
        assert Fact.objects.count() == facts


def test_the_console_shows_level_steps_mode_and_alerts_and_buttons_only_to_those_who_may_act(day, as_):
    day.come(3)
    day.look()
    mine = as_("1201").get(url("console")).content.decode()
    for words in ("一级", "黄色", "人等候", "正常模式", "现在该做", "派导购", "还剩", "另行处理", "当日告警"):
        assert words in mine, words
    assert reverse("queueing:floor-open", args=["H01", day.cast.counters["1"]]) in mine
    others = as_("1001").get(url("console")).content.decode()
    assert "一级" in others
    assert "<button" not in others
    assert "hx-post" not in others
    assert "当日告警" not in others


def test_a_calm_hall_has_a_calm_console(day, as_):
    page = as_("1201").get(url("console")).content.decode()
    assert "平稳" in page
    assert "现在该做" not in page
    assert "未结束的告警" not in page


def test_the_live_hall_has_the_panels_and_says_what_to_do_only_once(day, as_):
    day.come(2)
    day.pass_(12)
    page = as_("1201").get(reverse("queueing:floor-hall", args=["H01"])).content.decode()
    for name in ("console", "once", "effect"):
        assert f'hx-get="{url(name)}"' in page
    assert 'id="now-title"' not in page


def test_an_act_answers_with_the_console_and_a_refusal_with_a_notice(day, as_):
    day.come(3)
    day.look()
    done = as_("1201").post(url("act"), {"measure": "crowd_care"}, headers=HX)
    assert "已启动人群关怀" in done.content.decode()
    no = as_("1201").post(url("act"), {"measure": "otherwise", "words": ""}, headers=HX)
    assert (no.status_code, no.headers["HX-Retarget"]) == (422, "#notice")
    broken = as_("1201").post(url("act"), {"measure": "otherwise", "words": "好", "alert": "x"}, headers=HX)
    assert broken.status_code == 409
    assert as_("1201").post(url("mode", "sideways"), headers=HX).status_code == 404
    plain = as_("1201").post(url("act"), {"measure": "send_guide"})
    assert (plain.status_code, plain.headers["Location"]) == (302, "/floor/H01/")


@pytest.mark.req("QUE-09")
def test_forced_mode_is_switched_from_the_console_answers_the_alert_and_ends(day, as_):
    day.come(3)
    day.look()
    day.pass_(1)
    client = as_("1201")
    page = client.post(url("mode", "start"), {"reason": "x", "other": "月末高峰"}, headers=HX).content.decode()
    for words in ("强制分流", "赵敏", "月末高峰", "恢复正常", "已转入强制分流"):
        assert words in page, words
    assert Alert.objects.get().measure == "forced_mode"
    day.pass_(10)
    page = client.post(url("mode", "end"), headers=HX).content.decode()
    assert "正常模式" in page


@pytest.mark.req("QUE-09")
def test_the_effect_shows_counts_beside_every_figure_and_says_when_there_are_too_few(day, as_, actor_of):
    assert as_("1201").get(url("effect")).content.decode().strip() == ""
    session = day.open("1")
    tickets = day.come(4)
    day.pass_(10)
    modes.start_forced_mode(hall=day.cast.hall, reason="月末高峰", actor=actor_of("1201"), now=day.now)
    day.pass_(5)
    calling.call_next(
        hall=day.cast.hall, session=session.id, counter=session.counter, actor=actor_of("1001"), now=day.now
    )
    day.pass_(5)
    modes.end_forced_mode(hall=day.cast.hall, actor=actor_of("1301"), now=day.now)
    day.pass_(10)
    page = " ".join(as_("1201").get(url("effect")).content.decode().split())
    assert len(tickets) == 4
    for words in (
        "10:10–10:20",
        "赵敏",
        "月末高峰",
        "陈刚 结束",
        "截至目前",
        "人数过少",
        "(1)",
        "3.5",
        "1.3",
        "不证明因果",
    ):
        assert words in page, words


@pytest.mark.req("QUE-08")
def test_the_hall_manager_finds_what_nobody_acted_on_with_those_on_duty(day, as_):
    day.come(3)
    day.look()
    empty = as_("1301").get(url("alerts")).content.decode()
    assert "均已按时处理" in empty
    day.pass_(6)
    day.look()
    page = as_("1301").get(url("alerts")).content.decode()
    for words in ("值班未处理", "到时无人处理", "赵敏、陈刚", "高峰", "一级"):
        assert words in page, words
    assert as_("1301").get(url("alerts"), {"day": "2026-01-04", "all": "1"}).content.decode().count("<tr") == 0
    assert "没有告警" in as_("1301").get(url("alerts"), {"day": "2026-01-04", "all": "1"}).content.decode()
    assert as_("1301").get(url("alerts"), {"day": "nonsense"}).status_code == 200
    fragment = as_("1301").get(url("alerts"), headers=HX).content.decode()
    assert "<html" not in fragment
    english = as_("1301").get(url("alerts"), headers={"Accept-Language": "en"}).content.decode()
    assert "Nobody acted in time" in english


@pytest.mark.req("QUE-03")
def test_a_busy_day_is_told_on_the_console_and_an_ordinary_one_is_not(day, as_):
    day.rule_wide()
    assert "今天通常是忙日" not in as_("1201").get("/floor/H01/console/").content.decode()
    day.pass_(25 * 24 * 60)
    assert "今天通常是忙日：月末" in " ".join(as_("1201").get("/floor/H01/console/").content.decode().split())
