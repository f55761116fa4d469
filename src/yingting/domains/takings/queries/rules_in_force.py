"""The list of payment methods, as a rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.kernel.shapes import Named, codes_once, said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class PaymentMethods:
    """The ways in which customers of a hall can pay."""

    methods: tuple[Named, ...] = said(_("Payment methods"), default=())


def _problems(rule: PaymentMethods, _path: str) -> Iterable[Problem]:
    yield from codes_once((method.code for method in rule.methods), "methods")


METHODS: Kind[PaymentMethods] = declare(
    Kind(
        "takings.methods",
        _("Payment methods"),
        _("How customers of a hall can pay; the day's takings are counted by these."),
        PaymentMethods,
        PaymentMethods(
            (
                Named("cash", "现金", "Cash"),
                Named("wechat", "微信支付", "WeChat Pay"),
                Named("alipay", "支付宝", "Alipay"),
                Named("quickpass", "云闪付", "UnionPay QuickPass"),
                Named("card", "银行卡", "Bank card"),
                Named("ecny", "数字人民币", "e-CNY"),
            )
        ),
        _("SLF-05 asks for mobile payment; the usual methods in halls, an assumption."),
        Permission.HALL_CONFIGURE,
        check=_problems,
        position=41,
    )
)
