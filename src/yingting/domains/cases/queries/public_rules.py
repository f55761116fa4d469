"""The rule of the customers' pages, declared; which channel and process what they leave goes into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yingting.domains.cases.queries.rules_in_force import CHANNELS, OURS, PROCESS_NAMES, rule_of
from yingting.domains.cases.refusals import CHOOSE, PUBLIC_CLOSED
from yingting.domains.cases.rules.around import Channel
from yingting.domains.cases.rules.public import PublicChoice, PublicPages
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import codes_once
from yingting.kernel.words import gettext_noop as _

NOTICE = (
    "您的电话只用于处理这件事：核实情况、告知结果、回访，不作他用。只有处理这件事的人员能看到，查看会留下记录。"
    "事情办结并过了保存期限后，电话和您写的内容会被删除。不留电话也可以反映。"
)
NOTICE_EN = (
    "Your number is used for this matter only: to look into it, to tell you the result, to call you back. Only those who "
    "handle it can see it, and each look is on record. After the matter is closed and the time of keeping is over, the number "
    "and your words are erased. You may also write to us without a number."
)
SHIPPED = PublicPages(
    choices=(
        PublicChoice("grumble", "吐槽", "Grumble", "grumble"),
        PublicChoice("complaint", "投诉", "Complaint"),
        PublicChoice("suggestion", "建议", "Suggestion", "suggestion"),
    ),
    notice=NOTICE,
    notice_en=NOTICE_EN,
)  # fmt: skip


def _problems(rule: PublicPages, _path: str) -> Iterable[Problem]:
    yield from codes_once((one.code for one in rule.choices), "choices")
    if rule.is_open and not (rule.choices and rule.notice.strip() and rule.notice_version.strip()):
        yield "is_open", _("Open pages need something to leave, and the notice with its version."), {}


PUBLIC = declare(
    Kind(
        "cases.public",
        _("Customers' pages"),
        _("What customers may leave on their phones, the notice on their data, and how much at once."),
        PublicPages,
        SHIPPED,
        OURS,
        Permission.CASE_CONFIGURE,
        check=_problems,
        position=66,
    )
)


def public_rule(path: str, day: dt.date) -> PublicPages:
    """Return the rule of the customers' pages of a unit."""
    return rule_of(PUBLIC, path, day)


def open_rule(path: str, day: dt.date) -> PublicPages:
    """Return the rule of the customers' pages of a unit. Raises Refusal case.public_closed where they are not open."""
    rule = public_rule(path, day)
    if not rule.is_open:
        raise Refusal(PUBLIC_CLOSED)
    return rule


def public_channels(path: str, day: dt.date) -> list[str]:
    """Return the codes of the channels that are open to customers, in the order of the rule."""
    return [one.code for one in rule_of(CHANNELS, path, day).channels if one.is_public]


def public_channel(path: str, day: dt.date) -> Channel:
    """Return the channel that is open to customers, the first of them. Raises Refusal case.public_closed."""
    for channel in rule_of(CHANNELS, path, day).channels:
        if channel.is_public:
            return channel
    raise Refusal(PUBLIC_CLOSED)


def process_for(choice: str, path: str, day: dt.date) -> str:
    """Return the process of a choice: its own where the unit has it, else the channel's. Raises Refusal case.choose."""
    wanted = {one.code: one.process for one in open_rule(path, day).choices}
    if choice not in wanted:
        raise Refusal(CHOOSE)
    names = {one.code for one in rule_of(PROCESS_NAMES, path, day).processes}
    return wanted[choice] if wanted[choice] in names else public_channel(path, day).process
