"""New permissions of a newer version reach shipped roles once, and never undo what an administrator did."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from yingting.foundation.editing.changing import change
from yingting.foundation.editing.people.actions import ROLES as EDITING
from yingting.foundation.editing.people.shipping import NewPermissions, give_new_permissions
from yingting.foundation.journal.models import Fact
from yingting.foundation.people import shipped
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person, Role
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def newer(monkeypatch):
    """A version that lets clerks read reports and managers pair devices, which they could not before."""
    roles = dict(shipped.ROLES)
    for key, permission in (("clerk", Permission.REPORT_VIEW), ("service_manager", Permission.DEVICE_MANAGE)):
        name, name_en, permissions = roles[key]
        roles[key] = (name, name_en, [*permissions, permission])
    monkeypatch.setattr("yingting.foundation.editing.people.shipping.ROLES", roles)


def role(key):
    return Role.objects.get(key=key)


def edit(key, permissions, actor, now):
    return change(EDITING, role(key).pk, values={"permissions": permissions}, actor=actor, now=now)


def test_an_unedited_role_gets_what_is_new_once_and_the_change_is_on_record(cast, now, newer):
    before = role("clerk").permissions
    assert "report.view" not in before
    assert give_new_permissions(actor=SYSTEM, now=now) == (
        NewPermissions("clerk", ("report.view",), True),
        NewPermissions("service_manager", ("device.manage",), True),
    )
    assert role("clerk").permissions == [*before, "report.view"]
    assert actor_for_person(Person.objects.get(staff_no="1001")).may("report.view", "GD/GZ/TH/H01/")
    facts = Fact.objects.filter(subject=role("clerk").pk)
    assert [(fact.kind, fact.actor_label, fact.data["after"]) for fact in facts] == [
        ("reference.changed", "system", {"permissions": [*before, "report.view"]})
    ]
    assert give_new_permissions(actor=SYSTEM, now=now) == ()
    assert facts.count() == 1


def test_what_an_administrator_took_away_does_not_come_back(cast, actor_of, now, newer):
    give_new_permissions(actor=SYSTEM, now=now)
    edit("clerk", ["queue.serve", "queue.view"], actor_of("9901"), now)
    assert give_new_permissions(actor=SYSTEM, now=now) == ()
    assert role("clerk").permissions == ["queue.serve", "queue.view"]


@pytest.mark.parametrize("permissions", [["queue.serve"], ["queue.serve", "queue.view", "queue.issue"]])
def test_a_role_with_edited_permissions_is_left_alone_and_told(cast, actor_of, now, newer, permissions):
    edit("clerk", permissions, actor_of("9901"), now)
    assert give_new_permissions(actor=SYSTEM, now=now)[0] == NewPermissions("clerk", ("report.view",), False)
    assert role("clerk").permissions == permissions
    assert Fact.objects.filter(subject=role("clerk").pk).count() == 1


def test_a_new_name_is_no_edit_of_permissions_and_roles_of_ones_own_are_never_touched(cast, actor_of, now, newer):
    change(EDITING, role("clerk").pk, values={"name": "台席"}, actor=actor_of("9901"), now=now)
    Role.objects.create(key="own", name="自设", permissions=["queue.view"])
    give_new_permissions(actor=SYSTEM, now=now)
    assert (role("clerk").name, "report.view" in role("clerk").permissions) == ("台席", True)
    assert role("own").permissions == ["queue.view"]


def test_the_migration_reads_from_history_what_roles_were_given(cast, actor_of, now, newer):
    before = role("clerk").permissions
    edit("clerk", ["queue.serve"], actor_of("9901"), now)
    edit("clerk", ["queue.view"], actor_of("9901"), now + dt.timedelta(minutes=1))
    later = ("account_manager", "hotline", "privacy_officer")  # roles that were shipped after it
    Role.objects.exclude(key__in=later).update(shipped_permissions=[])
    import_module("yingting.foundation.people.migrations.0003_dayplan_shipped_permissions").remember(apps, None)
    assert role("clerk").shipped_permissions == before
    assert role("guide").shipped_permissions == role("guide").permissions
    found = give_new_permissions(actor=SYSTEM, now=now)
    assert [(one.role, one.is_given) for one in found] == [("clerk", False), ("service_manager", True)]
