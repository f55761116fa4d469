"""State of cases. What customers said and wrote is sealed; facts and everything else carry ids and codes.

Case ──┬─ Cycle (n = 1, 2, … : each reopening begins the next; nothing of an earlier one is erased)
├─ Complainant (who: sealed)     ├─ Holding (who owns it: exactly one at every instant while it is open)
├─ Words (what was said: sealed) ├─ Handover (offered, then accepted, declined or withdrawn)
├─ StepVisit (each stay in a step of the process, with the limit that held)
├─ Clock ── ClockEntry (the ledger: only grows)
├─ Message (what went to the customer), Promise, Consult, CallBack, Answer fields
├─ Finding ── Appeal, Penalty (who is answerable, and what follows)
├─ Escalation ── Acknowledgement, Guidance, MeetingItem
├─ SupportRating (what the front line thinks of the help)
└─ Link ── Unlink (like, repeats, split off)
"""

from yingting.domains.cases.models.borders import Brought, ImportRun, KeptAnswer
from yingting.domains.cases.models.case import (
    OPEN,
    OPEN_STATES,
    Case,
    CaseState,
    Complainant,
    Cycle,
    Link,
    LinkSort,
    Numbering,
    ProcessEdition,
    Unlink,
    Words,
)
from yingting.domains.cases.models.clocks import Clock, ClockCorrection, ClockEntry
from yingting.domains.cases.models.conduct import GONE, Appeal, Finding, FindingState, Penalty
from yingting.domains.cases.models.handling import (
    Addition,
    AdditionSort,
    CallBack,
    Consult,
    Handover,
    Holding,
    Message,
    Promise,
    StepVisit,
    SupportRating,
)
from yingting.domains.cases.models.remedies import OPEN_REMEDIES, REMEDY_WORDS, Remedy, RemedyState
from yingting.domains.cases.models.superiors import Acknowledgement, Escalation, Guidance, MeetingItem

__all__ = [
    "GONE",
    "OPEN",
    "OPEN_REMEDIES",
    "OPEN_STATES",
    "REMEDY_WORDS",
    "Acknowledgement",
    "Addition",
    "AdditionSort",
    "Appeal",
    "Brought",
    "CallBack",
    "Case",
    "CaseState",
    "Clock",
    "ClockCorrection",
    "ClockEntry",
    "Complainant",
    "Consult",
    "Cycle",
    "Escalation",
    "Finding",
    "FindingState",
    "Guidance",
    "Handover",
    "Holding",
    "ImportRun",
    "KeptAnswer",
    "Link",
    "LinkSort",
    "MeetingItem",
    "Message",
    "Numbering",
    "Penalty",
    "ProcessEdition",
    "Promise",
    "Remedy",
    "RemedyState",
    "StepVisit",
    "SupportRating",
    "Unlink",
    "Words",
]  # fmt: skip
