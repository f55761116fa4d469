"""Guards of the tree, of halls and of hours."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from yingting.foundation.editing.changing import change, create, remove, retire
from yingting.foundation.editing.sites.actions import (
    EXCEPTIONS,
    HALLS,
    OPENINGS,
    UNITS,
    ZONES,
    add_unit,
    add_weekly,
    edit_hall,
    move_unit,
    open_hall,
)
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.people.access import HALL_UNKNOWN
from yingting.foundation.sites.models import Hall, OpeningException, OpeningSpan, Unit, UnitLevel, Zone
from yingting.kernel.refusals import Refusal


@pytest.fixture
def admin(cast, actor_of):
    return actor_of("9901")


def unit(code):
    return Unit.objects.get(code=code)


def refused(call):
    before = (Fact.objects.count(), list(Unit.objects.values_list("path", flat=True)), OpeningSpan.objects.count())
    with pytest.raises(ValidationError) as no:
        call()
    assert (
        Fact.objects.count(),
        list(Unit.objects.values_list("path", flat=True)),
        OpeningSpan.objects.count(),
    ) == before
    return no.value.messages


def test_a_unit_gets_the_path_of_its_parent_and_a_code_that_is_free(admin, now):
    made = add_unit(parent=unit("GZ"), values={"code": "YX", "level": "district", "name": "越秀"}, actor=admin, now=now)
    assert made.path == "GD/GZ/YX/"
    again = {"code": "YX", "level": "district", "name": "越秀二"}
    assert refused(lambda: add_unit(parent=unit("GZ"), values=again, actor=admin, now=now)) == [
        "同一上级下已有这个编码。"
    ]
    assert refused(lambda: add_unit(parent=unit("GZ"), values={**again, "code": "Y/X"}, actor=admin, now=now)) == [
        "请用字母、数字、连字符或下划线。"
    ]
    assert refused(lambda: add_unit(parent=unit("TH"), values={**again, "level": "city"}, actor=admin, now=now)) == [
        "市不能放在区县下面。"
    ]


def test_only_the_system_makes_a_second_top(admin, now):
    with pytest.raises(Refusal) as no:
        add_unit(parent=None, values={"code": "HN", "level": "province", "name": "湖南"}, actor=admin, now=now)
    assert no.value.code == HALL_UNKNOWN
    assert Unit.objects.filter(parent=None).count() == 1


def test_moving_a_unit_rewrites_the_paths_below_it_and_stirs_its_halls(cast, admin, now):
    city = add_unit(
        parent=unit("GD"), values={"code": "SZ", "level": UnitLevel.CITY, "name": "深圳"}, actor=admin, now=now
    )
    district = unit("TH")
    move_unit(district.pk, to=city.pk, actor=admin, now=now)
    assert list(Unit.objects.filter(path__startswith="GD/SZ/").values_list("path", flat=True)) == [
        "GD/SZ/", "GD/SZ/TH/", "GD/SZ/TH/H01/", "GD/SZ/TH/H02/",
    ]  # fmt: skip
    assert facts_of(district.pk)[-1]["data"] == {
        "model": "sites.unit",
        "before": {"parent": str(unit("GZ").pk), "path": "GD/GZ/TH/"},
        "after": {"parent": str(city.pk), "path": "GD/SZ/TH/"},
    }
    # The rights of the hall's people moved along.
    assert Hall.objects.get(code="H01").config_version == 2


def test_a_unit_does_not_go_below_itself_nor_where_its_level_does_not_fit(cast, admin, actor_of, now):
    assert refused(lambda: move_unit(unit("GZ").pk, to=unit("TH").pk, actor=admin, now=now)) == [
        "单位不能放到自己或自己的下级下面。"
    ]
    assert refused(lambda: move_unit(unit("GZ").pk, to=unit("GZ").pk, actor=admin, now=now)) == [
        "单位不能放到自己或自己的下级下面。"
    ]
    assert refused(lambda: move_unit(unit("GD").pk, to=unit("TH").pk, actor=admin, now=now)) == ["最上级单位不能移动。"]
    assert refused(lambda: move_unit(unit("H01").pk, to=unit("H02").pk, actor=admin, now=now)) == [
        "营业厅不能放在营业厅下面。"
    ]
    with pytest.raises(Refusal) as no:
        move_unit(unit("H01").pk, to=unit("GZ").pk, actor=actor_of("1301"), now=now)
    assert no.value.code == HALL_UNKNOWN
    assert unit("H01").path == "GD/GZ/TH/H01/"


def test_a_unit_with_others_below_it_stays_in_use(cast, admin, actor_of, now):
    assert refused(lambda: retire(UNITS, unit("TH").pk, actor=admin, now=now)) == ["请先停用其下级单位。"]
    with pytest.raises(Refusal):
        retire(UNITS, unit("H01").pk, actor=actor_of("1301"), now=now)
    retire(UNITS, unit("H02").pk, actor=admin, now=now)
    assert (unit("H02").is_active, unit("H01").is_active) == (False, True)
    assert actor_of("2001").grants == frozenset()


def test_a_hall_is_made_with_its_unit_or_not_at_all(cast, admin, now):
    names = {"code": "H03", "name": "珠江厅"}
    assert refused(
        lambda: open_hall(parent=unit("TH"), unit=names, hall={"timezone": "Asia/Nowhere"}, actor=admin, now=now)
    ) == ["没有这个时区。"]
    hall = open_hall(parent=unit("TH"), unit=names, hall={"ownership": "own"}, actor=admin, now=now)
    assert (hall.code, hall.unit.path, hall.ownership) == ("H03", "GD/GZ/TH/H03/", "own")
    assert refused(lambda: open_hall(parent=unit("GZ"), unit=names, hall={}, actor=admin, now=now)) == [
        "已有营业厅使用这个编码。"
    ]


def test_a_hall_and_its_name_change_together(cast, admin, now):
    edit_hall(cast.hall, unit={"name": "天河厅"}, values={"phone": "020-1"}, actor=admin, now=now)
    hall = Hall.objects.select_related("unit").get(pk=cast.hall)
    assert (hall.unit.name, hall.phone) == ("天河厅", "020-1")
    assert refused(lambda: change(HALLS, cast.hall, values={"timezone": "Asia/Nowhere"}, actor=admin, now=now)) == [
        "没有这个时区。"
    ]


def test_opening_hours_of_a_day_do_not_overlap(cast, admin, now):
    hall = Hall.objects.get(pk=cast.hall)
    late = {"hall": hall, "opens": dt.time(17), "closes": dt.time(20)}
    assert refused(lambda: add_weekly(OPENINGS, weekdays=[0, 1], values=late, actor=admin, now=now)) == [
        "与同一天的其他时段重叠。"
    ]
    late["opens"] = dt.time(18)
    add_weekly(OPENINGS, weekdays=[0, 1], values=late, actor=admin, now=now)
    assert OpeningSpan.objects.filter(hall=hall, closes=dt.time(20)).count() == 2
    assert Hall.objects.get(pk=cast.hall).config_version == 3
    back = {"hall": hall, "weekday": 2, "opens": dt.time(20), "closes": dt.time(19)}
    assert refused(lambda: create(OPENINGS, values=back, actor=admin, now=now)) == ["结束时间须晚于开始时间。"]


def test_a_closed_day_has_no_hours_and_a_day_with_hours_is_not_closed(cast, admin, now):
    hall, day = Hall.objects.get(pk=cast.hall), dt.date(2026, 2, 17)
    closed = create(EXCEPTIONS, values={"hall": hall, "on": day, "reason": "春节"}, actor=admin, now=now)
    hours = {"hall": hall, "on": day, "opens": dt.time(9), "closes": dt.time(12)}
    assert refused(lambda: create(EXCEPTIONS, values=hours, actor=admin, now=now)) == [
        "这一天已设为全天停业，请先删除。"
    ]
    remove(EXCEPTIONS, closed.pk, actor=admin, now=now)
    create(EXCEPTIONS, values=hours, actor=admin, now=now)
    assert refused(lambda: create(EXCEPTIONS, values={"hall": hall, "on": day}, actor=admin, now=now)) == [
        "这一天已另有营业时间，请先删除再设为全天停业。"
    ]
    assert refused(lambda: create(EXCEPTIONS, values={**hours, "closes": None}, actor=admin, now=now)) == [
        "两个时间都填；全天停业则都不填。"
    ]
    assert OpeningException.objects.filter(hall=hall).count() == 1


@pytest.mark.req("FAC-01", "FAC-04")
def test_a_hall_has_zones_of_five_functions_with_their_sizes(cast, admin, now):
    hall = Hall.objects.get(pk=cast.hall)
    for function in ("marketing", "handling", "service", "experience", "image"):
        values = {"hall": hall, "name": f"{function} 区", "function": function, "area_m2": "12.5"}
        create(ZONES, values=values, actor=admin, now=now)
    made = Zone.objects.filter(hall=hall, area_m2="12.5")
    assert {zone.get_function_display() for zone in made} == {
        "产品营销区",
        "业务办理区",
        "客户服务区",
        "客户体验区",
        "形象展示区",
    }
