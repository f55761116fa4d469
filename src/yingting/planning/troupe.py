"""The halls of the demo: what their days look like, and the simulated staff and kiosk that play in them.

The first hall is full: waits come near the limits around the peaks. The second is quiet. In the first hall counter 1 stays
free for whoever signs in as clerk 1001, and a post for whoever signs in as guide 1101.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from yingting.foundation.people.access import actor_for_device, actor_for_person
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.sites.models import Counter, Device, DeviceKind, Hall, Unit
from yingting.kernel.actors import Actor
from yingting.planning.cast import (
    ASKED_ELSEWHERE,
    SIMULATED,
    SIMULATED_BEHIND,
    SIMULATED_ELSEWHERE,
    SIMULATED_ON_THE_FLOOR,
    shipped_roles,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One hall's part in the play: how full its days are (`demo_model.py`), which simulated clerk sits at which counter, and who stands where.

    `reserve` are counters whose clerks sit down only when they are asked to. `posts` gives each simulated member of the floor
    staff a post; `invited` are posts of real people of the cast, who come when somebody signs in as them. `boss` supervises.
    """

    hall_code: str
    full: float
    seats: Mapping[str, str]
    reserve: frozenset[str] = frozenset()
    posts: Mapping[str, str] = field(default_factory=dict)
    invited: Mapping[str, str] = field(default_factory=dict)
    boss: str = ""


PARTS = (
    Part(
        "H01",
        1.12,
        dict(zip("23456", SIMULATED, strict=True)),
        reserve=frozenset("6"),
        posts={"1102": "greeter", "1103": "guide", "1202": "duty", "1402": "guard"},
        invited={"1101": "guide"},
        boss="1202",
    ),
    Part(
        "H02",
        0.25,
        {"3": "2002", "5": "2003"},
    ),
)
KIOSK_NAME = "模拟取号机"
SEED = 20260105


def seed_of(part: Part, seed: int) -> int:
    """Return the seed of a hall's draws: halls of one demo have streams of their own."""
    return seed * 1000 + sum(map(ord, part.hall_code)) % 1000


@dataclass(frozen=True, slots=True)
class Seated:
    """A simulated clerk's part: the counter, who, and whether the clerk waits to be asked."""

    counter: UUID
    actor: Actor
    is_reserve: bool


@dataclass(frozen=True, slots=True)
class Posted:
    """Somebody's part on the floor: who, and at which post."""

    actor: Actor
    post: str


@dataclass(frozen=True, slots=True)
class Players:
    """Who plays in one hall. `invited` are real people's posts: they are planned, never played."""

    kiosk: Actor
    clerks: tuple[Seated, ...]
    floor: tuple[Posted, ...]
    invited: tuple[Posted, ...]
    boss: Actor | None


def players(part: Part, hall: Hall) -> Players:
    """Return the simulated kiosk and staff of a hall; create those that are missing."""
    kiosk, _ = Device.objects.get_or_create(hall=hall, name=KIOSK_NAME, defaults={"kind": DeviceKind.KIOSK})
    counters = dict(Counter.objects.filter(hall=hall, is_active=True).values_list("number", "id"))
    invited = Person.objects.filter(staff_no__in=part.invited, unit=hall.unit)
    return Players(
        actor_for_device(kiosk),
        tuple(
            Seated(counters[number], _player(staff_no, hall), number in part.reserve)
            for number, staff_no in part.seats.items()
            if number in counters
        ),
        tuple(Posted(_player(staff_no, hall), post) for staff_no, post in part.posts.items()),
        tuple(Posted(actor_for_person(person), part.invited[person.staff_no]) for person in invited),
        _player(part.boss, hall) if part.boss else None,
    )


def hire_behind() -> None:
    """Create the simulated people who handle cases behind the halls, and the clerk who is asked."""
    for staff_no, (name, role, code) in SIMULATED_BEHIND.items():
        _hire(staff_no, name, role, Unit.objects.get(code=code))
    staff_no, name, role, code = ASKED_ELSEWHERE
    _hire(staff_no, name, role, Unit.objects.get(code=code), is_simulated=False)


_CLERKS = SIMULATED | SIMULATED_ELSEWHERE


def _player(staff_no: str, hall: Hall) -> Actor:
    person = Person.objects.filter(staff_no=staff_no).first()
    if person is None:
        name, role = SIMULATED_ON_THE_FLOOR.get(staff_no) or (_CLERKS[staff_no], "clerk")
        person = _hire(staff_no, name, role, hall.unit)
    return actor_for_person(person)


def _hire(staff_no: str, name: str, role: str, unit: Unit, *, is_simulated: bool = True) -> Person:
    person = Person.objects.create_user(staff_no, None, name=name, unit=unit, is_simulated=is_simulated)
    RoleGrant.objects.create(person=person, role=shipped_roles()[role], unit=unit)
    return person
