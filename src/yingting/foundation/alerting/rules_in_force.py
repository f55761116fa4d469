"""The rule of alerts on indicators, declared, and the lists that it chooses from."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from yingting.foundation.alerting.rules import Against, AlertsRule, Span, Watch
from yingting.foundation.notify.words import name, said
from yingting.foundation.people.models import Role
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.kernel.shapes import codes_once
from yingting.kernel.words import gettext_noop as _

SHIPPED = AlertsRule(
    watches=(
        Watch("wait_now", "queueing.wait_mean", span=Span.MINUTES, minimum=10, role="duty_manager"),
        Watch("wait", "queueing.wait_mean", days=2),
        Watch("abandonment", "queueing.abandonment", Against.VALUE, 10.0, days=3),
    )
)


def _problems(rule: AlertsRule, _path: str) -> Iterable[Problem]:
    # Ibis and DuckDB come along; only whoever writes this rule waits for them.
    from yingting.foundation.lake.declared import declared

    yield from codes_once((watch.code for watch in rule.watches), "watches")
    known = declared()
    for watch in rule.watches:
        if watch.indicator not in known:
            continue
        indicator, found = known[watch.indicator]
        title = {"name": gettext(indicator.title)}
        if indicator.better_is is None:
            yield "watches", _("“%(name)s” has no better side, so it cannot be watched."), title
        if watch.span.is_running and found.answer is not None:
            yield "watches", _("“%(name)s” is entered by people, so it cannot be watched on the running day."), title
        elif watch.span is Span.MINUTES and not indicator.moment:
            yield (
                "watches",
                _("“%(name)s” has no moment, so its last minutes cannot be watched; choose the day so far."),
                title,
            )


def _roles(_path: str) -> list[Choice]:
    return [(role.key, str(said(name(role)))) for role in Role.objects.all()]


ALERTS = declare(
    Kind(
        code="evidence.alerts",
        title=_("Alerts on indicators"),
        purpose=_("Which indicators are watched, day by day or live, when people are told, and who."),
        shape=AlertsRule,
        shipped=SHIPPED,
        source=_(
            "Mean wait of 10 minutes, 8 as challenge, and a live alert beyond it: QUE-02. The rest is ours, to be set by each "
            "unit: a single day or a few customers tell little, so two or three days in a row, or ten minutes, are asked for."
        ),
        permission=Permission.HALL_CONFIGURE,
        check=_problems,
        position=81,
    )
)


def offer_lists() -> None:
    """Offer the roles whose holders may be told."""
    offer("alerting.roles", _roles)
