"""Calling rules as data, and the pure decision that they make for one call.

A call looks, from the top, for the first line that has somebody for this counter:

1. whoever has waited past the longest wait (`max_wait_min`), whatever else holds;
2. the care lane (`care_first`);
3. the rules of the counter's work profile in their order, each only while its condition holds;
4. everybody else, in the order of `otherwise`.

The shipped rules are step 2 and step 4 by aged rank. "Priority always first" and "priority never first" can be written
(`PRIORITY_ALWAYS_FIRST`, `PRIORITY_NEVER_FIRST`) and neither is shipped.

**Why ageing is a head start.** If a class aged at a pace of its own (1.5 minutes a minute), the order of two waiting people
would change while they stand there and every call would have to weigh everyone anew. A pace with a cap ends in a lead of
that many minutes; so the lead is given at once, as a head start, and the order is one stored instant that an index holds. It
is bounded: nobody waits behind later arrivals of more than a head start (`head_starts` sets it by class from the day on which
a version begins; those who wait keep the place that they have).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from yingting.domains.queueing.rules import CallRule, call_rule
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop


class _Choice(Enum):
    """A choice that forms show by its title."""

    @property
    def title(self) -> str:
        """The words of the choice, an English msgid."""
        return WORDS[self]


class When(_Choice):
    """When a rule holds."""

    ALWAYS = "always"
    WAITING = "waiting"
    LONGEST = "longest"
    TIME = "time"
    FORCED = "forced"


class Order(_Choice):
    """Who goes first of several people."""

    AGED = "aged"
    PRIORITY = "priority"
    ARRIVAL = "arrival"


class Take(_Choice):
    """Whom a rule takes from its queues: by an order, or from queue after queue in a ratio."""

    AGED = "aged"
    PRIORITY = "priority"
    ARRIVAL = "arrival"
    RATIO = "ratio"


WORDS: Mapping[Enum, str] = {
    When.ALWAYS: gettext_noop("always"),
    When.WAITING: gettext_noop("so many people wait"),
    When.LONGEST: gettext_noop("somebody waits so many minutes"),
    When.TIME: gettext_noop("at this time of day"),
    When.FORCED: gettext_noop("during forced diversion"),
    Order.AGED: gettext_noop("longest wait, with the head starts of the classes"),
    Order.PRIORITY: gettext_noop("highest class first, however long others wait"),
    Order.ARRIVAL: gettext_noop("first come, first served, whatever the class"),
    Take.AGED: gettext_noop("longest wait, with the head starts of the classes"),
    Take.PRIORITY: gettext_noop("highest class first, however long others wait"),
    Take.ARRIVAL: gettext_noop("first come, first served, whatever the class"),
    Take.RATIO: gettext_noop("queue after queue, in the ratio"),
}


@dataclass(frozen=True, slots=True)
class WorkProfile:
    """A kind of counter: rules may be for its counters only."""

    name: str = said(gettext_noop("Name"))
    counters: tuple[str, ...] = said(
        gettext_noop("Counters"), help=gettext_noop("None chosen means every counter."), choices="counters", default=()
    )


@dataclass(frozen=True, slots=True)
class HeadStart:
    """The minutes that a priority class is counted as having waited when it takes its number."""

    priority: str = said(gettext_noop("Priority class"), choices="priorities")
    minutes: int = said(gettext_noop("Head start"), unit=gettext_noop("min"), low=0, high=240)


@dataclass(frozen=True, slots=True)
class CallingRule:
    """WHEN a condition holds THEN these queues go first."""

    name: str = said(gettext_noop("Name"), help=gettext_noop("Clerks read it when the rule chooses."))
    profile: str = said(gettext_noop("Work profile"), help=gettext_noop("Empty means every counter."), default="")
    when: When = said(gettext_noop("When"), default=When.ALWAYS)
    of: tuple[str, ...] = said(
        gettext_noop("Counted in queues"), help=gettext_noop("None chosen means the queues that go first."),
        choices="queues", default=(),
    )  # fmt: skip
    at_least: int = said(gettext_noop("At least"), unit=gettext_noop("people or min"), low=0, high=999, default=0)
    starts: dt.time = said(gettext_noop("From"), default=dt.time(0))
    ends: dt.time = said(gettext_noop("Until"), default=dt.time(0))
    queues: tuple[str, ...] = said(
        gettext_noop("These queues first"), help=gettext_noop("None chosen means every queue of the counter."),
        choices="queues", default=(),
    )  # fmt: skip
    take: Take = said(gettext_noop("Order"), default=Take.AGED)
    ratio: str = said(
        gettext_noop("Ratio"), help=gettext_noop("Queues with their shares, for example A:2 B:1 C:1."), default=""
    )


@dataclass(frozen=True, slots=True)
class CallingRules:
    """How the counters of a hall call. The defaults are what is shipped.

    >>> CallingRules().otherwise, CallingRules().care_first, CallingRules().max_wait_min
    (<Order.AGED: 'aged'>, True, 0)
    """

    max_wait_min: int = said(
        gettext_noop("Longest wait"), help=gettext_noop("Whoever waits longer is called first, whatever else holds. 0: off."),
        unit=gettext_noop("min"), low=0, high=480, default=0,
    )  # fmt: skip
    care_first: bool = said(gettext_noop("Care lane before every rule"), default=True)
    otherwise: Order = said(
        gettext_noop("Order of the others"), help=gettext_noop("Holds where no rule does."), default=Order.AGED
    )
    head_starts: tuple[HeadStart, ...] = said(
        gettext_noop("Head starts"), help=gettext_noop("A class not listed keeps its own. Those who wait keep their place."),
        default=(),
    )  # fmt: skip
    profiles: tuple[WorkProfile, ...] = said(gettext_noop("Work profiles"), default=())
    rules: tuple[CallingRule, ...] = said(
        gettext_noop("Rules"),
        help=gettext_noop("From the top: the first that holds and has somebody decides."),
        default=(),
    )


PRIORITY_ALWAYS_FIRST = CallingRules(otherwise=Order.PRIORITY)
PRIORITY_NEVER_FIRST = CallingRules(otherwise=Order.ARRIVAL, care_first=False)

Shares = tuple[tuple[str, int], ...]
_SHARE = re.compile(r"([A-Za-z])\s*[::]\s*(\d{1,2})")


def shares_of(ratio: str) -> Shares:
    """Return the queues of a ratio with their shares. Raises ValueError when the text is no ratio.

    >>> shares_of("A:2 B:1, C:1")
    (('A', 2), ('B', 1), ('C', 1))
    """
    found = tuple((letter.upper(), int(share)) for letter, share in _SHARE.findall(ratio))
    rest = _SHARE.sub("", ratio)
    letters = [letter for letter, _ in found]
    if not found or re.sub(r"[\s,,、;;]", "", rest) or len(set(letters)) < len(letters) or not all(s for _, s in found):
        raise ValueError(ratio)
    return found


# ------------------------------------------------------------------------------------------------ what a counter follows
@dataclass(frozen=True, slots=True)
class CounterRules:
    """The rules that one counter follows, ready for its calls: (number in the book, rule, shares of its ratio)."""

    max_wait_min: int
    care_first: bool
    otherwise: Order
    rules: tuple[tuple[int, CallingRule, Shares], ...]
    needs_levels: bool


def rules_of_counter(rules: CallingRules, number: str) -> CounterRules | None:
    """Return what the counter of this number follows; None when that is the shipped order, which needs no plan.

    >>> rules_of_counter(CallingRules(), "3") is None
    True
    >>> forms = CallingRules(profiles=(WorkProfile("Forms", ("3",)),), rules=(CallingRule("B first", "Forms", queues=("B",)),))
    >>> rules_of_counter(forms, "3").rules[0][0], rules_of_counter(forms, "4")
    (1, None)
    """
    mine = {profile.name for profile in rules.profiles if not profile.counters or number in profile.counters} | {""}
    kept = tuple(
        (place, rule, shares_of(rule.ratio) if rule.take is Take.RATIO else ())
        for place, rule in enumerate(rules.rules, start=1)
        if rule.profile in mine
    )
    if not kept and not rules.max_wait_min and rules.care_first and rules.otherwise is Order.AGED:
        return None
    return CounterRules(
        rules.max_wait_min, rules.care_first, rules.otherwise, kept,
        needs_levels=rules.otherwise is Order.PRIORITY or any(rule.take is Take.PRIORITY for _, rule, _ in kept),
    )  # fmt: skip


def usual_order(counters: Iterable[CounterRules | None], letter: str) -> tuple[Order, bool]:
    """Return in which order a queue is called when no condition holds, and whether the care lane goes before it: what people
    ahead are counted by. Where its counters differ, the shipped order.

    >>> usual_order([None], "A"), usual_order([rules_of_counter(PRIORITY_NEVER_FIRST, "3")], "A")
    ((<Order.AGED: 'aged'>, True), (<Order.ARRIVAL: 'arrival'>, False))
    >>> usual_order([None, rules_of_counter(PRIORITY_NEVER_FIRST, "3")], "A")
    (<Order.AGED: 'aged'>, True)
    """
    found = {_order_at(rules, letter) for rules in counters}
    return found.pop() if len(found) == 1 else (Order.AGED, True)


def _order_at(rules: CounterRules | None, letter: str) -> tuple[Order, bool]:
    if rules is None:
        return Order.AGED, True
    for _number, rule, shares in rules.rules:
        wanted = [one for one, _share in shares] or rule.queues
        if rule.when is When.ALWAYS and (not wanted or letter in wanted):
            return (Order.AGED if shares else Order(rule.take.value)), rules.care_first
    return rules.otherwise, rules.care_first


# ------------------------------------------------------------------------------------------------ the plan of one call
@dataclass(frozen=True, slots=True)
class Line:
    """Who waits in one queue for any counter: how many, since when the longest, and how many of them in the care lane."""

    waiting: int
    oldest: dt.datetime
    care: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """The place of one queue in the plan of a call: lower stages are called first, `order` is who goes first within."""

    stage: int
    order: Order


# Stages before those of the queues.
OVERDUE, CARE = -2, -1


@dataclass(frozen=True, slots=True)
class CallPlan:
    """In which order a counter looks for its next customer.

    `told` holds by stage what the journal keeps of the rule (code and the values for its sentence), `turns` by stage the ratio
    and the queue whose turn it is. Tickets sent to this very counter stand at `first`.
    """

    overdue: dt.datetime | None
    care_first: bool
    steps: Mapping[str, Step]
    first: Step
    told: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    turns: Mapping[int, tuple[_Turn, str]] = field(default_factory=dict)

    def turns_after(self, stage: int) -> str | None:
        """Return what the counter remembers of its ratios after a call from the stage; None when that does not change."""
        if stage not in self.turns:
            return None
        turn, letter = self.turns[stage]
        return turn.after(letter)


def plan_call(
    rules: CounterRules, *, queues: Sequence[str], line: Mapping[str, Line], now: dt.datetime, local: dt.time,
    forced: bool = False, turns: str = "",
) -> CallPlan:  # fmt: skip
    """Return the plan of a call of a counter that serves `queues` (letters), while `line` waits.

    >>> book = CallingRules(rules=(CallingRule("Crowd", when=When.WAITING, at_least=5, queues=("B",)),))
    >>> counter, t = rules_of_counter(book, "3"), dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    >>> plan = plan_call(counter, queues="AB", line={"B": Line(6, t)}, now=t, local=dt.time(10))
    >>> plan.steps["B"].stage < plan.steps["A"].stage, plan.told[0]["count"]
    (True, 6)
    >>> plan_call(counter, queues="AB", line={"B": Line(4, t)}, now=t, local=dt.time(10)).steps["B"].stage
    0
    """
    steps: dict[str, Step] = {}
    told: dict[int, Mapping[str, Any]] = {}
    after: dict[int, tuple[_Turn, str]] = {}
    stage = 0
    for number, rule, shares in rules.rules:
        wanted = [letter for letter, _ in shares] if shares else rule.queues or queues
        holds = _holds(rule, wanted, line, now, local, forced)
        if holds is None:
            continue
        told_by = {"rule": rule.when.value, "number": number, "name": rule.name, **holds}
        if shares:
            turn = _Turn(f"{number} {rule.ratio}", tuple(one for one in shares if one[0] in queues), line, turns)
            for letter in turn.order:
                if letter not in steps:
                    steps[letter] = Step(stage, Order.AGED)
                    told[stage] = {**told_by, "rule": CallRule.RATIO.value, "ratio": rule.ratio, "queue": letter}
                    after[stage] = (turn, letter)
                    stage += 1
            continue
        fresh = [letter for letter in queues if letter in wanted and letter not in steps]
        if fresh:
            steps |= dict.fromkeys(fresh, Step(stage, Order(rule.take.value)))
            told[stage] = told_by
            stage += 1
    rest = Step(stage, rules.otherwise)
    steps |= {letter: rest for letter in queues if letter not in steps}
    if rules.otherwise is not Order.AGED:
        told[stage] = {"rule": rules.otherwise.value}
    told[OVERDUE] = {"limit": rules.max_wait_min}
    overdue = now - dt.timedelta(minutes=rules.max_wait_min) if rules.max_wait_min else None
    first = min(steps.values(), key=lambda step: step.stage, default=rest)
    return CallPlan(overdue, rules.care_first, steps, first, told, after)


def _holds(
    rule: CallingRule, wanted: Sequence[str], line: Mapping[str, Line], now: dt.datetime, local: dt.time, forced: bool
) -> dict[str, Any] | None:
    """The values for the rule's sentence when its condition holds, else None."""
    when = rule.when
    if when is When.WAITING:
        count = 0
        for letter in rule.of or wanted:
            if letter in line:
                count += line[letter].waiting
        return {"count": count, "limit": rule.at_least} if count >= rule.at_least else None
    if when is When.LONGEST:
        oldest = min((line[letter].oldest for letter in rule.of or wanted if letter in line), default=now)
        longest = int((now - oldest).total_seconds() // 60)
        return {"longest": longest, "limit": rule.at_least} if longest >= rule.at_least else None
    if when is When.TIME:
        if not rule.starts <= local < rule.ends:
            return None
        return {"starts": f"{rule.starts:%H:%M}", "ends": f"{rule.ends:%H:%M}"}
    return {} if forced or when is When.ALWAYS else None


class _Turn:
    """Whose turn it is in a ratio.

    Each call gives every queue with somebody in it credit for its share; the queue with the most credit is next and pays for
    the whole round. So a round of 2:1:1 with nobody missing has exactly two, one and one, whenever one begins to count, and a
    queue that was empty does not get its missed turns back at a stroke.
    """

    __slots__ = ("_credit", "_due", "_kept", "_key", "_total", "order")

    def __init__(self, key: str, shares: Shares, line: Mapping[str, Line], turns: str) -> None:
        self._key = key
        self._kept: dict[str, dict[str, int]] = json.loads(turns) if turns else {}
        self._credit = self._kept.get(key, {})
        there = [(letter, share) for letter, share in shares if letter in line and line[letter].waiting]
        self._total = sum(share for _, share in there)
        self._due = {letter: self._credit.get(letter, 0) + share for letter, share in there}
        by_credit = sorted(self._due, key=lambda letter: -self._due[letter])
        self.order = by_credit + [letter for letter, _ in shares if letter not in self._due]

    def after(self, letter: str) -> str | None:
        """Return what the counter remembers when this queue is called; None: nothing changes, nobody was seen there."""
        if letter not in self._due:
            return None
        paid = {**self._credit, **self._due, letter: self._due[letter] - self._total}
        return json.dumps({**self._kept, self._key: paid}, separators=(",", ":"))


# ------------------------------------------------------------------------------------------------ who is called
@dataclass(frozen=True, slots=True)
class Standing:
    """How one waiting ticket stands. `level` is the rank of its priority class (0: highest), `directed`: sent to this counter."""

    id: Any
    queue: str
    tier: int
    level: int
    rank_at: dt.datetime
    issued_at: dt.datetime
    queued_at: dt.datetime
    transfers: int = 0
    directed: bool = False
    is_booked: bool = False

    @property
    def waits_since(self) -> dt.datetime:
        """Since when the wait counts: from entering the queue, or from the later place that the customer asked for."""
        return max(self.queued_at, self.rank_at)

    @property
    def came_at(self) -> dt.datetime:
        """The place by arrival. A transfer's, a booking's or a stepping back's place is kept: somebody has decided it."""
        return self.rank_at if self.transfers or self.is_booked else max(self.issued_at, self.rank_at)


def place_of(plan: CallPlan, ticket: Standing) -> tuple[int, int, dt.datetime] | None:
    """Return where the plan puts a ticket (stage, class, instant): the lowest is called. None when it is not for this counter."""
    step = plan.first if ticket.directed else plan.steps.get(ticket.queue)
    if step is None:
        return None
    if plan.overdue is not None and ticket.waits_since <= plan.overdue:
        return OVERDUE, 0, ticket.waits_since
    if plan.care_first and ticket.tier == 0:
        return CARE, 0, ticket.rank_at
    if step.order is Order.AGED:
        return step.stage, ticket.tier, ticket.rank_at
    return step.stage, ticket.level if step.order is Order.PRIORITY else 0, ticket.came_at


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a plan calls, by which rule, with the values for its sentence and the ratio's memory afterwards (None: unchanged)."""

    ticket: Standing
    rule: CallRule
    told: Mapping[str, Any]
    turns: str | None


def choose(plan: CallPlan, tickets: Iterable[Standing]) -> Choice | None:
    """Return whom the plan calls, None when nobody waits for this counter."""
    placed = [(place, ticket.id, ticket) for ticket in tickets if (place := place_of(plan, ticket)) is not None]
    if not placed:
        return None
    (stage, _, _), _, ticket = min(placed, key=lambda item: item[:2])
    rule, told = decided(plan, stage, ticket)
    turns = None if ticket.directed else plan.turns_after(stage)
    return Choice(ticket, rule, told, turns)


def decided(plan: CallPlan, stage: int, ticket: Standing) -> tuple[CallRule, Mapping[str, Any]]:
    """Return the rule that the journal names for a ticket called at a stage, with the values for its sentence."""
    told = plan.told.get(stage, {})
    if stage == OVERDUE:
        return CallRule.MAX_WAIT, told
    if "rule" in told and not ticket.directed:
        return CallRule(told["rule"]), told
    head_start = int(ticket.rank_at < ticket.queued_at)
    classic = call_rule(
        tier=ticket.tier, head_start_min=head_start, directed=ticket.directed, transfers=ticket.transfers,
        is_booked=ticket.is_booked,
    )  # fmt: skip
    return classic, {}


def deciding_queues(
    plan: CallPlan, line: Mapping[str, Line], directed: Line | None
) -> tuple[int, tuple[str, ...]] | None:
    """Return the stage that decides this call and its queues, where that is a line in the stored order (tier, rank); else None.

    Then the claim is the one index scan of the shipped order over those queues, not a sort of all who wait. `directed` are the
    tickets sent to this counter.
    """
    mine = {letter: line[letter] for letter in plan.steps if letter in line}
    everybody = [*mine.values(), *([directed] if directed else ())]
    if not everybody or (plan.overdue is not None and min(one.oldest for one in everybody) <= plan.overdue):
        return None
    if plan.care_first and any(one.care for one in everybody):
        return CARE, tuple(plan.steps)
    step = plan.first if directed else min((plan.steps[letter] for letter in mine), key=lambda step: step.stage)
    if step.order is not Order.AGED:
        return None
    return step.stage, tuple(letter for letter, other in plan.steps.items() if other.stage == step.stage)


def levels_of(classes: Mapping[Any, tuple[int, int]]) -> dict[Any, int]:
    """Return the rank of each priority class from its (tier, head start): 0 is the highest.

    >>> levels_of({"normal": (1, 0), "vip": (1, 5), "care": (0, 0)})
    {'normal': 2, 'vip': 1, 'care': 0}
    """
    ranks = sorted({(tier, -head_start) for tier, head_start in classes.values()})
    return {name: ranks.index((tier, -head_start)) for name, (tier, head_start) in classes.items()}


# ------------------------------------------------------------------------------------------------ what is wrong with a rulebook
Problem = tuple[str, str, dict[str, Any]]


def problems(rules: CallingRules, *, queues: Iterable[str] | None, counters: Iterable[str] | None) -> Iterable[Problem]:
    """Yield what is wrong: (field, sentence, values). `queues` and `counters` are the hall's, None where many halls share it.

    >>> [sentence for _, sentence, _ in problems(CallingRules(rules=(CallingRule("x", "?"),)), queues=None, counters=None)]
    ['Rule “%(name)s” is for the work profile “%(profile)s”, which is not in the list.']
    """
    names = [profile.name for profile in rules.profiles]
    for name in sorted({name for name in names if names.count(name) > 1 or not name.strip()}):
        yield "profiles", gettext_noop("Each work profile needs a name of its own; “%(name)s” is not."), {"name": name}
    for rule in rules.rules:
        yield from _rule_problems(rule, names)
    known = None if queues is None else set(queues)
    for rule in rules.rules:
        letters = {*rule.queues, *rule.of, *(letter for letter, _ in _shares_or_none(rule.ratio))}
        for letter in sorted(letters - known) if known is not None else ():
            yield "rules", gettext_noop("Rule “%(name)s” names queue %(queue)s, which the hall does not have."), {
                "name": rule.name, "queue": letter,
            }  # fmt: skip
    if counters is not None:
        for profile in rules.profiles:
            for number in sorted(set(profile.counters) - set(counters)):
                yield "profiles", gettext_noop("Work profile “%(name)s” names counter %(counter)s, which the hall does not have."), {
                    "name": profile.name, "counter": number,
                }  # fmt: skip


def _shares_or_none(ratio: str) -> Shares:
    try:
        return shares_of(ratio) if ratio else ()
    except ValueError:
        return ()


def _rule_problems(rule: CallingRule, profiles: Sequence[str]) -> Iterable[Problem]:
    name = {"name": rule.name}
    if not rule.name.strip():
        yield "rules", gettext_noop("Each rule needs a name: clerks read it when the rule chooses."), {}
    if rule.profile and rule.profile not in profiles:
        yield "rules", gettext_noop("Rule “%(name)s” is for the work profile “%(profile)s”, which is not in the list."), {
            **name, "profile": rule.profile,
        }  # fmt: skip
    if rule.when in (When.WAITING, When.LONGEST) and rule.at_least < 1:
        yield "rules", gettext_noop("Rule “%(name)s” needs a number of people or minutes."), name
    if rule.when is When.TIME and rule.starts >= rule.ends:
        yield "rules", gettext_noop("Rule “%(name)s” needs a time of day that begins before it ends."), name
    if rule.take is Take.RATIO and not _shares_or_none(rule.ratio):
        yield "rules", gettext_noop("Rule “%(name)s” needs a ratio such as A:2 B:1 C:1."), name
