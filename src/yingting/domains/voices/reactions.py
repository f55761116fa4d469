"""What voices does when rules are published: it stands before them, and lets people confirm them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from yingting.domains.voices.actions.consulting import ground
from yingting.domains.voices.actions.ordering import order_of_rule, rule_withdrawn
from yingting.domains.voices.queries.consultations import grounds_of, missing_before
from yingting.foundation.rulebook.guards import Draft, Guard, Remark
from yingting.foundation.rulebook.models import RuleVersion
from yingting.kernel.actors import Actor


def _missing(draft: Draft, now: dt.datetime) -> str:
    return missing_before(draft.kind, draft.path, draft.key, draft.body, now)


def _published(draft: Draft, version: RuleVersion, urgent: str, actor: Actor, now: dt.datetime) -> None:
    ground(draft=draft, version=version, urgent=urgent, actor=actor, now=now)
    order_of_rule(version=version, actor=actor, now=now)


def _withdrawn(version: RuleVersion, actor: Actor, now: dt.datetime) -> None:
    rule_withdrawn(version=version, actor=actor, now=now)


def _remarks(versions: Collection[UUID]) -> dict[UUID, Remark]:
    told = {}
    for row in grounds_of(versions):
        if row.consultation is None:
            text = gettext("Published without a consultation: %(why)s") % {"why": row.urgent}
            told[row.version_id] = Remark(text, reverse("voices:consultations"))
            continue
        text = gettext("As put before the front line: %(title)s") if row.is_as_drafted else gettext(
            "Put before the front line, and changed by their comments: %(title)s"
        )  # fmt: skip
        address = reverse("voices:consultation", args=[row.consultation_id])
        told[row.version_id] = Remark(text % {"title": row.consultation.title}, address)
    return told


CONSULTATION = Guard(_missing, _published, _withdrawn, _remarks, "voices:consultation-new")
