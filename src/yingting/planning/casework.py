"""What a member of staff of the demo does next with a case that is theirs, by what its step still asks for.

Everything goes through the actions that people use. Nobody here knows a process: steps, needs and gates are read from the case.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from uuid import UUID

import numpy as np
from PIL import Image, ImageDraw

from yingting.domains.cases.actions import closing, customers, handling, holding, remedies, tracing
from yingting.domains.cases.actions.penalising import penalise
from yingting.domains.cases.models import OPEN_STATES, Case, CaseState, Cycle, Finding, FindingState, Handover
from yingting.domains.cases.queries.dossiers import PROOF_KIND, dossier_of
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.findings import is_found, may_penalise
from yingting.domains.cases.queries.penalties import undecided
from yingting.domains.cases.queries.remedies import today_of
from yingting.domains.cases.queries.rules_in_force import HANDLING, rule_of
from yingting.domains.cases.rules.gate import missing_for, missing_to_close
from yingting.domains.cases.rules.penalties import Verdict
from yingting.domains.cases.rules.processes import Need, Process, Step, StepRole
from yingting.foundation.evidence.taking import Incoming, Subject, take
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import prefixes
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_id
from yingting.planning.matters import BY_CATEGORY, MATTERS, Matter

# About so many minutes somebody lets a step of a role wait for its next deed; longer where a case needs days.
_PACE = {
    StepRole.TAKE_IN: 3, StepRole.VERIFY: 9, StepRole.HANDLE: 25, StepRole.ANSWER: 15, StepRole.CALL_BACK: 200,
    StepRole.CHECK: 240, StepRole.EFFECT: 900,
}  # fmt: skip
_SLOW = {"appeal", "12315", "transferred", "violation", "rectification", "support", "suggestion"}
_SLOWER = 6.0
_ON_THE_SPOT_SHARE = 0.7
_TRUE = ((0.62, "true"), (0.85, "partly"))
_SATISFIED = ((0.5, 5), (0.8, 4), (0.93, 3))


class Staff:
    """Those who handle the cases of a unit: by role at the unit and above it; and the dice that decide how things go."""

    def __init__(self, path: str, dice: np.random.Generator) -> None:
        self.path = path
        self.dice = dice
        self._actors: dict[UUID, Actor] = {}
        grants = RoleGrant.objects.filter(unit__path__in=prefixes(path), person__is_active=True)
        rows = grants.order_by("person__staff_no").values_list(
            "unit__path", "role__key", "person", "person__is_simulated"
        )
        self._posts = list(rows)

    def actor(self, person: UUID | None) -> Actor:
        """The actor of a person."""
        assert person is not None
        if person not in self._actors:
            self._actors[person] = actor_for_person(Person.objects.get(pk=person))
        return self._actors[person]

    def at(self, role: str, path: str = "", *, simulated: bool | None = None) -> list[Actor]:
        """Those who hold a role at the unit, or at the one named above it."""
        return [
            self.actor(person)
            for unit, key, person, is_simulated in self._posts
            if unit == (path or self.path) and key == role and simulated in (None, is_simulated)
        ]

    def is_simulated(self, person: UUID | None) -> bool:
        """Is it nobody real?"""
        return any(one == person and simulated for _unit, _role, one, simulated in self._posts)

    @property
    def simulated(self) -> list[UUID]:
        """All who are played."""
        return [person for _unit, _role, person, is_simulated in self._posts if is_simulated]

    def one_of(self, people: list[Actor]) -> Actor:
        """Anybody of them."""
        return people[int(self.dice.uniform() * len(people))]

    def pick(self, shares: tuple[tuple[float, object], ...], other: object) -> object:
        """One of several by their shares, as limits that rise to one."""
        luck = self.dice.uniform()
        return next((value for share, value in shares if luck < share), other)

    def superiors(self) -> list[Actor]:
        """The service managers above the unit, the nearest first."""
        found: list[Actor] = []
        for path in reversed(prefixes(self.path)[:-1]):
            found += self.at("service_manager", path)
        return found


def pause_after(staff: Staff, case: UUID) -> dt.timedelta:
    """How long the present step of a case waits for its next deed."""
    row = Case.objects.get(pk=case)
    role = process_of(row.edition_id).step(row.step).role
    minutes = _PACE[role] * (_SLOWER if row.process in _SLOW else 1.0)
    return dt.timedelta(minutes=minutes * float(staff.dice.uniform(0.4, 1.7)))


def work_on(staff: Staff, case: UUID, now: dt.datetime) -> bool:
    """Do the next thing with an open case; return whether there was one. What somebody else must do first is theirs."""
    row = Case.objects.select_related("unit").get(pk=case)
    if row.state not in OPEN_STATES:
        return False
    if offered := Handover.objects.filter(case=row, answered_at__isnull=True).first():
        holding.answer_offer(case=case, accepts=True, actor=staff.actor(offered.receiver_id), now=now)
        return True
    owner = staff.actor(row.owner_id)
    if row.state != CaseState.OPEN:
        handling.go_on(case=case, actor=owner, now=now)
    elif Cycle.objects.filter(case=row, n=row.cycle, accepted_at__isnull=True).exists():
        holding.accept(case=case, actor=owner, now=now)
    else:
        return _do_the_step(staff, row, owner, now)
    return True


def _do_the_step(staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    process = process_of(row.edition_id)
    step = process.step(row.step)
    if step.role is StepRole.VERIFY and (receiver := _better_placed(staff, step, owner)) is not None:
        holding.offer(case=row.pk, receiver=receiver, reason="请核实处理", actor=owner, now=now)
        return True
    dossier = dossier_of(row)
    if step.is_last:
        missing = missing_to_close(process.gate, step.needs, step.proofs, dossier)
    else:
        missing = missing_for(step.needs, step.proofs, dossier, process.gate.attempts)
    for _ in range(missing.proofs):
        give_proof(row.pk, staff, owner, now)
    needs = (*missing.needs, *_told_in_time(process, step, dossier.filled))
    for need in needs:
        if not meet(need, staff, row, owner, now):
            return False
    if missing.actions:
        return False
    if not needs and step.is_last:
        closing.close(case=row.pk, actor=owner, now=now)
    elif not step.is_last:
        handling.move(case=row.pk, to=_next(staff, step), actor=owner, now=now)
    return True


def _better_placed(staff: Staff, step: Step, owner: Actor) -> UUID | None:
    """Who takes over what a clerk took in: of the post of the step, nearly always somebody who is played."""
    holders = staff.at(step.post)
    if step.post != "duty_manager" or owner not in staff.at("clerk") or not holders:
        return None
    real = [one for one in holders if not staff.is_simulated(one.person)]
    busy = set(Handover.objects.filter(answered_at__isnull=True).values_list("receiver", flat=True))
    free = [one for one in real if one.person not in busy]
    played = [one for one in holders if one not in real]
    chosen = free if free and (not played or staff.dice.uniform() < 0.25) else played
    return staff.one_of(chosen).person if chosen else None


def _told_in_time(process: Process, step: Step, filled: frozenset[Need]) -> tuple[Need, ...]:
    """The answer, where only a check by others follows: who checks does not answer."""
    follow = [process.step(code).role for code in step.next]
    is_last_chance = step.role is StepRole.HANDLE and follow == [StepRole.CHECK]
    return (Need.ANSWER,) if is_last_chance and Need.ANSWER in process.gate.needs and Need.ANSWER not in filled else ()


def _next(staff: Staff, step: Step) -> str:
    if step.role is StepRole.CHECK:
        return step.next[-1]
    if step.role is StepRole.VERIFY and staff.dice.uniform() > _ON_THE_SPOT_SHARE:
        return step.next[-1]
    return step.next[0]


def matter_of(row: Case) -> Matter:
    """What a case is about, as the demo tells it."""
    return BY_CATEGORY.get(row.category, MATTERS[row.registered_at.minute % len(MATTERS)])


def meet(need: Need, staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    """Do what a need asks for; return whether it is met now."""
    return _MEETING[need](staff, row, owner, now)


def _words(name: str) -> Callable[[Staff, Case, Actor, dt.datetime], bool]:
    def write(_staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
        handling.fill(case=row.pk, words={name: getattr(matter_of(row), name)}, actor=owner, now=now)
        return True

    return write


def _category(_staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    handling.classify(case=row.pk, category=matter_of(row).category, actor=owner, now=now)
    return True


def _verify(staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    handling.verify(case=row.pk, verification=str(staff.pick(_TRUE, "false")), actor=owner, now=now)
    return True


def _consent(_staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    told = customers.Told(f"拟这样处理：{matter_of(row).result}。客户同意。", "face", now, is_consent=True)
    customers.tell(case=row.pk, told=told, actor=owner, now=now)
    return True


def _promise(_staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    customers.promise(case=row.pk, due_at=now + dt.timedelta(days=2), actor=owner, now=now)
    return True


def _result(staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    result = "solved" if staff.dice.uniform() < 0.86 else "partly"
    closing.settle(case=row.pk, result=result, words=matter_of(row).result, actor=owner, now=now)
    return True


def _answer(_staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    way = "face" if row.channel == "counter" else "phone"
    told = customers.Told(matter_of(row).answer, way, now, is_answer=True)
    customers.tell(case=row.pk, told=told, actor=owner, now=now)
    return True


def _call_back(staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    satisfied = int(str(staff.pick(_SATISFIED, 2)))
    solved = "yes" if satisfied >= 4 else "partly" if satisfied == 3 else "no"
    words = "处理得挺快" if satisfied == 5 else ""
    call = customers.Call("reached", solved, satisfied, words)
    customers.call_back(case=row.pk, call=call, actor=owner, now=now)
    return True


def _cause(_staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    handling.classify(case=row.pk, cause=matter_of(row).cause, actor=owner, now=now)
    return True


def _finding(staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    """Propose who is answerable; where it has to be settled, a superior who had no part in it confirms."""
    if not Finding.objects.filter(case=row, cycle=row.cycle).exists():
        if not owner.may(Permission.CASE_SUPERVISE, row.unit.path):
            return False
        found = tracing.Found(row.cause or matter_of(row).cause, row.about_person_id)
        tracing.find(case=row.pk, found=found, actor=owner, now=now)
    if not is_found(row):
        proposed = Finding.objects.get(case=row, cycle=row.cycle, state=FindingState.PROPOSED)
        judges = [one for one in staff.superiors() if one.person not in (proposed.by_id, proposed.person_id)]
        tracing.judge(finding=proposed.pk, confirms=True, words="事实清楚", actor=judges[0], now=now)
    return True


def _penalty(staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    """Decide what follows, once the time to object is over; whoever proposed the finding does not."""
    for one in undecided(Finding.objects.filter(case=row)).select_related("case__unit"):
        able = [judge for judge in (owner, *staff.superiors()) if may_penalise(judge, one, now)]
        if not able:
            return False
        verdict = Verdict(("warning", "training"), today_of(row, now), "首次违规，已退订并致歉")
        penalise(finding=one.pk, verdict=verdict, actor=able[0], now=now)
    return True


def _notice(_staff: Staff, _row: Case, _owner: Actor, _now: dt.datetime) -> bool:
    """The notice to all staff is written by people."""
    return False


def _effect(_staff: Staff, row: Case, owner: Actor, now: dt.datetime) -> bool:
    remedies.look_at_case(case=row.pk, effect="better", actor=owner, now=now)
    return True


_MEETING: dict[Need, Callable[[Staff, Case, Actor, dt.datetime], bool]] = {
    Need.PRODUCT: _words("product"), Need.MODEL: _words("product"), Need.REASON: _words("reason"),
    Need.DEMAND: _words("demand"), Need.CATEGORY: _category, Need.VERIFICATION: _verify, Need.CONSENT: _consent,
    Need.PROMISE: _promise, Need.RESULT: _result, Need.ANSWER: _answer, Need.CALLBACK: _call_back, Need.CAUSE: _cause,
    Need.FINDING: _finding, Need.PENALTY: _penalty, Need.NOTICE: _notice, Need.EFFECT: _effect,
}  # fmt: skip


def call_in_vain(staff: Staff, case: UUID, now: dt.datetime) -> None:
    """The customer does not answer the telephone."""
    row = Case.objects.get(pk=case)
    customers.call_back(case=case, call=customers.Call("no_answer"), actor=staff.actor(row.owner_id), now=now)


def give_proof(case: UUID, staff: Staff, owner: Actor, now: dt.datetime) -> None:
    """Keep a picture of a paper with the case."""
    shade = int(staff.dice.uniform(200, 245))
    paper = Image.new("RGB", (420, 594), (shade, shade, shade))
    drawn = ImageDraw.Draw(paper)
    for line in range(14):
        drawn.line(
            (48, 90 + 32 * line, 48 + int(staff.dice.uniform(160, 320)), 90 + 32 * line), fill=(70, 70, 80), width=3
        )
    drawn.ellipse((270, 440, 370, 540), outline=(190, 30, 30), width=5)
    stream = io.BytesIO()
    paper.save(stream, "JPEG")
    file = Incoming(stream.getvalue(), "处理意见.jpg", new_id())
    take(subject=Subject(PROOF_KIND, case), file=file, actor=owner, now=now)


def waits_of(path: str, day: dt.date) -> list[str]:
    """The reasons for which a case may wait."""
    return [one.code for one in rule_of(HANDLING, path, day).waits]
