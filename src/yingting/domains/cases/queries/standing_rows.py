"""The rows behind a number of the standing: the same conditions, as lines of the queue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import F, Q, QuerySet

from yingting.domains.cases.models import Case, Promise
from yingting.domains.cases.queries.rules_in_force import STANDING, rule_of
from yingting.domains.cases.queries.standing import (
    LEVELS,
    Place,
    aged,
    due_today,
    late_by,
    open_below,
    overdue,
    repeats,
)
from yingting.domains.cases.refusals import CHOICE_UNKNOWN
from yingting.foundation.days import local_day
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

OF = _("Measure")


def rows_of(place: Place, asked: Mapping[str, str], now: dt.datetime) -> QuerySet[Case]:
    """Return the open cases behind a number: `of` names it ("overdue", "age_2", "level_city"), `process`, `step` and `owner`
    narrow it. Raises Refusal case.choice_unknown.
    """
    path = place.unit.path
    rule = rule_of(STANDING, path, local_day(now))
    late = Q(kept__isnull=True, due_at__lt=now)
    promises = Promise.objects.filter(case__unit__path__startswith=path)
    conditions = {
        "": Q(), "overdue": overdue(now), "today": due_today(path, now), "bounced": Q(bounces__gt=0),
        "reopened": Q(cycle__gt=1), "repeats": Q(pk__in=repeats(path).values("pk")),
        "promised": Q(pk__in=promises.filter(kept__isnull=True).exclude(late).values("case")),
        "broken": Q(pk__in=promises.filter(late | Q(kept=False)).values("case")),
        **{f"level_{level}": Q(told_level=level) for level in LEVELS},
        **{f"age_{band}": aged(rule, band, now) for band in range(len(rule.ages) + 1)},
        **{f"late_{band}": late_by(rule, band, now) for band in range(len(rule.ages) + 1)},
    }  # fmt: skip
    if asked.get("of", "") not in conditions:
        raise Refusal(CHOICE_UNKNOWN, field=OF)
    narrowed = {name: asked[name] for name in ("process", "step") if asked.get(name)}
    if asked.get("owner"):
        narrowed["owner__staff_no"] = asked["owner"]
    rows = open_below(path).filter(conditions[asked.get("of", "")], **narrowed)
    return rows.order_by(F("next_due_at").asc(nulls_last=True), "registered_at", "pk")
