"""One way to change reference data: what is recorded, who is told, what is refused."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from yingting.foundation.catalogue.models import BusinessClass
from yingting.foundation.editing.catalogue.actions import CLASSES, TYPES
from yingting.foundation.editing.changing import change, create, mark, remove, retire
from yingting.foundation.editing.people.actions import PEOPLE
from yingting.foundation.editing.refusals import RECORD_OUTDATED
from yingting.foundation.editing.sites.actions import DEVICES, EXCEPTIONS, HALLS, UNITS, ZONES
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.people.access import ACCESS_REFUSED, HALL_UNKNOWN
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Device, Hall, OpeningException, Unit, Zone
from yingting.kernel.refusals import Refusal


def versions():
    return dict(Hall.objects.values_list("code", "config_version"))


@pytest.fixture
def admin(cast, actor_of):
    return actor_of("9901")


@pytest.fixture
def zone(cast):
    return Zone.objects.filter(hall=cast.hall, name="综合区").get()


def test_a_change_is_recorded_with_only_what_differs_and_stirs_its_hall(cast, admin, now, zone):
    values = {"name": "综合区", "area_m2": "90.0", "function": "service"}
    change(ZONES, zone.pk, values=values, actor=admin, now=now)

    (fact,) = facts_of(zone.pk)
    assert (fact["kind"], fact["version"], fact["actor_label"], fact["occurred_at"]) == (
        "reference.changed",
        1,
        "9901",
        now,
    )
    assert fact["data"] == {
        "model": "sites.zone",
        "before": {"area_m2": "85.0", "function": "handling"},
        "after": {"area_m2": "90.0", "function": "service"},
    }
    assert Fact.objects.get(subject=zone.pk).hall == cast.hall
    assert versions() == {"H01": 2, "H02": 1}


def test_a_new_row_and_its_removal_are_recorded_whole(cast, admin, now):
    hall = Hall.objects.get(pk=cast.hall)
    day = create(EXCEPTIONS, values={"hall": hall, "on": dt.date(2026, 10, 1), "reason": "国庆"}, actor=admin, now=now)
    remove(EXCEPTIONS, day.pk, actor=admin, now=now)

    whole = {"hall": str(hall.pk), "on": "2026-10-01", "opens": None, "closes": None, "reason": "国庆"}
    assert [fact["data"] for fact in facts_of(day.pk)] == [
        {"model": "sites.openingexception", "before": {}, "after": whole},
        {"model": "sites.openingexception", "before": whole, "after": {}},
    ]
    assert not OpeningException.objects.filter(pk=day.pk).exists()
    assert versions() == {"H01": 3, "H02": 1}


def test_changing_nothing_records_nothing(cast, admin, now, zone):
    change(ZONES, zone.pk, values={"name": "综合区"}, actor=admin, now=now)
    assert facts_of(zone.pk) == []
    assert versions() == {"H01": 1, "H02": 1}


def test_a_unit_s_catalogue_stirs_the_halls_below_it_and_no_other(cast, admin, now):
    below = BusinessClass.objects.create(unit=Unit.objects.get(code="H02"), code="own", name="本厅业务")
    retire(CLASSES, below.pk, actor=admin, now=now)
    assert versions() == {"H01": 1, "H02": 2}
    change(TYPES, cast.businesses["fee"], values={"limit_min": 4}, actor=admin, now=now)
    assert versions() == {"H01": 2, "H02": 3}


def test_people_and_their_names_stir_no_hall_and_stay_out_of_the_journal(cast, admin, now):
    person = Person.objects.get(staff_no="1001")
    change(PEOPLE, person.pk, values={"name": "王小芳"}, actor=admin, now=now)
    assert facts_of(person.pk)[0]["data"] == {"model": "people.person", "before": {"name": "•"}, "after": {"name": "•"}}
    assert versions() == {"H01": 1, "H02": 1}


def test_who_saves_a_form_that_somebody_else_has_overtaken_is_refused(cast, admin, actor_of, now, zone):
    seen = mark(ZONES, zone)
    change(ZONES, zone.pk, values={"name": "大厅"}, actor=actor_of("1301"), now=now, read=seen)
    with pytest.raises(Refusal) as no:
        change(ZONES, zone.pk, values={"name": "前厅"}, actor=admin, now=now, read=seen)
    assert (no.value.code, no.value.params) == (RECORD_OUTDATED, {"who": "1301"})
    zone.refresh_from_db()
    assert (zone.name, len(facts_of(zone.pk)), versions()) == ("大厅", 1, {"H01": 2, "H02": 1})


def test_a_hall_s_mark_does_not_change_when_something_in_it_does(cast, admin, now, zone):
    seen = mark(HALLS, Hall.objects.get(code="H01"))
    change(ZONES, zone.pk, values={"name": "大厅"}, actor=admin, now=now)
    change(HALLS, cast.hall, values={"phone": "10000"}, actor=admin, now=now, read=seen)
    assert Hall.objects.get(code="H01").phone == "10000"


@pytest.mark.req("ORG-04")
def test_the_own_hall_is_editable_and_no_other(cast, actor_of, now):
    manager = actor_of("1301")
    change(HALLS, cast.hall, values={"ownership": "own_built_other_run"}, actor=manager, now=now)
    assert Hall.objects.get(code="H01").get_ownership_display() == "自建他营"
    for actor, hall, code in ((manager, cast.other_hall, HALL_UNKNOWN), (actor_of("1001"), cast.hall, ACCESS_REFUSED)):
        with pytest.raises(Refusal) as no:
            change(HALLS, hall, values={"ownership": "other_built_other_run"}, actor=actor, now=now)
        assert no.value.code == code
    assert sorted(Hall.objects.values_list("ownership", flat=True)) == ["own", "own_built_other_run"]


def test_fixed_fields_stay(cast, admin, now):
    unit = Unit.objects.get(code="H01")
    with pytest.raises(ValidationError) as no:
        change(UNITS, unit.pk, values={"code": "H09"}, actor=admin, now=now)
    assert list(no.value.error_dict) == ["code"]
    unit.refresh_from_db()
    assert (unit.code, facts_of(unit.pk)) == ("H01", [])


def test_a_taken_name_is_told_beside_its_field(cast, admin, now, zone):
    with pytest.raises(ValidationError) as no:
        change(ZONES, zone.pk, values={"name": "体验区"}, actor=admin, now=now)
    assert no.value.message_dict == {"name": ["本厅已有同名功能区。"]}
    assert versions() == {"H01": 1, "H02": 1}


def test_values_are_checked_by_the_action_itself(cast, admin, now, zone):
    with pytest.raises(ValidationError):
        change(ZONES, zone.pk, values={"function": "kitchen"}, actor=admin, now=now)
    device = Device.objects.create(hall_id=cast.hall, kind="kiosk", name="大门")
    with pytest.raises(ValidationError) as no:
        change(DEVICES, device.pk, values={"printer": "file:///etc/passwd"}, actor=admin, now=now)
    assert list(no.value.error_dict) == ["printer"]
    assert (Fact.objects.count(), versions()) == (0, {"H01": 1, "H02": 1})


def test_the_page_keeps_typed_values_and_says_who_was_first(client, cast, admin, now, zone):
    client.force_login(Person.objects.get(staff_no="1301"))
    url = f"/admin/halls/H01/zones/{zone.pk}/"
    form = client.get(url).context["form"]
    typed = {
        "read": client.get(url).context["read"],
        "name": "前厅",
        "function": form.initial["function"],
        "position": "0",
    }
    change(ZONES, zone.pk, values={"name": "大厅"}, actor=admin, now=now + dt.timedelta(minutes=1))
    answer = client.post(url, typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "您打开期间，9901 已修改过，本次没有保存。请重新载入，查看最新内容。" in page
    assert 'value="前厅"' in page
    # Sending it again does not help, nor does leaving the mark out: only loading the page anew does.
    assert client.post(url, {**typed, "read": answer.context["read"]}).status_code == 409
    assert client.post(url, {key: value for key, value in typed.items() if key != "read"}).status_code == 409
    zone.refresh_from_db()
    assert zone.name == "大厅"
    typed["read"] = client.get(url).context["read"]
    assert client.post(url, typed).status_code == 302
    zone.refresh_from_db()
    assert zone.name == "前厅"
    history = client.get(url).context["history"]
    assert [(row.who, row.what) for row in history] == [("1301", "修改"), ("9901", "修改")]
    told = {(item.label, item.before, item.after) for item in history[0].fields}
    assert ("名称", "大厅", "前厅") in told
