"""Commands of the first hour: set up an empty installation, make a token for a program. The house's command mounts them.

yingting init                       province, shipped roles, an administrator; safe to run again
yingting token 9901 --name reports  an API token, printed once
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

import typer
from django.core.exceptions import ValidationError

from yingting.foundation.editing.changing import create
from yingting.foundation.editing.people.actions import GRANTS, PEOPLE, issue_token, set_password
from yingting.foundation.editing.sites.actions import add_unit
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.people.shipped import shipped_roles
from yingting.foundation.sites.models import Unit, UnitLevel
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now

commands = typer.Typer(add_completion=False)


# What the command line lets happen around a first start: the database made ready before, what higher parts ship after.
before_init: list[Callable[[], None]] = []
after_init: list[Callable[[Unit], None]] = []


@commands.command()
def init(
    province: Annotated[str, typer.Option(help="Name of the top unit, for example 广东")] = "",
    code: Annotated[str, typer.Option(help="Its code: letters and digits, for example GD")] = "",
    staff_no: Annotated[str, typer.Option(help="Staff number of the administrator")] = "",
    name: Annotated[str, typer.Option(help="Name of the administrator")] = "",
    password: Annotated[
        str, typer.Option(help="Password; empty: one is made up and printed once", envvar="YINGTING_PASSWORD")
    ] = "",
) -> None:
    """Set up an empty installation: the top of the tree, the shipped roles, an administrator. What is there stays as it is."""
    for prepare in before_init:
        prepare()
    root = Unit.objects.filter(parent=None).order_by("path").first()
    administrators = Person.objects.filter(is_active=True, pk__in=_administrators())
    if root is None:
        province = province or typer.prompt("Name of the top unit (province)")
        code = code or typer.prompt("Code of the top unit (letters and digits)")
    if not administrators.exists():
        staff_no = staff_no or typer.prompt("Staff number of the administrator")
        name = name or typer.prompt("Name of the administrator")
    try:
        with writing():
            root = root or _root(province, code)
            shipped_roles()
            for ship in after_init:
                ship(root)
            typer.echo(f"Organisation: {root.name} ({root.code}). Roles are in place.")
            if administrators.exists():
                typer.echo(
                    f"Administrator: {administrators.order_by('staff_no').values_list('staff_no', flat=True)[0]} is there already."
                )
                return
            told = _administrator(root, staff_no, name, password)
    except ValidationError as error:
        typer.echo("; ".join(error.messages), err=True)
        raise typer.Exit(2) from error
    typer.echo(f"Administrator: {staff_no}." + ("" if password else f" Password, shown only now: {told}"))


def _root(province: str, code: str) -> Unit:
    values = {"code": code, "level": UnitLevel.PROVINCE, "name": province}
    return add_unit(parent=None, values=values, actor=SYSTEM, now=system_now())


def _administrators() -> list[UUID]:
    return list(RoleGrant.objects.filter(role__key="administrator", unit__parent=None).values_list("person", flat=True))


def _administrator(root: Unit, staff_no: str, name: str, password: str) -> str:
    now = system_now()
    person = Person.objects.filter(staff_no=staff_no).first()
    if person is None:
        person = create(PEOPLE, values={"staff_no": staff_no, "name": name, "unit": root}, actor=SYSTEM, now=now)
    role = shipped_roles()["administrator"]
    create(GRANTS, values={"person": person, "role": role, "unit": root}, actor=SYSTEM, now=now)
    return set_password(person.pk, password=password, actor=SYSTEM, now=now)


@commands.command()
def token(
    staff_no: Annotated[str, typer.Argument(help="Staff number of the person that the token acts as")],
    name: Annotated[str, typer.Option(help="What the token is for")],
) -> None:
    """Print a new API token that acts as a person. It is shown only now; revoke it on the person's page."""
    person = Person.objects.filter(staff_no=staff_no).first()
    if person is None:
        typer.echo(f"There is nobody with the staff number {staff_no}.", err=True)
        raise typer.Exit(2)
    try:
        secret = issue_token(person.pk, name=name, actor=SYSTEM, now=system_now())
    except ValidationError as error:
        typer.echo("; ".join(error.messages), err=True)
        raise typer.Exit(2) from error
    typer.echo(secret)
