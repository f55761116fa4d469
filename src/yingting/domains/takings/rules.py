"""Pure decisions about takings: reading amounts, and which entries count."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from yingting.domains.takings.refusals import AMOUNT_WRONG
from yingting.kernel.refusals import Refusal

ENTERED_BACK = dt.timedelta(days=31)
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


def cents(text: str) -> int:
    """Return an amount as cents. Raises Refusal takings.amount_wrong.

    >>> cents("1,234.5"), cents(" 80 ")
    (123450, 8000)
    """
    plain = text.strip().replace(",", "").replace("，", "")
    if not _AMOUNT.fullmatch(plain):
        raise Refusal(AMOUNT_WRONG, value=text[:20])
    return int(Decimal(plain) * 100)


def added(entries: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the amounts of several days together, by method.

    >>> added([{"cash": 100}, {"cash": 50, "card": 1}])
    {'cash': 150, 'card': 1}
    """
    total: dict[str, int] = {}
    for amounts in entries:
        for method, amount in amounts.items():
            total[method] = total.get(method, 0) + amount
    return total
