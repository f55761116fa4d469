"""What is shipped about business: the restricted list and the sheets of usual businesses, by the usual codes.

The operator's document speaks of five classes and fifteen items (QUE-19) without naming them all. Named are recharging except
prepayment (QUE-10), queries (QUE-11), kits for new numbers (QUE-12), terminals and the online hall (QUE-21); the list here is
a usual one around these, and is data: every operator writes its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from yingting.domains.queueing.contracts import (
    BusinessSheet,
    Channel,
    Operation,
    OperationRow,
    SteeringRule,
    Step,
    Verification,
)
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _

# What the document counts (QUE-19); the check of completeness compares with it.
CLASSES, ITEMS = 5, 15


@dataclass(frozen=True, slots=True)
class RestrictedItem:
    """One item of restricted business, in its class."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"))
    group: str = said(_("Class"))
    group_en: str = said(_("Class, in English"))


@dataclass(frozen=True, slots=True)
class RestrictedList:
    """The business that is steered to other channels when a hall is forced."""

    items: tuple[RestrictedItem, ...] = said(_("Items"))


_GROUPS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = (
    ("充值缴费", "Paying", (
        ("recharge", "话费充值", "Top up"), ("arrears", "欠费补缴", "Pay arrears"), ("voucher", "充值卡充值", "Top up by voucher"),
    )),
    ("查询", "Queries", (
        ("bill", "账单详单查询", "Bills and call lists"), ("balance", "余额积分查询", "Balance and points"),
        ("allowance", "套餐余量查询", "What is left of the plan"),
    )),
    ("打印", "Printing", (
        ("invoice", "发票打印", "Invoices"), ("list", "账单详单打印", "Printed bills"), ("receipt", "业务凭证补打", "Receipts again"),
    )),
    ("简单变更", "Simple changes", (
        ("data-pack", "流量包订退", "Data packs"), ("value-added", "增值业务订退", "Value-added services"),
        ("functions", "基础功能开关", "Basic functions on and off"),
    )),
    ("自助入网", "Starting by oneself", (
        ("kit", "套卡入网", "New number from a kit"), ("activation", "新卡激活", "Activate a card"),
        ("app", "网厅掌厅注册", "Sign up online"),
    )),
)  # fmt: skip
RESTRICTED = RestrictedList(
    tuple(
        RestrictedItem(code, name, name_en, group, group_en)
        for group, group_en, items in _GROUPS
        for code, name, name_en in items
    )
)

STEERING = SteeringRule(
    reasons=(
        Step("不会操作自助机", "I cannot use the machine"),
        Step("自助机坏了或要等", "The machine is broken or busy"),
        Step("要用现金", "I pay cash"),
        Step("想当面问清楚", "I want to ask in person"),
    )
)


def _rows(*, self_service: bool, online: bool, roving: bool = False) -> tuple[OperationRow, ...]:
    return tuple(OperationRow(operation, True, self_service, online, roving) for operation in Operation)


def _terminal(*items: str, minutes: int = 1) -> BusinessSheet:
    return BusinessSheet(
        operations=_rows(self_service=True, online=True, roving=True), restricted=items, other_channel=Channel.SELF_SERVICE,
        other_place="大厅自助服务区", other_place_en="the self-service area", other_minutes=minutes,
        script="现在人多，自助机办这项更快；需要的话同事陪您操作。",
        script_en="The hall is busy and the machine is faster for this. A colleague can help you with it.",
    )  # fmt: skip


def _online(*items: str) -> BusinessSheet:
    return replace(
        _terminal(*items, minutes=2), other_channel=Channel.ONLINE, other_place="手机网上营业厅", other_place_en="the online hall",
        script="现在人多，这项在手机上就能办；需要的话同事陪您操作。",
        script_en="The hall is busy and your phone can do this. A colleague can help you with it.",
    )  # fmt: skip


def _complex(*steps: tuple[str, str]) -> BusinessSheet:
    return BusinessSheet(
        operations=_rows(self_service=False, online=False), is_complex=True,
        preparation=tuple(Step(words, words_en) for words, words_en in steps),
    )  # fmt: skip


_PAPERS = ("核对所带证件", "Check the papers")
_FORM = ("预填受理单", "Fill in the form beforehand")
_PLANS = ("看好套餐并说明资费", "Choose the plan, explain the prices")
_PAY = replace(_terminal("recharge", "arrears", "voucher"), exception="预缴话费", exception_en="Prepayment")
_ROVING = replace(
    _terminal("kit", "activation", minutes=3),
    other_channel=Channel.ROVING,
    other_place="厅内流动同事",
    other_place_en="a colleague in the hall",
)
_SECOND = Verification.SECOND_PERSON

SHEETS: dict[str, BusinessSheet] = {
    "fee": _PAY, "recharge": _PAY, "query": _terminal("bill", "balance", "allowance", minutes=2),
    "invoice": _terminal("invoice", minutes=2), "printing": _terminal("list", "receipt", minutes=2),
    "addon": _online("data-pack", "value-added"), "functions": _online("functions"), "kit": _ROVING, "app": _online("app"),
    "change": _complex(_PAPERS, _PLANS), "open": _complex(_PAPERS, _FORM, _PLANS), "portin": _complex(_PAPERS, _FORM),
    "install": _complex(_PAPERS, _FORM), "family": _complex(_PAPERS, _FORM), "handset": _complex(_PLANS),
    # QUE-38: replacing a card, changing the owner, closing an account, resetting a password.
    "sim": replace(_complex(_PAPERS), is_complex=False, is_risk=True),
    "password": replace(_complex(_PAPERS), is_complex=False, is_risk=True),
    "transfer": replace(_complex(_PAPERS, _FORM), is_risk=True, verification=_SECOND),
    "close": replace(_complex(_PAPERS), is_complex=False, is_risk=True, verification=_SECOND),
}  # fmt: skip
