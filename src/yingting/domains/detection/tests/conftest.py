"""Cases in numbers, as the tests of detection need them."""

import datetime as dt
from copy import copy

import pytest

from yingting.domains.cases.actions import handling
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.models import Case, CaseState, Words
from yingting.domains.cases.rules.numbers import new_number
from yingting.domains.detection.actions import auditing
from yingting.domains.detection.models import AuditItem
from yingting.domains.detection.queries.rules_in_force import AUDITING
from yingting.domains.detection.rules.auditing import Auditing
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.people.shipped import shipped_roles
from yingting.foundation.privacy.disclosing import What, Why
from yingting.foundation.privacy.exporting import record_export
from yingting.foundation.privacy.models import Disclosure
from yingting.foundation.privacy.revealing import Subject, reveal
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.ids import new_id

H01, H02 = "GD/GZ/TH/H01/", "GD/GZ/TH/H02/"


class Complaints:
    """Writes complaints down; each method returns the case's id."""

    def __init__(self, actor_of):
        self.actor_of = actor_of

    def about(self, staff_no, at, *, text="没有说明就开通了增值业务", category="fees.unaware", unit=H01, phone=""):
        """A complaint about a member of the staff."""
        about = Person.objects.get(staff_no=staff_no).pk if staff_no else None
        boss = self.actor_of("9001")
        intake = Intake(
            unit, "counter", text, category=category, about_person=about, phone=phone, owner=boss.person
        )  # fmt: skip
        return register(intake=intake, actor=boss, now=at).id

    def some(self, n, at, *, category="network.broadband", unit=H01, text="宽带一直上不了网"):
        """So many complaints about nobody."""
        return [
            self.about(None, at + dt.timedelta(minutes=i), text=text, category=category, unit=unit) for i in range(n)
        ]

    def verified(self, case, verification, at):
        """Somebody finds out whether it is true."""
        handling.verify(case=case, verification=verification, actor=self.actor_of("9001"), now=at)

    def closed(self, told, at, unit=H01):
        """Closed complaints, (text, category) each, a minute apart: written as rows, only what came of them matters here."""
        like = Case.objects.get(pk=self.about(None, at, unit=unit))
        rows = []
        for n, (_text, category) in enumerate(told):
            when = at + dt.timedelta(minutes=n)
            row = copy(like)
            row.id, row.number, row.public_number, row.category = new_id(), f"{unit}{n}", new_number(), category
            row.received_at = row.registered_at = row.closed_at = when
            row.state, row.owner, row.next_due_at = CaseState.CLOSED, None, None
            rows.append(row)
        Case.objects.bulk_create(rows)
        Words.objects.bulk_create(
            [
                Words(case=row, text=text, demand="", reason="", result="")
                for row, (text, _category) in zip(rows, told, strict=True)
            ]
        )
        return [row.pk for row in rows]


@pytest.fixture
def complaints(cast, actor_of):
    return Complaints(actor_of)


WHY = Why("callback", "回访处理结果")


class Acts:
    """Reveals and exports, as people do them; each method returns the id of what was written down."""

    def __init__(self, actor_of):
        self.actor_of = actor_of

    def case(self, staff_no, at, *, unit=H01):
        """A case that somebody has in hand."""
        actor = self.actor_of(staff_no)
        intake = Intake(unit, "counter", "宽带一直上不了网", phone="138 1234 5678", owner=actor.person)
        return register(intake=intake, actor=actor, now=at).id

    def reveal(self, staff_no, case, at):
        """One reveal of the customer's phone."""
        reveal(actor=self.actor_of(staff_no), subject=Subject("case", case), field="phone", why=WHY, now=at)
        return Disclosure.objects.order_by("pk").last().pk

    def reveals(self, staff_no, n, at):
        """So many reveals of an own case, a minute apart."""
        case = self.case(staff_no, at)
        return [self.reveal(staff_no, case, at + i * dt.timedelta(minutes=1)) for i in range(n)]

    def export(self, rows, at, *, path=H01, staff_no="9001"):
        """A file with so many rows."""
        what = What("case", None, ("phone",), rows)
        return record_export(what, WHY, path=path, actor=self.actor_of(staff_no), now=at).pk


@pytest.fixture
def acts(request, actor_of):
    request.getfixturevalue("committed_cast" if "committed_cast" in request.fixturenames else "cast")
    return Acts(actor_of)


@pytest.fixture
def audit_rule(acts, now):
    """Writes a version of the province's rule of audits."""

    def write(**values):
        unit = Unit.objects.get(path="GD/")
        RuleVersion.objects.create(
            kind=AUDITING.code, unit=unit, number=RuleVersion.objects.filter(kind=AUDITING.code).count() + 1,
            valid_from=dt.date(2026, 1, 1), body=as_body(AUDITING, Auditing(**values)), written_at=now,
        )  # fmt: skip

    return write


@pytest.fixture
def officer_of(acts):
    """Makes somebody who watches over personal data in a part of the tree."""

    def make(staff_no, path):
        unit = Unit.objects.get(path=path)
        person = Person.objects.create_user(staff_no, None, name="孙宁", unit=unit)
        RoleGrant.objects.create(person=person, role=shipped_roles()["privacy_officer"], unit=unit)
        return actor_for_person(person)

    return make


@pytest.fixture
def officer(officer_of):
    return officer_of("9801", "GD/")


@pytest.fixture
def sample(acts, now):
    """Draws a round in which somebody's acts of a month are; returns their items."""

    def draw(staff_no, *, n=1, month=1):
        at = now + (month - 1) * 31 * dt.timedelta(days=1)
        made = {acts.export(1, at, staff_no=staff_no) if staff_no in ("9001", "9901") else acts.reveals(staff_no, 1, at)[0]
                for _n in range(n)}  # fmt: skip
        auditing.draw_what_is_due(actor=SYSTEM, now=at + 30 * dt.timedelta(days=1))
        return list(AuditItem.objects.filter(disclosure__in=made).order_by("pk").values_list("pk", flat=True))

    return draw
