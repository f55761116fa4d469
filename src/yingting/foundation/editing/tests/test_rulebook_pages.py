"""The pages of the rulebook: what holds, the next version, rows, wrong input, who may."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum

import pytest

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook import kinds
from yingting.foundation.rulebook.kinds import Kind, declare, offer
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now
from yingting.kernel.shapes import said

pytestmark = pytest.mark.django_db


class Measure(enum.StrEnum):
    """What to do."""

    OPEN = "open"
    GUIDE = "guide"


@dataclasses.dataclass(frozen=True, slots=True)
class Weight:
    """A row within a row."""

    queue: str = said("Queue", choices="test.queues")
    parts: int = said("Parts", low=1, high=9)


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """A row."""

    name: str = said("Name")
    since: dt.time = said("Since")
    measures: tuple[Measure, ...] = said("Measures", default=())
    weights: tuple[Weight, ...] = said("Weights", default=())


@dataclasses.dataclass(frozen=True, slots=True)
class Everything:
    """Every kind of field."""

    limit: int = said("Limit", low=1, high=60, unit="minutes")
    is_on: bool = said("On", default=True)
    best: Measure = said("Best", default=Measure.OPEN)
    note: str = said("Note", is_long=True, default="")
    most: int | None = said("At most", default=None)
    words: tuple[str, ...] = said("Words", default=())
    steps: tuple[Step, ...] = said("Steps", default=())


def _most_is_more(rule, path):
    if rule.most is not None and rule.most < rule.limit:
        yield "most", "At least %(limit)s.", {"limit": rule.limit}


SHIPPED = Everything(
    8, words=("a", "b"), steps=(Step("one", dt.time(9), (Measure.GUIDE,), (Weight("A", 2), Weight("B", 1))),)
)
EXAMPLE = Kind(
    "test.everything", "Everything", "For the tests.", Everything, SHIPPED, "seed 000", Permission.HALL_CONFIGURE,
    check=_most_is_more,
)  # fmt: skip
GIVEN = {
    "reason": "try", "read": "0", "limit": "8", "is_on": "on", "best": "open", "note": "", "most": "", "words": "a\nb",
    "steps": ["0"], "steps-0-name": "one", "steps-0-since": "09:00", "steps-0-measures": ["guide"], "steps-0-weights": ["0", "1"],
    "steps-0-weights-0-queue": "A", "steps-0-weights-0-parts": "2", "steps-0-weights-1-queue": "B", "steps-0-weights-1-parts": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    monkeypatch.setattr(kinds, "_lists", dict(kinds._lists))
    declare(EXAMPLE)
    offer("test.queues", lambda path: [("A", "Queue A"), ("B", "Queue B")])


@pytest.fixture
def admin(client, cast):
    return signed_in(client, "9901")


def signed_in(client, staff_no):
    from yingting.foundation.people.models import Person

    client.force_login(Person.objects.get(staff_no=staff_no))
    return client


def today():
    return system_now().astimezone(dt.timezone(dt.timedelta(hours=8))).date()


def address(what="", code="H01"):
    return f"/admin/rules/test.everything/{what}?unit={Unit.objects.get(code=code).pk}"


def given(**changes):
    return {**GIVEN, "valid_from": today().isoformat(), **changes}


def held(code="H01", days=0):
    return in_force(EXAMPLE, path=Unit.objects.get(code=code).path, day=today() + dt.timedelta(days=days))


def test_the_list_names_the_rule_and_the_page_says_what_holds(admin):
    assert "Everything" in admin.get("/admin/rules/").content.decode()
    page = admin.get(address()).content.decode()
    for told in ("8 分钟", "Queue A 2; Queue B 1", "09:00", "seed 000"):
        assert told in page


def test_the_form_begins_with_what_holds_and_saving_it_changes_nothing_but_the_version(admin):
    page = admin.get(address("new/"))
    assert page.context["form"]["steps-0-weights-1-parts"].value() == 1
    answer = admin.post(address("new/"), given())
    assert answer.status_code == 302
    assert (held().rule, held().number) == (SHIPPED, 1)
    assert RuleVersion.objects.exclude(author_label="system").get().reason == "try"


def test_every_kind_of_field_is_taken(admin):
    changed = given(**{"limit": "9", "best": "guide", "note": "n", "most": "12", "words": " c \n\n", "steps-0-measures": ["open", "guide"],
                       "steps": ["1", "0"], "steps-1-name": "two", "steps-1-since": "10:30"})  # fmt: skip
    del changed["is_on"]
    assert admin.post(address("new/"), changed).status_code == 302
    both = (Measure.OPEN, Measure.GUIDE)
    steps = (Step("two", dt.time(10, 30)), dataclasses.replace(SHIPPED.steps[0], measures=both))
    assert held().rule == Everything(9, False, Measure.GUIDE, "n", 12, ("c",), steps)


def test_rows_are_added_moved_and_removed_without_saving_and_keep_what_was_typed(admin):
    page = admin.post(address("new/"), given(do="add:steps", limit="77x"))
    assert page.status_code == 200
    assert [row.key for row in page.context["layout"].parts[-1].rows] == ["0", "1"]
    assert "77x" in page.content.decode()
    page = admin.post(address("new/"), given(do="up:steps-0-weights-1"))
    assert [row.key for row in page.context["layout"].parts[-1].rows[0].parts[-1].rows] == ["1", "0"]
    page = admin.post(address("new/"), given(do="remove:steps-0"))
    assert page.context["layout"].parts[-1].rows == []
    assert not RuleVersion.objects.exclude(author_label="system").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"limit": "0"}, "limit"), ({"limit": ""}, "limit"), ({"limit": "x"}, "limit"), ({"best": "dance"}, "best"),
        ({"steps-0-since": "25:00"}, "steps-0-since"), ({"steps-0-weights-0-queue": "Z"}, "steps-0-weights-0-queue"),
        ({"most": "3"}, "most"), ({"valid_from": "2012-01-01"}, "valid_from"), ({"valid_from": "soon"}, "valid_from"),
    ],
)  # fmt: skip
def test_wrong_input_stands_beside_its_field_and_nothing_is_written(admin, change, field):
    answer = admin.post(address("new/"), given(**change))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not RuleVersion.objects.exclude(author_label="system").exists()


def test_a_version_that_somebody_wrote_meanwhile_is_not_written_over(admin):
    assert admin.post(address("new/"), given()).status_code == 302
    answer = admin.post(address("new/"), given(limit="9"))
    assert (answer.status_code, answer.context["outdated"]) == (422, True)
    assert RuleVersion.objects.exclude(author_label="system").count() == 1


def test_a_version_to_come_is_shown_and_withdrawn_after_a_question(admin):
    tomorrow = today() + dt.timedelta(days=1)
    admin.post(address("new/"), given(valid_from=tomorrow.isoformat(), limit="9"))
    row = RuleVersion.objects.exclude(author_label="system").get()
    where = f"/admin/rules/versions/{row.pk}/withdraw/"
    assert where in admin.get(address()).content.decode()
    assert admin.get(where).status_code == 200
    assert held(days=1).rule.limit == 9
    assert admin.post(where).status_code == 302
    assert held(days=1).number == 0


@pytest.mark.parametrize("what", ["", "new/"])
@pytest.mark.parametrize(("who", "code"), [("1001", 403), ("2001", 403)])
def test_only_who_configures_halls_sees_the_rules(client, cast, what, who, code):
    assert signed_in(client, who).get(address(what)).status_code == code
    assert client.post(address("new/"), given()).status_code == code
    assert not RuleVersion.objects.exclude(author_label="system").exists()


def test_unknown_rules_units_and_versions_are_not_found(admin):
    for where in ("/admin/rules/no.such/", "/admin/rules/test.everything/?unit=x",
                  "/admin/rules/versions/01a20085-5cb7-74e0-9728-e0c3067ab884/withdraw/"):  # fmt: skip
        assert admin.get(where).status_code == 404
    assert client_of_nobody().get("/admin/rules/").status_code == 302


def client_of_nobody():
    from django.test import Client

    return Client()
