"""The shape of a process: what is done, by whom, within which time, and what closing needs. Processes are data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yingting.kernel.shapes import codes_once, said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.limits import Limit, Unit, problems_of

Problem = tuple[str, str, dict[str, Any]]


class CaseKind(Titled):
    """What a case is about, whatever its process is called."""

    GRUMBLE = "grumble", _("Grumble")
    COMPLAINT = "complaint", _("Complaint")
    APPEAL = "appeal", _("Appeal")
    SUPPORT = "support", _("Request for support")
    VIOLATION = "violation", _("Violation")
    RECTIFICATION = "rectification", _("Rectification")
    SUGGESTION = "suggestion", _("Suggestion")
    FAULT = "fault", _("Equipment fault")


# Where customers complain; what the house itself opens (violations, rectifications) repeats what they said.
COMPLAINING = (CaseKind.GRUMBLE, CaseKind.COMPLAINT, CaseKind.APPEAL)


class StepRole(Titled):
    """What a step does in the loop, so that steps of different processes can be compared."""

    TAKE_IN = "take_in", _("Take in")
    VERIFY = "verify", _("Find out whether it is true")
    HANDLE = "handle", _("Handle")
    ANSWER = "answer", _("Answer the customer")
    CALL_BACK = "call_back", _("Call back")
    CHECK = "check", _("Check by another person")
    EFFECT = "effect", _("Look at the effect later")


class Level(Titled):
    """Whose unit a step or a rung belongs to, seen from the unit of the case."""

    HALL = "hall", _("hall")
    DISTRICT = "district", _("district")
    CITY = "city", _("city")
    PROVINCE = "province", _("province")

    @property
    def height(self) -> int:
        """How far up it is, from 0."""
        return list(Level).index(self)


class Need(Titled):
    """What a step asks for before the case may go on."""

    PRODUCT = "product", _("Product or service")
    MODEL = "model", _("Model")
    REASON = "reason", _("Reason of the complaint")
    DEMAND = "demand", _("What the customer asks for")
    CATEGORY = "category", _("Category")
    VERIFICATION = "verification", _("Verified: true, partly or false")
    CONSENT = "consent", _("The customer's consent to the solution")
    PROMISE = "promise", _("A promised date")
    RESULT = "result", _("Result of the handling")
    ANSWER = "answer", _("An answer that reached the customer")
    CALLBACK = "callback", _("A call back by another person")
    CAUSE = "cause", _("Cause")
    FINDING = "finding", _("Responsibility, or none")
    PENALTY = "penalty", _("What follows by the staff rules, or why nothing")
    NOTICE = "notice", _("A warning notice to all staff")
    EFFECT = "effect", _("Effect looked at")


class Mark(Titled):
    """Moments of a case at which clocks begin and end."""

    RECEIVED = "received", _("first reached any channel")
    REGISTERED = "registered", _("written down here")
    ACCEPTED = "accepted", _("accepted by a handler")
    ANSWERED = "answered", _("answer reached the customer")
    CLOSED = "closed", _("the case is closed")

    @property
    def place(self) -> int:
        """Its place in the life of a case, from 0."""
        return list(Mark).index(self)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is done in it as a standard, who owns it, how long it may take, what it leaves behind, what may follow."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    role: StepRole = said(_("What it does in the loop"))
    name_en: str = said(_("English name"), default="")
    action: str = said(_("Standard action"), is_long=True, default="")
    action_en: str = said(_("Standard action in English"), is_long=True, default="")
    script: str = said(
        _("Words to say"), is_long=True, default="", help=_("For instance how to calm a customer first.")
    )
    post: str = said(_("Owner's role"), choices="cases.posts", default="")
    level: Level = said(_("Owner's level"), default=Level.HALL)
    limit: Limit = said(_("Limit"), default=Limit(1, Unit.WORKING_DAYS))
    needs: tuple[Need, ...] = said(_("Needed before it goes on"), default=())
    proofs: int = said(_("Proof objects needed"), low=0, high=20, default=0)
    next: tuple[str, ...] = said(
        _("May be followed by"), default=(), rows="steps", help=_("None: the case is closed here.")
    )

    @property
    def is_last(self) -> bool:
        """Is the case closed from here?"""
        return not self.next


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A clock that runs on every case of the process, or on those of some channels."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    limit: Limit = said(_("Limit"), default=Limit(15, Unit.DAYS))
    starts: Mark = said(_("Begins when"), default=Mark.RECEIVED)
    stops: Mark = said(_("Ends when"), default=Mark.ANSWERED)
    channels: tuple[str, ...] = said(_("Only for channels"), choices="cases.channels", default=())

    def runs_on(self, channel: str) -> bool:
        """Does it run on a case of this channel?"""
        return not self.channels or channel in self.channels


@dataclass(frozen=True, slots=True)
class Gate:
    """What closing needs besides the needs of each step. That the closer is not the doer is no choice: it always holds."""

    needs: tuple[Need, ...] = said(_("Needed before closing"), default=(Need.RESULT,))
    attempts: int = said(
        _("Attempts to call back"), low=1, high=9, default=3,
        help=_("So many attempts in vain, at different hours, stand for a call back."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Process:
    """One process: its steps in order (the first is where it begins), its clocks, its gate, and what it rests on."""

    kind: CaseKind = said(_("Kind of case"))
    steps: tuple[Step, ...] = said(_("Steps"), default=())
    clocks: tuple[ClockRule, ...] = said(_("Clocks"), default=())
    gate: Gate = said(_("Closing"), default=Gate())
    basis: str = said(_("Basis"), default="", help=_("Law, rule or order that the process rests on."))
    basis_date: dt.date | None = said(_("Basis in force since"), default=None)

    def step(self, code: str) -> Step:
        """Return a step by its code. KeyError when the process has none such: its edition never loses one."""
        return {step.code: step for step in self.steps}[code]

    @property
    def first(self) -> Step:
        """Where a case begins."""
        return self.steps[0]

    def clocks_of(self, channel: str) -> tuple[ClockRule, ...]:
        """Return the clocks that run on a case of a channel."""
        return tuple(rule for rule in self.clocks if rule.runs_on(channel))


def problems(process: Process) -> Iterable[Problem]:
    """Yield what is wrong with a process: its codes, a dead end, a step that nothing leads to, a clock that ends before it begins."""
    yield from codes_once((step.code for step in process.steps), "steps")
    yield from codes_once((rule.code for rule in process.clocks), "clocks")
    for n, step in enumerate(process.steps):
        yield from _limit_problems(step.limit, f"steps-{n}")
    for n, rule in enumerate(process.clocks):
        yield from _limit_problems(rule.limit, f"clocks-{n}")
        if rule.starts.place >= rule.stops.place:
            yield f"clocks-{n}-stops", _("The clock “%(name)s” would end before it begins."), {"name": rule.name}
    if not process.steps:
        yield "steps", _("A process needs at least one step."), {}
        return
    yield from _path_problems(process)


def _limit_problems(limit: Limit, where: str) -> Iterable[Problem]:
    for field, sentence, params in problems_of(limit):
        yield f"{where}-limit-{field}", sentence, params


def _path_problems(process: Process) -> Iterable[Problem]:
    follow = {step.code: step.next for step in process.steps}
    unknown = [(n, code) for n, step in enumerate(process.steps) for code in step.next if code not in follow]
    for n, code in unknown:
        yield f"steps-{n}-next", _("There is no step “%(code)s” to go on to."), {"code": code}
    if unknown:
        return
    back = {code: tuple(other for other, codes in follow.items() if code in codes) for code in follow}
    forth = _reached(follow, [process.first.code])
    home = _reached(back, [code for code, codes in follow.items() if not codes])
    for n, step in enumerate(process.steps):
        if step.code not in forth:
            yield (
                f"steps-{n}",
                _("Nothing leads to the step “%(name)s”: let an earlier step go on to it."),
                {"name": step.name},
            )
        if step.code not in home:
            yield (
                f"steps-{n}-next",
                _(
                    "From the step “%(name)s” a case can never be closed: let a way lead to a step that nothing follows."
                ),
                {"name": step.name},
            )


def _reached(follow: Mapping[str, tuple[str, ...]], begins: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    ahead = list(begins)
    while ahead:
        code = ahead.pop()
        if code not in seen:
            seen.add(code)
            ahead += follow[code]
    return seen
