"""`yingting init` and `yingting token`, from an empty database."""

import pytest
from typer.testing import CliRunner

from yingting.foundation.editing.cli import commands
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import actor_for_person, actor_for_token
from yingting.foundation.people.models import ApiToken, Person, Role
from yingting.foundation.sites.models import Unit


def run(*words, typed=""):
    return CliRunner().invoke(commands, list(words), input=typed)


@pytest.mark.django_db
def test_init_sets_up_an_empty_installation_and_asks_nothing_twice():
    first = run("init", typed="广东\nGD\n9901\n吴静\n")
    assert first.exit_code == 0, first.output
    password = first.output.split("shown only now: ")[1].strip()
    person = Person.objects.get()
    assert person.check_password(password)
    assert (person.staff_no, person.name, person.unit.path) == ("9901", "吴静", "GD/")
    assert actor_for_person(person).may("people.manage", "GD/GZ/")
    assert Role.objects.count() == 10
    facts = Fact.objects.count()

    again = run("init")
    assert (again.exit_code, again.output.count("Password")) == (0, 0)
    assert (Unit.objects.count(), Person.objects.count(), Fact.objects.count()) == (1, 1, facts)
    person.refresh_from_db()
    assert person.check_password(password)


@pytest.mark.django_db
def test_init_with_a_weak_password_sets_up_nothing():
    options = ("--province", "广东", "--code", "GD", "--staff-no", "9901", "--name", "吴静", "--password", "123")
    assert run("init", *options).exit_code == 2
    assert (Unit.objects.count(), Person.objects.count(), Fact.objects.count()) == (0, 0, 0)


def test_token_is_printed_once(cast):
    secret = run("token", "1001", "--name", "打票").output.strip()
    assert actor_for_token(secret).label == "1001"
    assert run("token", "0000", "--name", "x").exit_code == 2
    assert ApiToken.objects.count() == 1
