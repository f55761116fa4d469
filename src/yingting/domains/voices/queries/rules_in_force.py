"""The rules of voices, declared: suggestions, consultations, orders. Read by unit and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext

from yingting.domains.voices.rules import Concern, Consulting, Ordering, Suggesting
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare, kinds, offer
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.shapes import Named, codes_once
from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.limits import problems_of

# What people are paid and judged by: VOX-04 names 考核办法 first. A province adds what it wants to ask about besides.
PERFORMANCE = ("evidence.scorecard", "evidence.score_terms")


def _limit_problems(rule: Ordering, _path: str) -> Iterable[Problem]:
    yield from (("limit", sentence, params) for _field, sentence, params in problems_of(rule.limit))
    yield from codes_once((one.kind for one in rule.concerns), "concerns")


SUGGESTING: Kind[Suggesting] = declare(
    Kind(
        "voices.suggesting",
        _("Suggestions of staff"),
        _("Which kinds there are, and who may read and support them."),
        Suggesting,
        Suggesting(
            (
                Named("idea", "服务观念", "Idea"),
                Named("measure", "服务举措", "Measure"),
                Named("technique", "服务技巧", "Technique"),
            )
        ),
        _("The kinds: VOX-06. The rest are assumptions of ours."),
        Permission.CASE_CONFIGURE,
        check=lambda rule, _path: codes_once((one.code for one in rule.kinds), "kinds"),
        position=70,
    )
)
CONSULTING: Kind[Consulting] = declare(
    Kind(
        "voices.consultation",
        _("Consultation before a rule"),
        _("Which rules are put before people of the front line before they are published, and before how many."),
        Consulting,
        Consulting(PERFORMANCE, ("clerk", "guide")),
        _(
            "VOX-04: what people are judged by is discussed with those who deal with customers. The numbers are assumptions of ours."
        ),
        Permission.CASE_CONFIGURE,
        position=71,
    )
)
ORDERING: Kind[Ordering] = declare(
    Kind(
        "voices.orders",
        _("Orders and receipts"),
        _("Which rules have to be read and confirmed, by when, and when compliance is looked at."),
        Ordering,
        Ordering(tuple(Concern(kind) for kind in (*PERFORMANCE, "service.limits", "cases.process"))),
        _("VOX-08. The numbers are assumptions of ours."),
        Permission.CASE_CONFIGURE,
        check=_limit_problems,
        position=72,
    )
)


def offer_lists() -> None:
    """Offer the list of all kinds of rule."""
    offer("voices.rule_kinds", lambda _path: [(kind.code, gettext(kind.title)) for kind in kinds().values()])


def suggesting(path: str, day: dt.date) -> Suggesting:
    """Return how suggestions are made at a unit."""
    return in_force(SUGGESTING, path=path, day=day).rule


def consulting(path: str, day: dt.date) -> Consulting:
    """Return how rules are consulted on at a unit."""
    return in_force(CONSULTING, path=path, day=day).rule


def ordering(path: str, day: dt.date) -> Ordering:
    """Return how orders are confirmed at a unit."""
    return in_force(ORDERING, path=path, day=day).rule
