"""What readers see: bulletins that went to them or lie in their scope, drafts of those who issue, receipts and duties."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yingting.domains.cases.facade import now_at as time_at
from yingting.foundation.days import local_day
from yingting.foundation.people.access import ACCESS_REFUSED, under, units_for
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.reporting.bulletins.contracts import Document, from_json
from yingting.reporting.bulletins.kinds import BULLETINS
from yingting.reporting.bulletins.models import Bulletin, BulletinState, Duty, DutyState, IssuedText, Receipt
from yingting.reporting.bulletins.refusals import NO_KIND, UNKNOWN
from yingting.reporting.bulletins.rules import BulletinKind, BulletinRule


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for in the archive; "" and None look for everything."""

    text: str = ""
    kind: str = ""
    unit: str = ""
    state: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


def person_of(actor: Actor) -> UUID:
    """Return the person who acts. Devices and the system write and confirm nothing: raises Refusal access.refused."""
    if actor.person is None:
        raise Refusal(ACCESS_REFUSED)
    return actor.person


def visible_to(actor: Actor) -> QuerySet[Bulletin]:
    """Return the bulletins that the actor may read: those that went to them, those of units whose reports they read, and
    drafts of units for which they issue.
    """
    went = Exists(Receipt.objects.filter(bulletin=OuterRef("pk"), person=actor.person))
    out = ~Q(state=BulletinState.DRAFT)
    return Bulletin.objects.select_related("unit", "corrects", "drafted_by", "withdrawn_by").filter(
        (out & (Q(went) | _within(actor, Permission.REPORT_VIEW))) | _within(actor, Permission.BULLETIN_ISSUE)
    )


def _within(actor: Actor, permission: Permission) -> Q:
    return under("unit__path", actor.paths(permission))


def bulletin_for(actor: Actor, pk: UUID) -> Bulletin:
    """Return a bulletin that the actor may read. Raises Refusal bulletin.unknown."""
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise Refusal(UNKNOWN)
    return found


def bulletin_to_edit(actor: Actor, pk: UUID) -> Bulletin:
    """Return a bulletin of a unit for which the actor issues. Raises Refusal bulletin.unknown, access.refused."""
    found = bulletin_for(actor, pk)
    if not actor.may(Permission.BULLETIN_ISSUE, found.unit.path):
        raise Refusal(ACCESS_REFUSED)
    return found


def found_by(actor: Actor, search: Search) -> QuerySet[Bulletin]:
    """Return what the archive has of a search, the newest first."""
    rows = visible_to(actor)
    if search.text:
        numbers = IssuedText.objects.filter(reference__icontains=search.text).values("bulletin")
        rows = rows.filter(Q(pk__in=numbers) | Q(title__icontains=search.text))
    if search.kind:
        rows = rows.filter(kind=search.kind)
    if search.unit:
        rows = rows.filter(unit__path__startswith=search.unit)
    if search.state:
        rows = rows.filter(state=search.state)
    if search.first:
        rows = rows.filter(last__gte=search.first)
    if search.last:
        rows = rows.filter(first__lte=search.last)
    return rows.order_by("-last", "-drafted_at")


def issued_texts(bulletins: list[Bulletin]) -> dict[UUID, IssuedText]:
    """Return the issued texts of bulletins, without their bodies."""
    rows = IssuedText.objects.select_related("issued_by").defer("body").filter(bulletin__in=bulletins)
    return {row.bulletin_id: row for row in rows}


def document_of(text: IssuedText) -> Document:
    """Return the document as it was issued."""
    return from_json(Document, json.loads(text.body)["document"])


def corrections_of(bulletin: Bulletin) -> list[IssuedText]:
    """Return the issued bulletins that correct this one."""
    rows = IssuedText.objects.filter(bulletin__corrects=bulletin, bulletin__state=BulletinState.ISSUED)
    return list(rows.defer("body").order_by("issued_at"))


def duties_of(bulletin: Bulletin) -> list[Duty]:
    """Return the duties of a bulletin with whom they name."""
    rows = Duty.objects.select_related("person", "role", "unit", "done_by", "checked_by")
    return list(rows.filter(bulletin=bulletin))


def receipts_of(bulletin: Bulletin) -> list[Receipt]:
    """Return who got a bulletin, those who have not confirmed first."""
    rows = Receipt.objects.select_related("person", "person__unit").filter(bulletin=bulletin)
    return sorted(rows, key=lambda one: (one.confirmed_at is not None, one.person.staff_no))


def to_confirm(actor: Actor) -> list[Receipt]:
    """Return what the actor has not confirmed yet, the most urgent first."""
    rows = Receipt.objects.select_related("bulletin", "bulletin__unit").filter(
        person=actor.person, confirmed_at__isnull=True, bulletin__state=BulletinState.ISSUED
    )
    return list(rows.order_by("bulletin__confirm_by"))


def duties_held_by(actor: Actor) -> QuerySet[Duty]:
    """Return the duties in force that the actor has, as a person or by a post."""
    rows = Duty.objects.select_related("bulletin", "person", "role", "unit").filter(
        bulletin__state=BulletinState.ISSUED
    )
    posts = RoleGrant.objects.filter(person=actor.person, role=OuterRef("role"), unit=OuterRef("unit"))
    return rows.filter(Q(person=actor.person) | Exists(posts)).order_by("due")


def holders_of(duty: Duty) -> QuerySet[Person]:
    """Return the active people who have a duty: the person, or all who hold the post."""
    if duty.person_id is not None:
        return Person.objects.filter(pk=duty.person_id, is_active=True)
    grants = RoleGrant.objects.filter(role=duty.role_id, unit=duty.unit_id).values("person")
    return Person.objects.filter(pk__in=grants, is_active=True)


def overdue_receipts(day: dt.date) -> QuerySet[Receipt]:
    """Return the receipts that were to be confirmed before the day."""
    return Receipt.objects.filter(
        confirmed_at__isnull=True, bulletin__state=BulletinState.ISSUED, bulletin__confirm_by__lt=day
    )


def overdue_duties(day: dt.date) -> QuerySet[Duty]:
    """Return the duties that were to be done before the day."""
    return Duty.objects.filter(state=DutyState.OPEN, bulletin__state=BulletinState.ISSUED, due__lt=day)


def overdue_for(actor: Actor, day: dt.date) -> tuple[list[Receipt], list[Duty]]:
    """Return what is overdue of the bulletins for which the actor issues."""
    mine = under("bulletin__unit__path", actor.paths(Permission.BULLETIN_ISSUE))
    receipts = overdue_receipts(day).select_related("bulletin", "person", "person__unit").filter(mine)
    duties = overdue_duties(day).select_related("bulletin", "person", "role", "unit").filter(mine)
    return list(receipts.order_by("bulletin__confirm_by")), list(duties.order_by("due"))


def issuing_units(actor: Actor) -> list[Unit]:
    """Return the units above halls for which the actor issues bulletins."""
    rows = units_for(actor, Permission.BULLETIN_ISSUE).filter(is_active=True)
    with_hall = Hall.objects.values("unit")
    return list(rows.exclude(pk__in=with_hall))


def rule_for(unit: Unit, day: dt.date) -> BulletinRule:
    """Return the kinds of a unit on a day."""
    return in_force(BULLETINS, path=unit.path, day=day).rule


def kind_for(unit: Unit, code: str, day: dt.date) -> BulletinKind:
    """Return a kind that the unit may issue. Raises Refusal bulletin.no_kind."""
    found = rule_for(unit, day).kind(code)
    if found is None or unit.level not in found.levels:
        raise Refusal(NO_KIND)
    return found


def now_at(unit: Unit) -> dt.datetime:
    """Return the present instant of a unit."""
    return time_at(unit.path)


def day_at(unit: Unit) -> dt.date:
    """Return the present business day of a unit."""
    return local_day(now_at(unit))
