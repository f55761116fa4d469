"""The list of payment methods, as a rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Method:
    """A way in which customers pay."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")


@dataclass(frozen=True, slots=True)
class PaymentMethods:
    """The ways in which customers of a hall can pay."""

    methods: tuple[Method, ...] = said(_("Payment methods"), default=())


def _problems(rule: PaymentMethods, _path: str) -> Iterable[Problem]:
    codes = [method.code.strip() for method in rule.methods]
    if not all(codes):
        yield "methods", _("Every row needs a code."), {}
    for code in sorted({code for code in codes if codes.count(code) > 1 and code}):
        yield "methods", _("The code “%(code)s” is there twice."), {"code": code}


METHODS: Kind[PaymentMethods] = declare(
    Kind(
        "takings.methods",
        _("Payment methods"),
        _("How customers of a hall can pay; the day's takings are counted by these."),
        PaymentMethods,
        PaymentMethods(
            (
                Method("cash", "现金", "Cash"),
                Method("wechat", "微信支付", "WeChat Pay"),
                Method("alipay", "支付宝", "Alipay"),
                Method("quickpass", "云闪付", "UnionPay QuickPass"),
                Method("card", "银行卡", "Bank card"),
                Method("ecny", "数字人民币", "e-CNY"),
            )
        ),
        _("SLF-05 asks for mobile payment; the usual methods in halls, an assumption."),
        Permission.HALL_CONFIGURE,
        check=_problems,
        position=41,
    )
)
