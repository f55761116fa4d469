"""Periods by name, and values between text and whole amounts (money in fen). Nothing is read or written here."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from yingting.foundation.lake.figures.kinds import EnteredIndicator, FigureUnit, Length
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

VALUE_WRONG = declare("figure.value_wrong", _("“%(value)s” is no number. Write it as 1234.5."), status=422)
TOO_FINE = declare("figure.too_fine", _("“%(name)s” has at most %(decimals)s decimal places."), status=422)
OUTSIDE = declare("figure.outside", _("“%(name)s” lies between %(low)s and %(high)s."), status=422)
PERIOD_WRONG = declare(
    "figure.period_wrong",
    _("“%(value)s” is no period. Write a month as 2026-01, a quarter as 2026-Q1, a year as 2026."),
    status=422,
)
PERIOD_UNFIT = declare("figure.period_unfit", _("“%(name)s” is entered by %(length)s."), status=422)

_NUMBER = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{1,9})?")
_PERIOD = re.compile(r"([0-9]{4})(?:-(?:(0[1-9]|1[0-2])|[Qq]([1-4])))?")
_MONTHS = {Length.MONTH: 1, Length.QUARTER: 3, Length.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class FigurePeriod:
    """The days for which a value holds, first and last included: a calendar month, quarter or year."""

    first: dt.date
    last: dt.date

    def __str__(self) -> str:
        months = (self.last.month - self.first.month) + 1
        if months == 12:
            return f"{self.first:%Y}"
        return f"{self.first:%Y-%m}" if months == 1 else f"{self.first:%Y}-Q{self.first.month // 3 + 1}"


def period_with(day: dt.date, length: Length) -> FigurePeriod:
    """Return the period of a length in which a day lies.

    >>> str(period_with(dt.date(2026, 5, 9), Length.QUARTER)), period_with(dt.date(2026, 12, 9), Length.MONTH).last
    ('2026-Q2', datetime.date(2026, 12, 31))
    """
    months = _MONTHS[length]
    first = (day.month - 1) // months * months
    after = day.year * 12 + first + months
    return FigurePeriod(dt.date(day.year, first + 1, 1), dt.date(after // 12, after % 12 + 1, 1) - dt.timedelta(days=1))


def whole_months(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """Return the first days of the months that make up the days; none where a month is cut.

    >>> [month.month for month in whole_months(dt.date(2025, 12, 1), dt.date(2026, 2, 28))]
    [12, 1, 2]
    >>> whole_months(dt.date(2026, 1, 1), dt.date(2026, 1, 30))
    ()
    """
    after = last + dt.timedelta(days=1)
    if first.day != 1 or after.day != 1:
        return ()
    numbers = range(first.year * 12 + first.month - 1, after.year * 12 + after.month - 1)
    return tuple(dt.date(number // 12, number % 12 + 1, 1) for number in numbers)


def period_of(text: str) -> tuple[FigurePeriod, Length]:
    """Read a period. Raises Refusal figure.period_wrong.

    >>> [str(period_of(text)[0]) for text in ("2026-01", "2026-Q1", "2026")]
    ['2026-01', '2026-Q1', '2026']
    """
    found = _PERIOD.fullmatch(text.strip())
    if not found or found[1] == "0000" or found[1] == "9999":
        raise Refusal(PERIOD_WRONG, value=text[:20])
    year, month, quarter = found.groups()
    length = Length.MONTH if month else Length.QUARTER if quarter else Length.YEAR
    start = int(month) if month else int(quarter) * 3 if quarter else 1
    return period_with(dt.date(int(year), start, 1), length), length


def fitting_period(text: str, indicator: EnteredIndicator) -> FigurePeriod:
    """Read a period of the indicator's length. Raises Refusal figure.period_wrong, figure.period_unfit."""
    period, length = period_of(text)
    if length is not indicator.length:
        raise Refusal(PERIOD_UNFIT, name=indicator.name, length=gettext(indicator.length.title))
    return period


def amount_of(text: str, indicator: EnteredIndicator) -> int:
    """Return a value as a whole amount in the last decimal place; money in fen.

    Raises Refusal figure.value_wrong, figure.too_fine, figure.outside.

    >>> from yingting.foundation.lake.figures.kinds import SHIPPED
    >>> amount_of(" 1,234.5 ", SHIPPED.find("cost.running")), amount_of("23.4%", SHIPPED.find("market.share"))
    (123450, 234)
    """
    plain = text.strip().replace(",", "").replace("，", "").replace("％", "%")
    if indicator.unit is FigureUnit.PERCENT:
        plain = plain.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(plain):
        raise Refusal(VALUE_WRONG, value=text[:20])
    value = Decimal(plain)
    if not Decimal(str(indicator.low)) <= value <= Decimal(str(indicator.high)):
        raise Refusal(OUTSIDE, name=indicator.name, low=f"{indicator.low:,.10g}", high=f"{indicator.high:,.10g}")
    amount = value.scaleb(indicator.scale)
    if amount != int(amount):
        raise Refusal(TOO_FINE, name=indicator.name, decimals=indicator.scale)
    return int(amount)


def value_of(amount: int, scale: int) -> Decimal:
    """Return the value that an amount stands for.

    >>> value_of(123450, 2)
    Decimal('1234.50')
    """
    return Decimal(amount).scaleb(-scale)
