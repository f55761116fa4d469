"""The rows that a day puts into the lake: what began on it as it stands now, whenever what changed it happened."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yingting.domains.cases.models import Clock, Remedy
from yingting.domains.voices.models import (
    ComplianceCheck,
    ConsultationState,
    Effect,
    Invitation,
    Order,
    Receipt,
    Suggestion,
)
from yingting.domains.voices.tables import CHECKS, CONSULTED, RECEIPTS, SUGGESTIONS
from yingting.foundation.calendars.reading import day_span
from yingting.foundation.lake.filling import DayRows
from yingting.foundation.lake.offices import is_office
from yingting.foundation.sites.models import Hall
from yingting.indicators.before_after import Verdict

Row = dict[str, Any]


def rows_of_day(place: UUID, code: str, day: dt.date) -> DayRows:
    """Return the rows of all tables for what began on a day at a hall (`code` is its code), or at a unit without one (its path)."""
    path = code if is_office(code) else Hall.objects.values_list("unit__path", flat=True).get(pk=place)
    begins, ends = day_span(path, day, day)
    here = {"hall": code, "business_day": day}
    at_place = Q(unit__path=path, at__gte=begins, at__lt=ends)
    return {
        SUGGESTIONS: [here | row for row in _suggestions(place, day)],
        CONSULTED: [here | row for row in _consulted(path, begins, ends)],
        RECEIPTS: [here | row for row in _receipts(Order.objects.filter(at_place))],
        CHECKS: [here | row for row in _checks(ComplianceCheck.objects.filter(at_place))],
    }


def _suggestions(place: UUID, day: dt.date) -> list[Row]:
    answer = Clock.objects.filter(case=OuterRef("case"), sort="rule", code="answer")
    rows = (
        Suggestion.objects.filter(Q(case__hall=place) | Q(case__hall__isnull=True, case__unit=place), case__business_day=day)
        .select_related("case", "author")
        .annotate(
            ran_over=Exists(answer.filter(breached_at__isnull=False)),
            is_acted=Exists(Remedy.objects.filter(case=OuterRef("case"))),
            is_measured=Exists(Effect.objects.filter(suggestion=OuterRef("pk")).exclude(verdict=Verdict.NOT_RATED.value)),
        )
        .order_by("case__number")
    )  # fmt: skip
    return [
        {
            "suggestion": row.case.number, "idea": row.kind, "clerk": row.author.staff_no if row.is_named else None,
            "is_joined": row.joined_into_id is not None, "votes": row.votes, "judgement": row.judgement, "judged_at": row.judged_at,
            "is_in_time": False if row.ran_over else True if row.judged_at else None, "is_acted": row.is_acted,
            "is_measured": row.is_measured,
        }
        for row in rows
    ]  # fmt: skip


def _consulted(path: str, begins: dt.datetime, ends: dt.datetime) -> list[Row]:
    rows = Invitation.objects.filter(
        consultation__unit__path=path, consultation__opened_at__gte=begins, consultation__opened_at__lt=ends
    ).select_related("consultation")
    return [
        {
            "invitation": str(row.pk), "rule_kind": row.consultation.rule_kind, "is_front": row.is_front,
            "is_finished": row.consultation.state == ConsultationState.FINISHED, "stance": row.stance,
        }
        for row in rows.order_by("pk")
    ]  # fmt: skip


def _receipts(orders: QuerySet[Order]) -> list[Row]:
    held = orders.filter(withdrawn_at__isnull=True)
    rows = Receipt.objects.filter(order__in=held).select_related("order", "person")
    return [
        {
            "receipt": str(row.pk), "is_rule": row.order.version_id is not None, "clerk": row.person.staff_no,
            "confirmed_at": row.confirmed_at, "is_in_time": _in_time(row),
        }
        for row in rows.order_by("pk")
    ]  # fmt: skip


def _in_time(row: Receipt) -> bool | None:
    if row.confirmed_at is not None:
        return row.confirmed_at <= row.order.confirm_by
    return False if row.order.ran_over_at else None


def _checks(rows: QuerySet[ComplianceCheck]) -> list[Row]:
    return [
        {
            "check": str(row.pk), "is_rule": row.order.version_id is not None, "by_indicator": bool(row.indicator),
            "complied": row.complied,
        }
        for row in rows.select_related("order").order_by("pk")
    ]  # fmt: skip
