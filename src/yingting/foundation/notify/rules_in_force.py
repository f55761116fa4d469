"""The rule of delivery, declared."""

from __future__ import annotations

from collections.abc import Iterable

from yingting.foundation.notify.rules import DeliveryRule, Severity
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.kernel.words import gettext_noop as _


def _problems(rule: DeliveryRule, _path: str) -> Iterable[Problem]:
    if rule.gathered is Severity.URGENT:
        yield "gathered", _("Urgent messages never wait for a digest."), {}
    if rule.keep_unread_days < rule.keep_read_days:
        yield "keep_unread_days", _("Unread messages are kept at least as long as read ones."), {}


DELIVERY = declare(
    Kind(
        code="notify.delivery",
        title=_("Messages"),
        purpose=_("Quiet hours, digests, how many at most, retries, and how long messages are kept."),
        shape=DeliveryRule,
        shipped=DeliveryRule(),
        source=_(
            "No text names these; they are ours: no robot rings at night, and no more than six of a kind in an hour."
        ),
        permission=Permission.NOTIFY_CONFIGURE,
        check=_problems,
        position=80,
    )
)
