"""A customer's own page: by a link that a person handed out, for a time, to the customer of one file and nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.customers.finding import present_id, require_reached
from yingting.foundation.customers.models import Consent, Customer, OwnLink
from yingting.foundation.customers.refusals import LINK_OVER
from yingting.foundation.customers.rules_in_force import notices_of, rights_rule
from yingting.foundation.customers.shapes import Purpose
from yingting.foundation.customers.stepping import taken
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import digest
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.ids import new_secret
from yingting.kernel.refusals import Refusal

HOW = "own_page"


def make_link(*, customer: UUID, actor: Actor, now: dt.datetime) -> str:
    """Return the secret of a new link to a customer's own page; earlier links of the file end. It is shown once.

    Whoever makes it hands it to the customer in person, or sends it to the registered number.
    Raises Refusal access.refused, customer.unknown, customer.gone.
    """
    secret = new_secret()
    with writing():
        row = taken(customer)
        require_reached(actor, Permission.CUSTOMERS_KEEP, row.unit.path)
        OwnLink.objects.filter(customer=row, until__gt=now).update(until=now)
        until = now + dt.timedelta(days=rights_rule(row.unit.path, now).link_days)
        OwnLink.objects.create(
            customer=row, secret_digest=digest(secret), made_at=now, made_by_id=actor.person, until=until
        )
    return secret


@dataclass(frozen=True, slots=True)
class Owner:
    """The customer behind a link: the file and the actor that may speak for it."""

    customer: Customer
    actor: Actor
    until: dt.datetime


def owner_by(secret: str, now: dt.datetime) -> Owner:
    """Return whose link this is. Raises Refusal customer.link_over for what is wrong, old, or leads to no file any more."""
    link = OwnLink.objects.filter(secret_digest=digest(secret), until__gt=now).first()
    present = present_id(link.customer_id) if link else None
    if link is None or present is None:
        raise Refusal(LINK_OVER)
    row = Customer.objects.select_related("unit").get(pk=present)
    return Owner(row, Actor(ActorKind.CUSTOMER, row.pk, "customer"), link.until)


@dataclass(frozen=True, slots=True)
class Choice:
    """One purpose on the page: its notice, and whether the customer agrees now, since when, by which version."""

    purpose: Purpose
    since: dt.datetime | None
    notice: int | None


def choices_of(row: Customer, now: dt.datetime) -> list[Choice]:
    """Return the purposes in force with what the customer says of each now."""
    standing = {consent.purpose: consent for consent in Consent.objects.filter(customer=row, ended_at__isnull=True)}
    found = []
    for purpose in notices_of(row.unit.path, now).rule.purposes:
        if not purpose.for_staff:
            consent = standing.get(purpose.code)
            given = (consent.given_at, consent.notice) if consent else (None, None)
            found.append(Choice(purpose, *given))
    return found
