"""Leads as readers may see them, and the referrals to the lobby that may become one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.floor.facade import ReferralTold, referral_by_id, referrals_with
from yingting.domains.queueing.facade import links_of
from yingting.domains.relations.models import Lead, LeadStep
from yingting.domains.relations.queries.faces import Face, faces_of, ids_in, in_care
from yingting.domains.relations.queries.rules_in_force import LEADS, rule_of, rules_at
from yingting.domains.relations.refusals import NOT_THERE
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.naming import choices
from yingting.foundation.people.access import person_in
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

_REFERRALS, _REFERRAL_DAYS = 20, 30


@dataclass(frozen=True, slots=True)
class LeadLine:
    """A lead as lists show it."""

    row: Lead
    interest: str
    face: Face
    is_over: bool


@dataclass(frozen=True, slots=True)
class Referred:
    """A referral to the lobby that may become a lead; `face` None: nobody knows the customer, a file comes first."""

    told: ReferralTold
    interest: str
    face: Face | None


def interests_at(path: str, now: dt.datetime) -> list[tuple[str, str]]:
    """Return what customers may be interested in at a unit: code and name."""
    return choices(rule_of(LEADS, path, today_at(path, now)).interests)


def leads_for(actor: Actor, now: dt.datetime, *, which: str, most: int) -> list[LeadLine]:
    """Return leads in the actor's care: `which` mine, open (everybody's), over (overdue), ended. The nearest promised day first."""
    rows = Lead.objects.filter(in_care(actor)).select_related("unit", "owner")
    today = today_at(person_in(actor).unit.path, now)
    rows = rows.exclude(state="open") if which == "ended" else rows.filter(state="open")
    if which == "mine":
        rows = rows.filter(owner=actor.person)
    if which == "over":
        rows = rows.filter(next_on__lt=today)
    found = list(rows.order_by("-ended_on" if which == "ended" else "next_on", "pk")[:most])
    return _lines(found, now)


def leads_of(customer_ids: frozenset[UUID], actor: Actor, now: dt.datetime) -> list[LeadLine]:
    """Return the leads of a customer in the actor's care, the open ones first."""
    rows = Lead.objects.filter(in_care(actor), customer__in=customer_ids).select_related("unit", "owner")
    return _lines(sorted(rows, key=lambda row: (row.state != "open", row.business_day)), now)


def _lines(rows: list[Lead], now: dt.datetime) -> list[LeadLine]:
    faces = faces_of(ids_in(rows), now)
    rules = rules_at(LEADS, (row.unit.path for row in rows), now)
    found = []
    for row in rows:
        if row.customer_id in faces:
            rule, today = rules[row.unit.path]
            names = dict(choices(rule.interests))
            is_over = row.next_on is not None and row.next_on < today
            found.append(LeadLine(row, names.get(row.interest, row.interest), faces[row.customer_id], is_over))
    return found


def lead_of(actor: Actor, lead: UUID, now: dt.datetime) -> tuple[LeadLine, list[LeadStep]]:
    """Return one lead with its steps, the first promised first. Raises Refusal relation.unknown."""
    row = Lead.objects.filter(in_care(actor), pk=lead).select_related("unit", "owner", "by").first()
    lines = _lines([row], now) if row else []
    if not lines:
        raise Refusal(NOT_THERE)
    steps = LeadStep.objects.filter(lead=lead, is_void=False).select_related("by").order_by("due_on", "pk")
    return lines[0], list(steps)


def referral_taken(referral: UUID) -> bool:
    """Has this referral become a lead?"""
    return Lead.objects.filter(referral=referral).exists()


def referral_told(actor: Actor, referral: UUID) -> ReferralTold:
    """Return a referral in the actor's care. Raises Refusal relation.unknown."""
    told = referral_by_id(actor, referral)
    if told is None:
        raise Refusal(NOT_THERE)
    return told


def referred(actor: Actor, now: dt.datetime) -> list[Referred]:
    """Return lately interested customers whom clerks referred to the lobby, where no lead was made yet (SAL-06)."""
    path = person_in(actor).unit.path
    today = today_at(path, now)
    rule = rule_of(LEADS, path, today)
    told = referrals_with(actor, rule.from_results, today - dt.timedelta(days=_REFERRAL_DAYS), _REFERRALS)
    made = set(Lead.objects.filter(referral__in=[one.id for one in told]).values_list("referral", flat=True))
    links = links_of([one.ticket for one in told])
    faces = faces_of([link.customer for link in links.values() if link.customer], now)
    names = dict(choices(rule.interests))
    return [
        Referred(
            one, names.get(one.interest, one.interest),
            faces.get(customer) if one.ticket in links and (customer := links[one.ticket].customer) else None,
        )
        for one in told
        if one.id not in made
    ]  # fmt: skip
