"""Facts of relations: ids, codes and days; words of customers stay in the tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("frequent.listed")
@dataclass(frozen=True, slots=True)
class FrequentListed:
    """A customer was found to come often (QUE-23): visits and those at peak times in the window, and the class (QUE-25)."""

    customer: UUID
    visits: int
    peak: int
    sort: str
    is_peak: bool


@fact("frequent.left")
@dataclass(frozen=True, slots=True)
class FrequentLeft:
    """A customer does not come often any more."""

    customer: UUID


@fact("frequent.measured")
@dataclass(frozen=True, slots=True)
class FrequentMeasured:
    """Visits before and after the day that a frequent visitor's teaching is compared with; `is_taught`: there was one."""

    customer: UUID
    before: int
    after: int
    is_taught: bool


@fact("teaching.planned")
@dataclass(frozen=True, slots=True)
class TeachingPlanned:
    """A frequent visitor got a teaching plan, with an owner and a day by which to be contacted (QUE-22)."""

    customer: UUID
    owner: UUID
    sort: str
    due_on: dt.date


@fact("teaching.contacted")
@dataclass(frozen=True, slots=True)
class TeachingContacted:
    """Somebody turned to a frequent visitor because of the plan."""

    customer: UUID
    channel: str
    outcome: str


@fact("teaching.ended")
@dataclass(frozen=True, slots=True)
class TeachingEnded:
    """A teaching plan was done, or given up."""

    customer: UUID
    is_done: bool


@fact("offering.opened")
@dataclass(frozen=True, slots=True)
class OfferingOpened:
    """A service campaign was announced for a unit and all below it (SAL-10), with what it brings."""

    unit: str
    first: dt.date
    last: dt.date
    benefit: str


@fact("offering.registered")
@dataclass(frozen=True, slots=True)
class OfferingRegistered:
    """A customer took part in a campaign; what was learnt, told and offered with it (SAL-11)."""

    offering: UUID
    customer: UUID
    has_learnt: bool
    is_told: bool
    is_offered: bool
    result: str


@fact("entitlement.granted")
@dataclass(frozen=True, slots=True)
class EntitlementGranted:
    """A customer is entitled to something, once, up to and with a day (CUS-21)."""

    customer: UUID
    benefit: str
    ground: str
    last_on: dt.date


@fact("entitlement.used")
@dataclass(frozen=True, slots=True)
class EntitlementUsed:
    """An entitlement was used, in a hall."""

    customer: UUID
    benefit: str
    at_hall: UUID


@fact("entitlement.lapsed")
@dataclass(frozen=True, slots=True)
class EntitlementLapsed:
    """An entitlement was not used in time."""

    customer: UUID
    benefit: str


@fact("care.came_due")
@dataclass(frozen=True, slots=True)
class CareCameDue:
    """An act of care is due to a customer of a tenure (CUS-22)."""

    customer: UUID
    action: str
    tenure: str
    last_on: dt.date


@fact("care.given")
@dataclass(frozen=True, slots=True)
class CareGiven:
    """An act of care was given, or left out with a reason."""

    customer: UUID
    action: str
    is_given: bool


@fact("care.ran_over")
@dataclass(frozen=True, slots=True)
class CareRanOver:
    """An act of care was not given in time; it may still be."""

    customer: UUID
    action: str


@fact("lead.opened")
@dataclass(frozen=True, slots=True)
class LeadOpened:
    """A customer is interested in something (CUS-26); the next word is promised for a day. `referral`: it came from the lobby."""

    customer: UUID
    owner: UUID
    interest: str
    has_card: bool
    next_on: dt.date
    referral: UUID | None


@fact("lead.followed")
@dataclass(frozen=True, slots=True)
class LeadFollowed:
    """The promised contact took place; the next is promised for a day, or nothing more is (None)."""

    customer: UUID
    outcome: str
    due_on: dt.date
    next_on: dt.date | None


@fact("lead.ended")
@dataclass(frozen=True, slots=True)
class LeadEnded:
    """A lead was won or lost."""

    customer: UUID
    state: str


@fact("lead.overdue")
@dataclass(frozen=True, slots=True)
class LeadOverdue:
    """The day of a promised contact passed without it; its owner and those who lead were told."""

    customer: UUID
    due_on: dt.date


@fact("site_visit.planned")
@dataclass(frozen=True, slots=True)
class SiteVisitPlanned:
    """A visit at a customer's place is planned (CUS-13)."""

    customer: UUID
    person: UUID
    purpose: str
    planned_on: dt.date


@fact("site_visit.ended")
@dataclass(frozen=True, slots=True)
class SiteVisitEnded:
    """A visit at a customer's place took place, or was cancelled."""

    customer: UUID
    is_done: bool


@fact("notice.announced")
@dataclass(frozen=True, slots=True)
class NoticeAnnounced:
    """A notice is to be told to the customers of segments (CUS-12): so many of them."""

    unit: str
    segments: tuple[str, ...]
    customers: int


@fact("notice.told")
@dataclass(frozen=True, slots=True)
class NoticeTold:
    """A notice reached one customer."""

    announcement: UUID
    customer: UUID
    in_time: bool


@fact("special_care.noted")
@dataclass(frozen=True, slots=True)
class SpecialCareNoted:
    """The checklist of a customer who needs special care was filled (CUS-08); `left_out` counts what was not done."""

    customer: UUID
    done: tuple[str, ...]
    left_out: tuple[str, ...]
    case: UUID | None
