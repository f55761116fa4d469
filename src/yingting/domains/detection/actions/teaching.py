"""Learning a model of categories from an operator's own closed cases. It runs in the worker."""

from __future__ import annotations

import datetime as dt

from yingting.domains.cases.facade import CATEGORIES, rule_of, said_and_classified
from yingting.domains.detection.facts import SuggestionModelLearnt
from yingting.domains.detection.models import SuggestionModel
from yingting.domains.detection.queries.rules_in_force import SUGGESTING
from yingting.domains.detection.queries.suggestions import hash_keys
from yingting.domains.detection.rules.guessing import as_bytes
from yingting.domains.detection.rules.learning import Example, learn
from yingting.domains.detection.rules.shapes import Verdict
from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import HALL_UNKNOWN, require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def teach(*, unit: str, actor: Actor, now: dt.datetime) -> Verdict:
    """Learn anew from the closed cases of a unit (by path) and keep the model with its figures, whether it may suggest or not.

    Raises Refusal hall.unknown, access.refused.
    """
    place = Unit.objects.filter(path=unit).first()
    if place is None:
        raise Refusal(HALL_UNKNOWN)
    require(actor, Permission.CASE_CONFIGURE, unit)
    rule = in_force(SUGGESTING, path=unit, day=local_day(now)).rule
    known = {one.code for one in rule_of(CATEGORIES, unit, local_day(now)).categories}
    said = [one for one in said_and_classified(unit, rule.most_cases) if one.category in known]
    mark, key = next(iter(hash_keys().items()))
    learnt = learn([Example(one.text, one.category) for one in said], rule, key)
    with writing():
        # Locked: two who teach at once get two numbers.
        Unit.objects.select_for_update(no_key=True).get(pk=place.pk)
        earlier = SuggestionModel.objects.filter(unit=place)
        number = (earlier.values_list("number", flat=True).first() or 0) + 1
        # Weights of earlier ones go, their figures stay.
        earlier.update(numbers=b"")
        row = SuggestionModel.objects.create(
            unit=place, number=number, learnt_at=now, by_label=actor.label, verdict=learnt.verdict.value,
            first_day=local_day(said[0].at) if said else None, last_day=local_day(said[-1].at) if said else None,
            categories=list(learnt.model.categories) if learnt.model else [], warmth=learnt.model.warmth if learnt.model else 1.0,
            numbers=as_bytes(learnt.model) if learnt.model else b"", key_mark=mark, figures=learnt.figures.as_data(),
        )  # fmt: skip
        fact = SuggestionModelLearnt(unit, number, learnt.verdict.value, learnt.figures.learnt, learnt.figures.measured)
        record(fact, subject=row.pk, actor=actor, now=now)
    return learnt.verdict
