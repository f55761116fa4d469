"""The floor staff of a simulated hall: greeter, roving guide, the duty manager's post, guard.

They come to their posts, go for lunch, receive a share of the customers, show others another way, serve some on the move, do
crowd care when many wait. What they left open is taken up again after a restart: nothing of it is kept here alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from yingting.domains.floor.actions import caring, diverting, planning, receiving, roving, standing
from yingting.domains.floor.contracts import Asked, NextStep, Received
from yingting.domains.floor.queries.offer import forms_for
from yingting.domains.floor.queries.rules_in_force import POSTS, FormField
from yingting.domains.floor.queries.work import crowd_care_now
from yingting.domains.floor.rules import Assist, FieldKind, Outcome, Result, RovingResult
from yingting.domains.queueing.contracts import Business, Channel, HallSetup
from yingting.domains.queueing.facade import rule_in, waiting_now
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.refusals import STEERED
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal
from yingting.planning import looking
from yingting.planning.customers import Customer
from yingting.planning.guests import ACCEPTS_SHARE, Guests
from yingting.planning.lobby import look_after_counters
from yingting.planning.stage import Stage

SHIFT = (dt.time(8, 30), dt.time(18))
# Whoever signs in comes when they like: the post waits a little, then until the afternoon.
INVITED_SHIFTS = ((dt.time(9, 30), dt.time(13)), (dt.time(13, 30), dt.time(18)))
_LUNCH = dt.time(11, 20)
_LUNCH_TIME = dt.timedelta(minutes=30)
_ROUND = dt.timedelta(minutes=1)
# The greeter and the roving guide talk to customers; the others help.
_RECEIVING = ("greeter", "guide")
_TALK_S = 40.0
_MET_SHARE = 0.5
_DIVERTED_SHARE = 0.4
_ROVING_SHARE = 0.15
_HAS_PAPER_SHARE = 0.92
_COMES_AGAIN_SHARE = 0.4
_ELSEWHERE = dt.timedelta(minutes=4)
_ASKED_AGAIN = 3
_OUTCOMES = {
    Channel.SELF_SERVICE: Outcome.SELF_SERVICE, Channel.ONLINE: Outcome.ONLINE, Channel.ROVING: Outcome.ROVING,
    Channel.COUNTER: Outcome.TICKET,
}  # fmt: skip
_ANSWERS = {"now": "59 元套餐", "wanted": "99 元畅享套餐", "plan": "99 元畅享套餐"}


@dataclass(slots=True)
class Member:
    """A simulated member of the floor staff. `free_at`: when the talk with the present customer is over."""

    actor: Actor
    post: str
    lunch_at: dt.datetime
    free_at: dt.datetime
    is_standing: bool = False


class FloorStaff:
    """The floor staff."""

    def __init__(self, stage: Stage, guests: Guests) -> None:
        self._stage = stage
        self._guests = guests
        self._members: list[Member] = []

    # ------------------------------------------------------------------------------------------------ the day
    def begin_day(self, now: dt.datetime) -> None:
        """Plan the posts unless they are, and come to them; in the middle of a day go on from what is there."""
        stage = self._stage
        self._members = []
        if stage.played.boss is None:
            return
        self._plan_posts(stage.played.boss, now)
        here = looking.standing(stage.hall, stage.day)
        lunch = stage.moment(_LUNCH)
        for place, part in enumerate(stage.played.floor):
            member = Member(part.actor, part.post, lunch + place * _LUNCH_TIME, now)
            member.is_standing = part.actor.id in here
            self._members.append(member)
            if member.lunch_at > now:
                stage.at(member.lunch_at, lambda t, m=member: self._go(m, "break", t))  # type: ignore[misc]  # bound now
            if not member.is_standing:
                early = stage.opens - dt.timedelta(seconds=45.0 * (place + 1))
                stage.at(max(now, early, self._end_of_lunch(member, now)), lambda t, m=member: self._come(m, t))  # type: ignore[misc]  # bound now
            stage.at(stage.closes + _ROUND, lambda t, m=member: self._go(m, "end", t))  # type: ignore[misc]  # bound now
        stage.at(max(now, stage.opens), self._round)

    def _end_of_lunch(self, member: Member, now: dt.datetime) -> dt.datetime:
        return member.lunch_at + _LUNCH_TIME if member.lunch_at <= now else now

    def _plan_posts(self, boss: Actor, now: dt.datetime) -> None:
        stage = self._stage
        planned = looking.planned_today(stage.hall, stage.day)
        shifts = [(part, *SHIFT) for part in stage.played.floor]
        shifts += [(part, *span) for part in stage.played.invited for span in INVITED_SHIFTS]
        for part, starts, ends in shifts:
            if part.actor.id is not None and part.actor.id not in planned:
                stage.try_(
                    lambda who=part.actor.id, post=part.post, starts=starts, ends=ends: planning.plan_shift(
                        hall=stage.hall, day=stage.day, post=post, person=who, starts=starts, ends=ends, actor=boss, now=now
                    )  # type: ignore[misc]  # bound now
                )  # fmt: skip
        # One who does not come is taken off the plan while that is still no finding.
        grace = dt.timedelta(minutes=rule_in(fresh_setup(stage.hall), POSTS, stage.day).absent_after_min)
        for starts, _ends in INVITED_SHIFTS if stage.played.invited else ():
            at = max(now, stage.moment(starts)) + grace / 2
            stage.at(at, lambda t: self._excuse_invited(boss, t))

    def _excuse_invited(self, boss: Actor, now: dt.datetime) -> None:
        invited = [part.actor.id for part in self._stage.played.invited if part.actor.id]
        for shift in looking.shifts_without_anybody(self._stage.hall, self._stage.day, invited, now):
            self._stage.try_(
                lambda shift=shift: planning.unplan_shift(hall=self._stage.hall, shift=shift, actor=boss, now=now)  # type: ignore[misc]  # bound now
            )

    def _come(self, member: Member, now: dt.datetime) -> None:
        if now < self._stage.closes:
            member.is_standing = self._stage.try_(
                lambda: standing.take_post(hall=self._stage.hall, post=member.post, actor=member.actor, now=now)
            )

    def _go(self, member: Member, why: str, now: dt.datetime) -> None:
        if not member.is_standing:
            return
        member.is_standing = False
        self._stage.try_(lambda: standing.leave_post(hall=self._stage.hall, why=why, actor=member.actor, now=now))
        if why == "break":
            self._stage.at(now + _LUNCH_TIME, lambda t: self._come(member, t))

    # ------------------------------------------------------------------------------------------------ one customer
    def meet(self, customer: Customer, now: dt.datetime) -> bool:
        """Does somebody of the floor staff receive this customer? Nobody in need of care is left to the kiosk while one is free."""
        free = next((m for m in self._members if m.is_standing and m.post in _RECEIVING and m.free_at <= now), None)
        if free is None or customer.is_star or not (customer.is_care or self._dice() < _MET_SHARE):
            return False
        free.free_at = now + dt.timedelta(seconds=self._stage.pause(_TALK_S))
        self._stage.at(free.free_at, lambda t: self._receive(free, customer, t))
        return True

    def _receive(self, member: Member, customer: Customer, now: dt.datetime) -> None:
        setup = fresh_setup(self._stage.hall)
        business = setup.businesses[self._stage.names[customer.business]]
        asked = self._ask(setup, business, customer, now)
        then = self._advise(member, business, customer, asked)
        received: Received | None
        try:
            received = self._write(member, asked, then, now)
        except Refusal as no:
            if no.code != STEERED:
                self._stage.note(no)
                self._guests.take_number(customer, now)
                return
            received = self._steer(setup, member, business, asked, now)
        if received is not None and received.ticket is not None:
            self._guests.join(received.ticket, setup.classes[business.class_id].queue, customer, now)

    def _ask(self, setup: HallSetup, business: Business, customer: Customer, now: dt.datetime) -> Asked:
        papers = {place: bool(self._dice() < _HAS_PAPER_SHARE) for place in range(len(business.papers))}
        answers: dict[str, str] = {}
        if business.sheet.is_complex:
            fields = forms_for(setup, [business.id], setup.day(now)).get(business.id, ())
            answers = {field.code: self._answer(field, setup.day(now)) for field in fields}
        note = "" if all(papers.values()) else "已告知所缺材料"
        return Asked(business.id, customer.is_care, papers, note, answers)

    def _answer(self, field: FormField, day: dt.date) -> str:
        if field.kind is FieldKind.CHOICE:
            return field.choices[int(self._dice() * len(field.choices))]
        if field.kind is FieldKind.DATE:
            return (day + dt.timedelta(days=2)).isoformat()
        return "1" if field.kind is FieldKind.NUMBER else _ANSWERS.get(field.code, "已说明")

    def _advise(self, member: Member, business: Business, customer: Customer, asked: Asked) -> NextStep:
        """A number; or, where the business allows it and the customer likes it, another way; or again with the papers."""
        rows = business.sheet.operations
        if customer.is_care:
            return NextStep(Outcome.TICKET)
        if not all(asked.papers.values()) and self._dice() < _COMES_AGAIN_SHARE:
            return NextStep(Outcome.LATER)
        if member.post == "guide" and any(row.roving for row in rows) and self._dice() < _ROVING_SHARE:
            if not looking.open_visits([member.actor.id]):
                return NextStep(Outcome.ROVING)
        elif any(row.self_service or row.online for row in rows) and self._dice() < _DIVERTED_SHARE:
            target = Outcome.SELF_SERVICE if any(row.self_service for row in rows) else Outcome.ONLINE
            reason = "simple" if self._dice() < 0.7 else "wants"
            return NextStep(target, reason=reason, teaching="陪客户操作一遍" if self._dice() < 0.4 else "")
        return NextStep(Outcome.TICKET)

    def _steer(
        self, setup: HallSetup, member: Member, business: Business, asked: Asked, now: dt.datetime
    ) -> Received | None:
        """In forced diversion the customer takes the other way, or says why not and gets a number."""
        other = _OUTCOMES[business.sheet.other_channel]
        is_busy = other is Outcome.ROVING and bool(looking.open_visits([member.actor.id]))
        if self._dice() < ACCEPTS_SHARE and not is_busy:
            then = NextStep(other, reason="restricted")
        else:
            then = NextStep(Outcome.TICKET, insists=self._guests.why_not(setup))
        try:
            return self._write(member, asked, then, now)
        except Refusal as no:
            self._stage.note(no)
            return None

    def _write(self, member: Member, asked: Asked, then: NextStep, now: dt.datetime) -> Received:
        return receiving.receive_customer(
            hall=self._stage.hall, asked=asked, then=then, actor=member.actor, now=now, request_key=new_id().hex
        )

    # ------------------------------------------------------------------------------------------------ the round
    def _round(self, now: dt.datetime) -> None:
        """Every minute: how did it go with those who were sent elsewhere? Is it time for crowd care? Does the guard help?"""
        if now >= self._stage.closes:
            now = self._stage.closes
        else:
            self._stage.at(now + _ROUND, self._round)
        actors = {member.actor.id: member.actor for member in self._members}
        for diversion in looking.open_diversions(list(actors), made_before=now - _ELSEWHERE):
            self._end_diversion(actors[diversion.by], diversion, now)
        for visit in looking.open_visits(list(actors), begun_before=now - _ELSEWHERE):
            self._end_visit(actors[visit.by], visit, now)
        self._care(now)
        for member in self._members:
            if member.is_standing and member.post in _RECEIVING:
                look_after_counters(self._stage, member.actor, now)
        guard = next((m for m in self._members if m.post == "guard" and m.is_standing), None)
        if guard is not None and self._dice() < 0.25:
            kind = list(Assist)[int(self._dice() * len(Assist))]
            self._stage.try_(lambda: caring.give_assist(hall=self._stage.hall, kind=kind, actor=guard.actor, now=now))

    def _end_diversion(self, actor: Actor, row: looking.Elsewhere, now: dt.datetime) -> None:
        luck = self._dice()
        result = Result.DONE if luck < 0.82 else Result.BACK if luck < 0.94 else Result.REFUSED
        is_ended = self._stage.try_(
            lambda: diverting.end_diversion(
                hall=self._stage.hall, diversion=row.id, result=result, actor=actor, now=now
            )
        )
        if is_ended and result is not Result.DONE and not row.has_ticket:
            self._comes_back(row.business, now)

    def _end_visit(self, actor: Actor, row: looking.Elsewhere, now: dt.datetime) -> None:
        result = RovingResult.DONE if self._dice() < 0.9 else RovingResult.COUNTER
        is_ended = self._stage.try_(
            lambda: roving.end_roving_visit(hall=self._stage.hall, visit=row.id, result=result, actor=actor, now=now)
        )
        if is_ended and result is RovingResult.COUNTER:
            self._comes_back(row.business, now)

    def _comes_back(self, business: str, now: dt.datetime) -> None:
        customer = replace(self._guests.stranger(), business=business)
        self._guests.take_number(customer, now, wants_counter=True)

    def _care(self, now: dt.datetime) -> None:
        setup = fresh_setup(self._stage.hall)
        for task in crowd_care_now(setup, waiting=waiting_now(setup, now=now), now=now):
            able = [m for m in self._members if m.is_standing and (m.post != "guard" or task.task.is_for_guards)]
            if task.is_due and able:
                member = able[int(self._dice() * len(able))]
                caring.do_care(hall=self._stage.hall, task=task.task.code, actor=member.actor, now=now)
                return  # one task a round: they have two hands

    def ask_again(self, now: dt.datetime) -> None:
        """Sent by the duty manager: the roving guide asks those who wait, and shows some of them a quicker way."""
        guide = next((m for m in self._members if m.post == "guide" and m.is_standing), None)
        if guide is None:
            return
        setup = fresh_setup(self._stage.hall)
        quick = [key for key, business in setup.businesses.items() if business.sheet.is_at_terminal]
        for ticket, business in looking.could_go_elsewhere(setup.id, self._stage.day, quick)[:_ASKED_AGAIN]:
            rows = setup.businesses[business].sheet.operations
            target = Outcome.SELF_SERVICE if any(row.self_service for row in rows) else Outcome.ONLINE
            self._stage.try_(
                lambda ticket=ticket, target=target: diverting.divert_waiting(
                    hall=setup.id, ticket=ticket, target=target, reason="crowded", actor=guide.actor, now=now
                )  # type: ignore[misc]  # bound now
            )  # fmt: skip

    def _dice(self) -> float:
        return float(self._stage.dice.uniform())
