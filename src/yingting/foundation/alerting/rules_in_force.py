"""The rule of alerts on indicators, declared, and the lists that it chooses from."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from yingting.foundation.alerting.rules import AlertsRule, Watch
from yingting.foundation.people.models import Role
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.kernel.shapes import codes_once
from yingting.kernel.words import gettext_noop as _

SHIPPED = AlertsRule(
    watches=(
        Watch("wait_share", "queueing.wait_within_limit", days=2),
        Watch("abandonment", "queueing.abandonment", days=3),
    )
)


def _problems(rule: AlertsRule, _path: str) -> Iterable[Problem]:
    yield from codes_once((watch.code for watch in rule.watches), "watches")


def _indicators(_path: str) -> list[Choice]:
    # Ibis and DuckDB come along; only the page that edits this rule waits for them.
    from yingting.foundation.lake.declared import declared

    return [(key, gettext(indicator.title)) for key, (indicator, _set) in declared().items() if indicator.better_is]


def _roles(_path: str) -> list[Choice]:
    return [(role.key, role.name) for role in Role.objects.all()]


ALERTS = declare(
    Kind(
        code="evidence.alerts",
        title=_("Alerts on indicators"),
        purpose=_("Which indicators are watched day by day, when people are told, and who."),
        shape=AlertsRule,
        shipped=SHIPPED,
        source=_("Ours, to be set by each unit. A single day tells little, so two or three in a row are asked for."),
        permission=Permission.HALL_CONFIGURE,
        check=_problems,
        position=81,
    )
)


def offer_lists() -> None:
    """Offer the indicators that have a better side, and the roles."""
    offer("alerting.indicators", _indicators)
    offer("alerting.roles", _roles)
