"""Facts of voices: ids, codes and days; the words stay in the tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("suggestion.made")
@dataclass(frozen=True, slots=True)
class SuggestionMade:
    """A member of staff left a suggestion (VOX-01); its case has the clocks. `shared` is the unit whose people may read it."""

    case: UUID
    kind: str
    shared: str
    is_named: bool
    campaign: UUID | None


@fact("suggestion.supported")
@dataclass(frozen=True, slots=True)
class SuggestionSupported:
    """A colleague gave a suggestion their vote, or took it back; `votes` is how many there are now."""

    supports: bool
    votes: int


@fact("suggestion.joined")
@dataclass(frozen=True, slots=True)
class SuggestionJoined:
    """A suggestion went into an earlier one that says the same; so many votes came along. Both names stay."""

    into: UUID
    votes: int


@fact("suggestion.judged")
@dataclass(frozen=True, slots=True)
class SuggestionJudged:
    """A suggestion was answered: adopted, partly or not (VOX-02); everybody who supported it was told."""

    judgement: str
    votes: int


@fact("suggestion.measured")
@dataclass(frozen=True, slots=True)
class SuggestionMeasured:
    """An indicator was compared before and after an adopted suggestion was carried out (VOX-03)."""

    indicator: str
    verdict: str


@fact("campaign.opened")
@dataclass(frozen=True, slots=True)
class CampaignOpened:
    """A campaign for suggestions was announced for a unit and all below it (VOX-02)."""

    unit: str
    first: dt.date
    last: dt.date


@fact("campaign.thanked")
@dataclass(frozen=True, slots=True)
class CampaignThanked:
    """Who leads a campaign thanked those who took part."""


@fact("consultation.opened")
@dataclass(frozen=True, slots=True)
class ConsultationOpened:
    """A draft was put before people of the front line and others (VOX-04). `rule` is "" for a measure that is a text only."""

    unit: str
    rule: str
    key: str
    digest: str
    closes_on: dt.date
    asked: int
    front: int


@fact("consultation.answered")
@dataclass(frozen=True, slots=True)
class ConsultationAnswered:
    """Somebody who was asked said what they think of the draft: agree, change or against."""

    invitation: UUID
    stance: str


@fact("consultation.comment_settled")
@dataclass(frozen=True, slots=True)
class CommentSettled:
    """It was said what became of a comment: taken, partly or not."""

    invitation: UUID
    outcome: str


@fact("consultation.ended")
@dataclass(frozen=True, slots=True)
class ConsultationEnded:
    """A consultation was finished with a summary, or given up. So many answered, so many of them of the front line."""

    state: str
    answered: int
    front: int


@fact("rule.grounded")
@dataclass(frozen=True, slots=True)
class RuleGrounded:
    """A version of a rule was published upon a consultation, or (`consultation` none) in an emergency without one: why, stands
    in `urgent`.
    """

    version: UUID
    consultation: UUID | None
    is_as_drafted: bool
    urgent: str


@fact("order.issued")
@dataclass(frozen=True, slots=True)
class OrderIssued:
    """An order, or a version of a rule, has to be confirmed by people of a unit (VOX-08)."""

    unit: str
    version: UUID | None
    roles: tuple[str, ...]
    confirm_by: dt.datetime


@fact("order.confirmed")
@dataclass(frozen=True, slots=True)
class OrderConfirmed:
    """Somebody confirmed that they have read an order."""

    person: UUID
    is_late: bool


@fact("order.ran_over")
@dataclass(frozen=True, slots=True)
class OrderRanOver:
    """The time to confirm an order was over; so many of those who got it had not."""

    missing: int


@fact("order.withdrawn")
@dataclass(frozen=True, slots=True)
class OrderWithdrawn:
    """An order holds no longer; nobody has to confirm it."""

    reason: str


@fact("order.checked")
@dataclass(frozen=True, slots=True)
class OrderChecked:
    """Somebody else looked whether an order is complied with at a place: on the spot, or by an indicator. What is not becomes a
    case.
    """

    unit: str
    complied: bool
    indicator: str
    case: UUID | None
