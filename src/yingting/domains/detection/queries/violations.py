"""What a violation that the house found is registered with."""

from __future__ import annotations

from uuid import UUID

from yingting.domains.cases.facade import Intake, unit_at
from yingting.domains.detection.rules.shapes import Unaware
from yingting.foundation.people.models import Person


def violation(text: str, person: Person, rule: Unaware, origin_kind: str, origin: UUID) -> Intake:
    """Return what is known of a violation that the house found; once for each origin. It is led at the rule's level."""
    return Intake(
        unit_at(person.unit.path, rule.level), rule.channel, text, process=rule.process, category=rule.prohibition,
        about_person=person.pk, origin_kind=origin_kind, origin=origin, client_id=origin,
    )  # fmt: skip
