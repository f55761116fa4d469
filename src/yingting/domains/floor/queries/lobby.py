"""Calls for help, referrals and grants of the green channel, as those who answer for them see them."""

from __future__ import annotations

import datetime as dt
from collections import Counter as Tally
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from yingting.domains.floor.models import GreenGrant, HelpCall, ManagerCall, Referral
from yingting.domains.floor.queries.lobby_rules import HELP, REFERRING, HelpKind
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import GREEN_CHANNEL, Entitlement, rule_in
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_s
from yingting.kernel.shapes import Named

# How long a clerk sees what came of the own referrals, and how many of them.
_OWN_DAYS, _OWN_SHOWN = 7, 5


@dataclass(frozen=True, slots=True)
class HelpNow:
    """An open call for help. `kind` is None when the rule has it no more; `taken_s` counts since somebody took it."""

    id: UUID
    kind: HelpKind | None
    text: str
    counter: str
    number: str
    by: UUID
    by_name: str
    since_s: float
    is_raised: bool
    taken_by: UUID | None
    taken_by_name: str
    taken_at: dt.datetime | None


def _kinds(setup: HallSetup, day: dt.date) -> dict[str, HelpKind]:
    return {kind.code: kind for kind in rule_in(setup, HELP, day).kinds}


def may_take(setup: HallSetup, kind: str, actor: Actor, day: dt.date) -> bool:
    """May this person take a call of the kind: one of those called, or who supervises the hall?"""
    found = _kinds(setup, day).get(kind)
    return actor.may(Permission.QUEUE_SUPERVISE, setup.path) or (found is not None and found.calls(actor, setup.path))


def open_help(setup: HallSetup, *, now: dt.datetime) -> tuple[HelpNow, ...]:
    """Return the open calls of the hall's day: late ones first, then the longest without anybody."""
    day = setup.day(now)
    kinds = _kinds(setup, day)
    rows = HelpCall.objects.filter(hall=setup.id, business_day=day, ended_at__isnull=True).select_related(
        "by", "taken_by", "ticket", "counter"
    )
    calls = [
        HelpNow(
            row.pk, kinds.get(row.kind), row.text, row.counter.number, row.ticket.number if row.ticket else "", row.by_id,
            row.by.name, elapsed_s(row.asked_at, now), row.raised_at is not None, row.taken_by_id,
            row.taken_by.name if row.taken_by else "", row.taken_at,
        )
        for row in rows.order_by("asked_at")
    ]  # fmt: skip
    return tuple(sorted(calls, key=lambda call: (call.taken_by is not None, not call.is_raised)))


def help_for(setup: HallSetup, actor: Actor, *, now: dt.datetime) -> tuple[HelpNow, ...]:
    """Return the open calls that concern this person on the phone: taken by them, or calling them and taken by nobody."""
    is_manager = actor.may(Permission.QUEUE_SUPERVISE, setup.path)

    def concerns(call: HelpNow) -> bool:
        if call.taken_by is not None or call.by == actor.id:
            return call.taken_by == actor.id
        return (call.is_raised and is_manager) or (call.kind is not None and call.kind.calls(actor, setup.path))

    return tuple(call for call in open_help(setup, now=now) if concerns(call))


def own_help(setup: HallSetup, actor: Actor, *, now: dt.datetime) -> HelpNow | None:
    """Return the clerk's own open call in this hall today."""
    return next((call for call in open_help(setup, now=now) if call.by == actor.id), None)


# ------------------------------------------------------------------------------------------------ referrals
@dataclass(frozen=True, slots=True)
class ReferralNow:
    """A referral. `interest` is None when the rule has it no more; `result` is "" while it is open."""

    id: UUID
    interest: Named | None
    note: str
    number: str
    counter: str
    by_name: str
    at: dt.datetime
    since_s: float
    taken_by: UUID | None
    taken_by_name: str
    result: str
    result_note: str


def _referrals(setup: HallSetup, where: Q, *, now: dt.datetime) -> list[ReferralNow]:
    interests = {row.code: row for row in rule_in(setup, REFERRING, setup.day(now)).interests}
    rows = Referral.objects.filter(where, hall=setup.id).select_related("by", "taken_by", "ticket", "counter")
    return [
        ReferralNow(
            row.pk, interests.get(row.interest), row.note, row.ticket.number, row.counter.number, row.by.name, row.at,
            elapsed_s(row.at, now), row.taken_by_id, row.taken_by.name if row.taken_by else "", row.result, row.result_note,
        )
        for row in rows.order_by("-at", "-id")
    ]  # fmt: skip


def referrals_for(setup: HallSetup, person: UUID | None, *, now: dt.datetime) -> tuple[ReferralNow, ...]:
    """Return the open referrals of the day that wait for somebody, and those that this person took on: the oldest first."""
    mine = Q(taken_by__isnull=True) | Q(taken_by=person)
    return tuple(reversed(_referrals(setup, mine & Q(business_day=setup.day(now), ended_at__isnull=True), now=now)))


def referral_of(setup: HallSetup, referral: UUID, *, now: dt.datetime) -> ReferralNow | None:
    """Return a referral of this hall, None for an unknown one."""
    return next(iter(_referrals(setup, Q(pk=referral), now=now)), None)


def own_referrals(setup: HallSetup, actor: Actor, *, now: dt.datetime) -> tuple[ReferralNow, ...]:
    """Return what came of the clerk's own referrals lately, the newest first."""
    since = setup.day(now) - dt.timedelta(days=_OWN_DAYS)
    return tuple(_referrals(setup, Q(by=actor.person, business_day__gt=since), now=now)[:_OWN_SHOWN])


# ------------------------------------------------------------------------------------------------ the green channel
def entitlements_of(setup: HallSetup, day: dt.date) -> tuple[Entitlement, ...]:
    """Return the entitlements in force whose priority class the hall has."""
    return tuple(row for row in rule_in(setup, GREEN_CHANNEL, day).entitlements if row.code in setup.green)


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant of the green channel. `entitlement` is None when the rule has it no more."""

    number: str
    code: str
    entitlement: Entitlement | None
    shown: str
    shown_en: str
    by_name: str
    at: dt.datetime


def _granted(setup: HallSetup, where: Q) -> list[Granted]:
    rows = GreenGrant.objects.filter(where, hall=setup.id).select_related("by", "ticket").order_by("-at", "-id")
    listed = []
    for row in rows:
        rule = rule_in(setup, GREEN_CHANNEL, row.business_day)
        kind = next((kind for kind in rule.entitlements if kind.code == row.entitlement), None)
        english = dict(kind.papers).get(row.shown, row.shown) if kind else row.shown
        by = row.by.name if row.by else ""
        listed.append(Granted(row.ticket.number, row.entitlement, kind, row.shown, english, by, row.at))
    return listed


def grant_of(setup: HallSetup, ticket: UUID) -> Granted | None:
    """Return the ticket's grant of the green channel, if it has one."""
    return next(iter(_granted(setup, Q(ticket=ticket))), None)


def grants_of_day(setup: HallSetup, day: dt.date) -> tuple[tuple[tuple[str, int], ...], tuple[Granted, ...]]:
    """Return the day's grants: how many by each guide, the most first; and each of them, the newest first."""
    rows = _granted(setup, Q(business_day=day))
    return tuple(Tally(row.by_name for row in rows).most_common()), tuple(rows)


# ------------------------------------------------------------------------------------------------ what the worker looks after
def days_with_open_work() -> list[tuple[UUID, dt.date]]:
    """Return (hall, day) wherever a call, a referral or a request to an account manager is open."""
    found: set[tuple[UUID, dt.date]] = set()
    for model in (HelpCall, Referral):
        found.update(model.objects.filter(ended_at__isnull=True).values_list("hall_id", "business_day").distinct())
    unanswered = ManagerCall.objects.filter(answered_at__isnull=True)
    found.update(unanswered.values_list("hall_id", "business_day").distinct())
    return sorted(found, key=lambda row: (row[1], row[0]))
