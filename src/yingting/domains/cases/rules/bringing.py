"""How a list of cases from another system is read, as data: which column is which field, which text is which code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from yingting.domains.cases.refusals import LIST_BACKWARDS, LIST_PATH, LIST_STEP
from yingting.domains.cases.rules.processes import Problem, Process
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _

ANY = "*"  # as a text: whatever stands there and is not named


class ListField(Titled):
    """What a column of a list can be. With `ACTIVITY` the rows are steps, and those with one number are one case."""

    NUMBER = "number", _("Number in the other system")
    RECEIVED = "received", _("Received at")
    CHANNEL = "channel", _("Channel")
    UNIT = "unit", _("Unit")
    PROCESS = "process", _("Process")
    CATEGORY = "category", _("Category")
    SEVERITY = "severity", _("Severity")
    TEXT = "text", _("What the customer said")
    DEMAND = "demand", _("What the customer asks for")
    REASON = "reason", _("Reason of the complaint")
    PRODUCT = "product", _("Product or service")
    MODEL = "model", _("Model")
    NAME = "name", _("Customer's name")
    PHONE = "phone", _("Telephone to reach the customer")
    SUBSCRIBER = "subscriber", _("Number that the case is about")
    FIRST_ASKER = "first_asker", _("First-asker, by staff number")
    OWNER = "owner", _("Handler, by staff number")
    STATUS = "status", _("Status")
    RESULT = "result", _("Result")
    ANSWERED = "answered", _("Answer reached the customer at")
    ANSWER = "answer", _("Answer to the customer")
    CLOSED = "closed", _("Closed at")
    ACTIVITY = "activity", _("Step of the history")
    MOMENT = "moment", _("When the step was taken")
    RESOURCE = "resource", _("Who took the step, by staff number")


F = ListField
MOMENTS = (F.RECEIVED, F.ANSWERED, F.CLOSED, F.MOMENT)
PEOPLE = (F.FIRST_ASKER, F.OWNER, F.RESOURCE)
STATES = ("open", "closed", "withdrawn", "out_of_scope")
RESULTS = ("solved", "partly", "not")


@dataclass(frozen=True, slots=True)
class ListColumn:
    """Where one field comes from: a column, with the date in another one if they are apart, or the same text in every row."""

    what: ListField = said(_("Field"))
    column: str = said(_("Heading of its column"), default="")
    date_column: str = said(
        _("Heading of the column with the date"), default="", help=_("Where date and time are apart.")
    )
    formats: tuple[str, ...] = said(
        _("Forms of the date"), default=(), help=_("For instance %d/%m/%Y %H:%M; the usual ones are known. One a line.")
    )
    constant: str = said(_("The same in every row"), default="")


@dataclass(frozen=True, slots=True)
class ListValue:
    """What a text of the other system means here."""

    what: ListField = said(_("Field"))
    text: str = said(_("Text in the list"), help=_("* stands for every other text."))
    code: str = said(_("Means here"), default="", help=_("A code of ours, a staff number, a unit; empty: nothing."))


@dataclass(frozen=True, slots=True)
class CaseList:
    """One way of reading lists of cases."""

    columns: tuple[ListColumn, ...] = said(_("Columns"), default=())
    values: tuple[ListValue, ...] = said(_("Values"), default=())
    ends: tuple[str, ...] = said(
        _("Steps that end a case"), default=(), help=_("Codes of steps; a later row opens the case again. One a line.")
    )
    is_finished: bool = said(
        _("The other system is no longer in use"), default=False,
        help=_("A history without an end ended with its last row; else such a case is open and goes on here."),
    )  # fmt: skip

    @property
    def is_history(self) -> bool:
        """Are the rows steps?"""
        return self.of(F.ACTIVITY) is not None

    def of(self, what: ListField) -> ListColumn | None:
        """Return where a field comes from."""
        return next((one for one in self.columns if one.what is what), None)


def problems(rule: CaseList) -> Iterable[Problem]:
    """Yield what is missing in a way of reading lists, and what is there twice."""
    fields = [one.what for one in rule.columns]
    for one in rule.columns:
        if not one.column and not one.constant:
            yield "columns", _("“%(field)s” needs a column, or a text for every row."), {"field": one.what.value}
        if fields.count(one.what) > 1:
            yield "columns", _("“%(field)s” is there twice."), {"field": one.what.value}
    needed = (F.CHANNEL, F.NUMBER, F.MOMENT, F.ACTIVITY) if rule.is_history else (F.CHANNEL, F.RECEIVED, F.TEXT)
    for what in needed:
        if fields and what not in fields:
            yield "columns", _("The list must tell “%(field)s”."), {"field": what.value}


@dataclass(frozen=True, slots=True)
class Event:
    """A step that the other system took: which, when, by whom (none: by whoever had it)."""

    line: int
    step: str
    at: dt.datetime
    person: UUID | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A case as a list tells it, ready to be written down. `key` is what it is known by."""

    line: int
    key: str
    unit: str
    values: dict[ListField, str]
    people: dict[ListField, UUID]
    moments: dict[ListField, dt.datetime]
    events: tuple[Event, ...] = field(default=())

    @property
    def received(self) -> dt.datetime:
        """When it first reached any channel."""
        first = self.events[0].at if self.events else None
        return self.moments.get(F.RECEIVED) or first or self.moments[F.MOMENT]

    @property
    def state(self) -> str:
        """What the list says about it: a code of STATES."""
        return self.values.get(F.STATUS) or ("closed" if F.CLOSED in self.moments else "open")


def require_order(draft: Draft, now: dt.datetime) -> None:
    """Refuse a case whose moments cannot be in this order. Raises Refusal case.list_backwards."""
    later = [at for what in (F.ANSWERED, F.CLOSED) if (at := draft.moments.get(what)) is not None]
    later += [event.at for event in draft.events]
    if any(at < draft.received or at > now for at in (draft.received, *later)):
        raise Refusal(LIST_BACKWARDS)


def require_path(draft: Draft, process: Process, ends: Iterable[str]) -> None:
    """Refuse a history that the process does not know, step for step. Raises Refusal case.list_step, case.list_path."""
    known = {step.code: step for step in process.steps}
    ended = {*ends}
    for number, event in enumerate(draft.events):
        if event.step not in known:
            raise Refusal(LIST_STEP, step=event.step, line=event.line)
        before = draft.events[number - 1] if number else None
        if before is not None and before.step not in ended and event.step not in known[before.step].next:
            raise Refusal(LIST_PATH, before=before.step, step=event.step, line=event.line)
