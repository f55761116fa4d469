"""Process owners at work: editions and who runs by them, a province's own law, the try-out, two editions compared, the pages."""

import dataclasses
import datetime as dt
import json

import pytest

from yingting.domains.cases.actions import closing
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.models import Case, Clock, ProcessEdition
from yingting.domains.cases.queries import shipped_processes as shipped
from yingting.domains.cases.queries.outcomes import outcome_for
from yingting.domains.cases.queries.processes import SHIPPED, editions_of
from yingting.domains.cases.queries.rules_in_force import PROCESS
from yingting.domains.cases.queries.trying import try_out
from yingting.domains.cases.rules.outcomes import Share
from yingting.domains.cases.rules.processes import Mark
from yingting.domains.cases.tests import stories
from yingting.foundation.calendars.notices import NoticeDay, YearNotice, load_notice
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit, UnitLevel
from yingting.kernel.worktime.limits import Limit
from yingting.kernel.worktime.limits import Unit as Measure

pytestmark = pytest.mark.django_db
H01 = "GD/GZ/TH/H01/"
WORKDAYS = {
    # The two laws of provinces that the sources have: their own number of working days, the first day not counted.
    "henan": Limit(5, Measure.WORKING_DAYS, counts_start_day=False, is_statutory=True, basis="河南省电信条例第38条：5个工作日内答复",
                   in_force_since=dt.date(2020, 6, 4)),
    "chongqing": Limit(15, Measure.WORKING_DAYS, counts_start_day=False, is_statutory=True, basis="重庆市电信条例第20条：15个工作日内办结",
                       in_force_since=dt.date(2018, 7, 26)),
}  # fmt: skip


def with_clock(process, code, **changes):
    clocks = tuple(dataclasses.replace(rule, **changes) if rule.code == code else rule for rule in process.clocks)
    return dataclasses.replace(process, clocks=clocks)


def publish(rule, actor, now, unit="GD", key="counter", days=0, reason="试行"):
    return publish_rule(
        PROCESS, unit=Unit.objects.get(code=unit).pk, rule=rule, key=key, actor=actor, now=now, reason=reason,
        valid_from=(now + dt.timedelta(days=days)).astimezone(dt.timezone(dt.timedelta(hours=8))).date(),
    )  # fmt: skip


def signed_in(client, staff_no):
    client.force_login(Person.objects.get(staff_no=staff_no))
    return client


def new_case(actor_of, at, **more):
    return register(intake=Intake(H01, "counter", "排队太久", **more), actor=actor_of("1001"), now=at)


@pytest.mark.req("CMP-12", "CMP-33")
@pytest.mark.parametrize(
    ("law", "stops", "due"),
    [("henan", Mark.ANSWERED, dt.datetime(2026, 1, 12, 9, 30, tzinfo=dt.UTC)),
     ("chongqing", Mark.CLOSED, dt.datetime(2026, 1, 26, 9, 30, tzinfo=dt.UTC))],
)  # fmt: skip
def test_a_province_writes_its_own_law_as_a_version_and_the_country_keeps_its_own(cast, actor_of, now, law, stops, due):
    notice = YearNotice(
        2026,
        "国办发明电〔2025〕7号",
        dt.date(2025, 11, 4),
        (NoticeDay(dt.date(2026, 1, 1), dt.date(2026, 1, 3), False, "元旦"),),
    )
    load_notice(notice, country="CN", read=0, actor=actor_of("9901"), now=now)
    Unit.objects.create(code="HB", name="湖北", level=UnitLevel.PROVINCE, path="HB/")
    publish(with_clock(shipped.COUNTER, "answer", limit=WORKDAYS[law], stops=stops), actor_of("9901"), now)
    case = new_case(actor_of, now)  # ten o'clock on Monday, 5 January 2026
    clock = Clock.objects.get(case=case.id, code="answer")
    assert (clock.calendar, clock.due_at) == ("legal", due)
    held = {one.ref: one for one in editions_of(actor_of("9901"), "counter")}
    assert next(one.limit.basis for one in held[SHIPPED].process.clocks if one.code == "answer").startswith(
        shipped.ORDER_35
    )
    tried = try_out(shipped.COUNTER, path="HB/", channel="counter", received_at=now)
    assert next(one.due_at for one in tried.clocks if one.rule.code == "answer").date() == dt.date(2026, 1, 21)


@pytest.mark.req("ORG-09")
def test_cases_are_counted_by_the_edition_they_began_with(cast, actor_of, now):
    first, second = new_case(actor_of, now), new_case(actor_of, now + dt.timedelta(minutes=1))
    row = publish(
        with_clock(shipped.COUNTER, "inner", limit=Limit(3, Measure.WORKING_DAYS)), actor_of("9901"), now, days=1
    )
    later = new_case(actor_of, now + dt.timedelta(days=1))
    held = {one.ref: one for one in editions_of(actor_of("9901"), "counter")}
    assert set(held) == {SHIPPED, f"v-{row.pk}"}
    assert (held[SHIPPED].usage.running, held[SHIPPED].usage.since) == (2, now)
    assert (held[f"v-{row.pk}"].usage.running, held[f"v-{row.pk}"].usage.all) == (1, 1)
    editions = dict(Case.objects.values_list("pk", "edition__number"))
    assert editions == {first.id: 0, second.id: 0, later.id: 1}
    # Nobody counts the cases, or sees the versions, of another part of the tree.
    assert [(one.ref, one.usage.all) for one in editions_of(actor_of("2001"), "counter")] == [(SHIPPED, 0)]


def test_an_edition_that_only_cases_still_have_is_listed_by_itself(cast, actor_of, now):
    new_case(actor_of, now)
    kept = ProcessEdition.objects.get()
    other = dataclasses.replace(shipped.COUNTER, basis="较早的出厂版本")
    old = ProcessEdition.objects.create(
        code="counter", digest="0" * 64, path="", number=0, first_used_at=now, body=as_body(PROCESS, other)
    )
    found = {one.ref: one for one in editions_of(actor_of("9901"), "counter")}
    assert (found[SHIPPED].kept, found[f"e-{old.pk}"].process.basis) == ((kept.pk,), "较早的出厂版本")


@pytest.mark.req("IMP-10")
def test_figures_of_an_edition_come_from_the_cases_that_ran_by_it(cast, actor_of, now, monkeypatch):
    actor, tomorrow, week = actor_of("9901"), now + dt.timedelta(days=1), now + dt.timedelta(days=7)
    stories.closed(actor_of, now)
    again = stories.closed(actor_of, tomorrow)
    closing.reopen(case=again.id, reason="又多扣了一次", actor=actor_of("1301"), now=tomorrow + dt.timedelta(hours=3))
    new_case(actor_of, tomorrow)
    # One that had reached the hotline twenty days before: the law's fifteen days are over when it is answered.
    monkeypatch.setattr(stories, "complaint", lambda actor_of, at: new_case(
        actor_of, at, received_at=at - dt.timedelta(days=20), category="fees.unaware", phone="13800005678"))  # fmt: skip
    stories.closed(actor_of, week)
    kept = editions_of(actor, "counter")[0].kept
    found = outcome_for(actor, kept)
    assert (found.cases, found.closed, found.timely, found.reopened) == (4, 2, Share(1, 2), Share(1, 3))
    minutes = 23 / 60
    assert found.time.value == pytest.approx((minutes + 20 * 24 + minutes) / 2)
    assert (found.steps["verify"].n, found.steps["verify"].value) == (3, pytest.approx(6 / 60))
    assert outcome_for(actor_of("2001"), kept).cases == 0


@pytest.mark.req("CMP-13", "ORG-13")
def test_the_try_out_tells_what_is_due_and_that_steps_would_be_too_slow(cast, now):
    tried = try_out(shipped.COUNTER, path=H01, channel="counter", received_at=now)
    due = {one.rule.code: one.due_at.strftime("%m-%d %H:%M") for one in (*tried.clocks, *tried.steps)}
    assert (due["answer"], due["take_in"], due["verify"], due["on_the_spot"]) == (
        "01-08 17:30",
        "01-05 10:10",
        "01-05 10:40",
        "01-05 11:10",
    )
    assert [one.due_at.strftime("%m-%d %H:%M") for one in tried.clocks] == ["01-21 00:00", "01-12 17:30", "01-05 10:30"]
    assert not tried.is_too_slow
    assert tried.clocks[0].lines
    assert tried.clocks[0].lines[0].why
    slow = with_clock(shipped.COUNTER, "inner", limit=Limit(1, Measure.WORKING_DAYS))
    late = try_out(slow, path=H01, channel="counter", received_at=now)
    assert [one.rule.code for one in late.steps if one.is_late] == ["promise", "answer"]


def address(what, **query):
    return f"/admin/processes/{what}?" + "&".join(f"{name}={value}" for name, value in query.items())


@pytest.mark.req("IMP-10")
def test_two_editions_stand_side_by_side_in_words_and_as_a_file(client, cast, actor_of, now):
    new_case(actor_of, now)
    changed = with_clock(shipped.COUNTER, "inner", limit=Limit(3, Measure.WORKING_DAYS, counts_start_day=False))
    steps = tuple(step for step in changed.steps if step.code != "on_the_spot")
    steps = tuple(dataclasses.replace(step, next=("promise",)) if step.code == "verify" else step for step in steps)
    row = publish(dataclasses.replace(changed, steps=steps), actor_of("9901"), now + dt.timedelta(days=400))
    client = signed_in(client, "9901")
    page = client.get(address("compare/", key="counter", a=SHIPPED, b=f"v-{row.pk}"))
    told = [(one.place, one.deed.value, one.field) for one in page.context["shown"].changes]
    assert told == [
        ("环节 · 核实", "changed", "可转到"), ("环节 · 现场解决", "removed", ""), ("时限 · 内部时限", "changed", "上限"),
    ]  # fmt: skip
    limit = page.context["shown"].changes[2]
    assert (limit.before, limit.after) == ("5 工作日、起始当天不计", "3 工作日、起始当天不计")
    assert (page.context["shown"].changes[0].before, page.context["shown"].changes[0].after) == (
        "现场解决、承诺处理",
        "承诺处理",
    )
    assert next((one.before, one.after) for one in page.context["shown"].figures) == ("1", "0")
    table = client.get(address("compare/", key="counter", a=SHIPPED, b=f"v-{row.pk}", format="csv"))
    assert "时限 · 内部时限 · 上限,修改,5 工作日、起始当天不计,3 工作日、起始当天不计" in table.content.decode(
        "utf-8-sig"
    )
    book = client.get(address("compare/", key="counter", a=SHIPPED, b=f"v-{row.pk}", format="xlsx"))
    assert book.content[:2] == b"PK"
    assert client.get(address("compare/", key="counter", a="v-nothing", b=SHIPPED)).status_code == 404


def form_of(client, unit, key="counter"):
    """The fields of the form that writes the next version, as a browser would send them back."""
    page = client.get(f"/admin/rules/cases.process/new/?unit={unit.pk}&key={key}")
    sent = {"read": "0"}

    def take(group):
        for part in group.parts:
            if hasattr(part, "headings"):
                sent[part.name] = [row.key for row in part.rows]
                for row in part.rows:
                    take(row)
            elif hasattr(part, "parts"):
                take(part)
            elif part.bound.value() not in (None, "") and part.bound.value() is not False:
                sent[part.name] = "on" if part.bound.value() is True else part.bound.value()

    take(page.context["layout"])
    sent["valid_from"] = page.context["form"]["valid_from"].value().isoformat()
    return sent


def test_the_form_gives_back_what_it_was_given_and_a_step_that_gets_another_code_keeps_those_that_lead_to_it(
    client, cast
):
    unit = Unit.objects.get(code="GD")
    client = signed_in(client, "9901")
    sent = form_of(client, unit)
    assert client.post(f"/admin/rules/cases.process/new/?unit={unit.pk}&key=counter", sent).status_code == 302
    assert RuleVersion.objects.get(kind=PROCESS.code).body == as_body(PROCESS, shipped.COUNTER)
    sent |= {"read": "1", "steps-1-code": "find_out"}
    assert client.post(f"/admin/rules/cases.process/new/?unit={unit.pk}&key=counter", sent).status_code == 302
    body = RuleVersion.objects.get(kind=PROCESS.code, number=2).body
    assert body["steps"][0]["next"] == ["find_out"]


def test_a_process_that_nobody_could_close_is_refused_at_its_row(client, cast):
    unit = Unit.objects.get(code="GD")
    client = signed_in(client, "9901")
    sent = form_of(client, unit) | {"steps-5-next": ["0"]}
    page = client.post(f"/admin/rules/cases.process/new/?unit={unit.pk}&key=counter", sent)
    assert page.status_code == 422
    assert "steps-0-next" in page.context["form"].errors
    assert "环节 6 · 可转到" in page.content.decode()
    assert not RuleVersion.objects.filter(kind=PROCESS.code).exists()


def test_the_version_that_is_being_written_is_looked_at_and_tried_out_without_saving(client, cast, now):
    unit = Unit.objects.get(code="TH")
    client = signed_in(client, "9901")
    sent = form_of(client, unit) | {"steps-0-name": "先请坐"}
    page = client.post(f"/admin/rules/cases.process/preview/{unit.pk}/?key=counter", sent)
    assert page.status_code == 200
    assert "先请坐" in page.content.decode()
    body = page.context["body"]
    again = client.post(
        f"/admin/processes/try/{unit.pk}/?key=counter",
        {"body": body, "channel": "counter", "received": "2026-01-05T10:00"},
    )
    assert again.context["tried"].steps[0].rule.name == "先请坐"
    assert again.context["tried"].steps[0].due_at.strftime("%m-%d %H:%M") == "01-05 10:10"
    wrong = json.dumps({**json.loads(body), "steps": []})
    assert client.post(f"/admin/processes/try/{unit.pk}/?key=counter", {"body": wrong}).status_code == 422
    assert not RuleVersion.objects.filter(kind=PROCESS.code).exists()


@pytest.mark.req("CMP-10", "CMP-11", "CMP-12", "CMP-33")
def test_the_register_shows_what_rests_on_each_law(client, cast):
    page = signed_in(client, "9901").get("/admin/processes/documents/")
    rests = {
        row.document.code: [(one.code, one.part) for one, _amiss in cited] for row, cited in page.context["entered"]
    }
    assert rests["order35"] == [
        ("counter", ""), ("counter", "答复用户"), ("transferred", ""), ("transferred", "答复用户"), ("appeal", ""),
    ]  # fmt: skip
    assert rests["samr20"] == [("12315", ""), ("12315", "调解期限")]
    assert rests["order7"] == []
    assert {one.code for one in page.context["unknown"]} == {
        "support", "rectification", "suggestion", "fault", "grumble",
    }  # fmt: skip


@pytest.mark.parametrize("what", ["", "documents/", "one/", "compare/", "try/{unit}/"])
@pytest.mark.parametrize(("who", "code"), [(None, 302), ("1001", 403), ("2001", 403), ("1301", 403), ("9901", 200)])
def test_only_process_owners_open_the_pages(client, cast, what, who, code):
    address = f"/admin/processes/{what.format(unit=Unit.objects.get(code='H01').pk)}"
    if who:
        signed_in(client, who)
    assert client.get(address).status_code == code


def test_units_and_processes_that_are_not_there_are_not_found(client, cast):
    client = signed_in(client, "9901")
    assert client.get(address("", unit="x")).status_code == 404
    assert client.get(address("one/", key="nothing")).status_code == 422
