"""The rules of personal data, declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yingting.foundation.days import local_day
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.shapes import RetentionClass, RetentionRule, RevealRule
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.shapes import Named, codes_once
from yingting.kernel.words import gettext_noop as _

REASONS = (
    Named("callback", "回访或联系客户", "To call the customer back"),
    Named("verify", "核实身份", "To verify who it is"),
    Named("handling", "办理业务或工单", "To handle the business or the case"),
    Named("authority", "监管或司法机关调取", "Asked for by an authority"),
    Named("rights", "客户本人查询、更正或删除", "Asked for by the customer in person"),
    Named("audit", "稽核检查", "For an audit"),
)
# Codes that holders of the house name; an installation may add its own and change the times.
CASE, CUSTOMER, DISCLOSURE, PROOF, BOOKING = "case", "customer", "disclosure", "proof", "booking"
CLASSES = (
    RetentionClass(CASE, "工单中的客户信息", "Customers in cases", 36, "办结之日 · the day it was closed",
                   "个人信息保护法第19条（最短必要时间）；消费投诉受理时限3年，12315办法第15条"),
    RetentionClass(CUSTOMER, "客户档案", "Customer files", 24, "最后一次办理之日 · the last visit",
                   "个人信息保护法第19条（最短必要时间）"),
    RetentionClass(BOOKING, "预约信息", "Bookings", 6, "预约结束之日 · the day the booking ended",
                   "个人信息保护法第19条（最短必要时间）"),
    RetentionClass(PROOF, "佐证材料", "Proof: photos, recordings, documents", 36, "所属记录办结之日 · the end of its record",
                   "个人信息保护法第19条；与所属记录同期"),
    RetentionClass(DISCLOSURE, "查看与导出的说明文字", "Notes of reveals and exports", 36, "记录之日 · the day it was recorded",
                   "个人信息保护法第56条（处理情况记录至少保存三年）", on_request=False),
)  # fmt: skip


def _reveal_problems(rule: RevealRule, _path: str) -> Iterable[Problem]:
    yield from codes_once((reason.code for reason in rule.reasons), "reasons")
    if not rule.reasons:
        yield "reasons", _("Name at least one reason; without one nothing can be revealed."), {}


def _retention_problems(rule: RetentionRule, _path: str) -> Iterable[Problem]:
    yield from codes_once((row.code for row in rule.classes), "classes")
    for row in rule.classes:
        if not row.basis.strip():
            yield "classes", _("“%(code)s” needs its legal basis."), {"code": row.code}


REVEALS = declare(
    Kind(
        code="privacy.reveals",
        title=_("Reveals of personal data"),
        purpose=_("Why masked values may be revealed, how long they are shown, and how many an hour are told of."),
        shape=RevealRule,
        shipped=RevealRule(reasons=REASONS),
        source=_("Reasons and numbers are ours; the duty to limit and record access is PIPL art. 51 and 56."),
        permission=Permission.PRIVACY_RETAIN,
        check=_reveal_problems,
        position=84,
    )
)
RETENTION = declare(
    Kind(
        code="privacy.retention",
        title=_("Retention of personal data"),
        purpose=_("How long each class of personal data is kept after what, on what legal basis, and what happens then."),
        shape=RetentionRule,
        shipped=RetentionRule(classes=CLASSES),
        source=_("PIPL art. 19 asks for the shortest time needed and names none; the months are ours unless a law is named."),
        permission=Permission.PRIVACY_RETAIN,
        check=_retention_problems,
        position=85,
    )
)  # fmt: skip


def reveal_rule(path: str, now: dt.datetime) -> RevealRule:
    """Return the rule of reveals for a unit."""
    return in_force(REVEALS, path=path, day=local_day(now)).rule
