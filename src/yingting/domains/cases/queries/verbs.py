"""What a person may do with a case now: the page shows these forms and no others. The actions judge again."""

from __future__ import annotations

from enum import Enum

from yingting.domains.cases.models import OPEN_STATES, CaseState
from yingting.domains.cases.queries.page import CaseFile
from yingting.domains.cases.rules.processes import COMPLAINING, CaseKind, StepRole
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop as _


class Verb(Enum):
    """What can be done with a case, in the order in which it comes up."""

    ANSWER_OFFER = "answer-offer"
    ANSWER_CONSULT = "answer-consult"
    ACCEPT = "accept"
    GO_ON = "go-on"
    FILL = "fill"
    CLASSIFY = "classify"
    NAME_STAFF = "name-staff"
    VERIFY = "verify"
    TELL = "tell"
    PROMISE = "promise"
    SETTLE = "settle"
    CALL_BACK = "call-back"
    FIND = "find"
    MOVE = "move"
    LOOK = "look"
    CLOSE = "close"
    CONSULT = "consult"
    OFFER = "offer"
    WITHDRAW_OFFER = "withdraw-offer"
    ASSIGN = "assign"
    REMEDY = "remedy"
    WAIT = "wait"
    BECOME = "become"
    LINK = "link"
    UNLINK = "unlink"
    MERGE = "merge"
    SPLIT = "split"
    END = "end"
    REOPEN = "reopen"

    @property
    def title(self) -> str:
        """How it is told."""
        return _TITLES[self]


_TITLES = {
    Verb.ANSWER_OFFER: _("Answer the hand-over"), Verb.ANSWER_CONSULT: _("Answer what you were asked"),
    Verb.ACCEPT: _("Accept the case"), Verb.GO_ON: _("Go on after waiting"), Verb.FILL: _("Complete the record"),
    Verb.CLASSIFY: _("Category, severity, cause"),
    Verb.NAME_STAFF: _("Say which staff number it is about"), Verb.VERIFY: _("Say whether it is true"), Verb.TELL: _("Told to the customer"),
    Verb.PROMISE: _("Promise a time"), Verb.SETTLE: _("Write down the result"), Verb.CALL_BACK: _("Write down a call back"),
    Verb.FIND: _("Say who is answerable"), Verb.MOVE: _("Go on to the next step"), Verb.CLOSE: _("Close the case"),
    Verb.CONSULT: _("Consult a colleague"), Verb.OFFER: _("Hand the case over"), Verb.WITHDRAW_OFFER: _("Take the hand-over back"),
    Verb.ASSIGN: _("Name who handles it"), Verb.WAIT: _("Wait for somebody"), Verb.BECOME: _("Make it a complaint"),
    Verb.LINK: _("Link with another case"), Verb.UNLINK: _("Take a link back"),
    Verb.MERGE: _("Merge into another case"), Verb.SPLIT: _("Split off a second matter"),
    Verb.REMEDY: _("Link an action"), Verb.LOOK: _("Look at the effect"), Verb.END: _("End without closing"), Verb.REOPEN: _("Open it again"),
}  # fmt: skip
RARE = (Verb.WAIT, Verb.NAME_STAFF, Verb.LINK, Verb.UNLINK, Verb.MERGE, Verb.SPLIT, Verb.END, Verb.ASSIGN)
# Kinds of cases that may be about one of the staff.
ABOUT_STAFF = {kind.value for kind in (*COMPLAINING, CaseKind.VIOLATION)}
_OWNERS = (
    Verb.FILL, Verb.CLASSIFY, Verb.VERIFY, Verb.TELL, Verb.PROMISE, Verb.SETTLE, Verb.CONSULT, Verb.SPLIT, Verb.REMEDY,
)  # fmt: skip


def verbs_for(actor: Actor, file: CaseFile) -> tuple[Verb, ...]:
    """Return what the actor may do with the case as it stands, in order."""
    path = file.case.unit.path
    if not actor.may(Permission.CASE_HANDLE, path):
        return ()
    if file.case.state not in OPEN_STATES:
        later = () if file.case.state == CaseState.MERGED else (Verb.REOPEN,)
        return (Verb.LINK, *_of_links(file), *later)
    found = {Verb.LINK, Verb.MERGE, *_of_links(file), *_of_others(actor, file)}
    if actor.person == file.case.owner_id:
        found |= _of_owner(file)
        if file.step.role is StepRole.EFFECT and actor.person not in file.doers:
            found.add(Verb.LOOK)
    if actor.may(Permission.CASE_SUPERVISE, path):
        found |= {Verb.ASSIGN, Verb.FIND, Verb.REMEDY} | (set() if actor.person in file.doers else {Verb.END})
    return tuple(verb for verb in Verb if verb in found)


def _of_links(file: CaseFile) -> tuple[Verb, ...]:
    return (Verb.UNLINK,) if file.has_links else ()


def _of_owner(file: CaseFile) -> set[Verb]:
    found = {*_OWNERS, Verb.WITHDRAW_OFFER if file.pending else Verb.OFFER}
    if file.cycles[-1].accepted_at is None:
        found.add(Verb.ACCEPT)
    if not file.step.is_last:
        found.add(Verb.MOVE)
    found.add(Verb.WAIT if file.case.state == CaseState.OPEN else Verb.GO_ON)
    if file.case.kind == CaseKind.GRUMBLE.value:
        found.add(Verb.BECOME)
    if file.case.kind in ABOUT_STAFF:
        found.add(Verb.NAME_STAFF)
    return found


def _of_others(actor: Actor, file: CaseFile) -> set[Verb]:
    """What need not be the owner's, or must not be who handled it."""
    found = set()
    if file.pending is not None and file.pending.receiver_id == actor.person:
        found.add(Verb.ANSWER_OFFER)
    if any(row.asked_id == actor.person and row.answered_at is None for row in file.consults):
        found.add(Verb.ANSWER_CONSULT)
    if actor.person in file.doers:
        return found
    if file.step.role is StepRole.CALL_BACK:
        found.add(Verb.CALL_BACK)
    if file.step.is_last:
        found.add(Verb.CLOSE)
    return found
