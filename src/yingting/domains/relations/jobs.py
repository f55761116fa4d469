"""What the worker does for relations, each night and during the day."""

from __future__ import annotations

from yingting.domains.cases.facade import house_now
from yingting.domains.relations.actions.caring import find_due, note_late_care
from yingting.domains.relations.actions.counting import count_frequent, measure_effects
from yingting.domains.relations.actions.entitling import end_entitlements
from yingting.domains.relations.actions.leading import remind_of_leads
from yingting.domains.relations.actions.managing import plan_regular_visits
from yingting.kernel.actors import SYSTEM


def look_after_customers() -> int:
    """Do what is due once a day, as often as it is asked: count frequent visitors, measure effects, find care and visits that are
    due, end entitlements, tell of overdue leads; return how many things changed.
    """
    now = house_now()
    acts = (
        count_frequent,
        measure_effects,
        find_due,
        note_late_care,
        plan_regular_visits,
        end_entitlements,
        remind_of_leads,
    )
    return sum(act(actor=SYSTEM, now=now) for act in acts)
