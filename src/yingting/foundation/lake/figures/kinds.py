"""Which figures people enter, as a rule: market share, coverage, word of mouth, the running costs of a hall."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from yingting.foundation.people.permissions import TITLES, Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import UnitLevel
from yingting.kernel.shapes import Named, codes_once, said
from yingting.kernel.words import gettext_noop as _

RUNNING_COST = "cost.running"  # what the cost per ticket is computed from
USERS = "users.served"  # what complaints are set against
_CODE = re.compile(r"[a-z][a-z0-9_.]{0,39}")


class FigureUnit(Enum):
    """What a figure is told in."""

    PERCENT = "percent"
    SCORE = "score"
    COUNT = "count"
    YUAN = "yuan"

    @property
    def title(self) -> str:
        """How it is told."""
        return {"percent": _("percent"), "score": _("points"), "count": _("number"), "yuan": _("yuan")}[self.value]

    @property
    def sign(self) -> str:
        """What stands behind a value; money has its sign before it."""
        return "%" if self is FigureUnit.PERCENT else ""


class Direction(Enum):
    """Which direction is good."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"

    @property
    def title(self) -> str:
        """How it is told."""
        return {"higher": _("higher is better"), "lower": _("lower is better"), "neither": _("neither")}[self.value]


class Length(Enum):
    """How long a period is for which one value is entered."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def title(self) -> str:
        """How it is told."""
        return {"month": _("month"), "quarter": _("quarter"), "year": _("year")}[self.value]


@dataclass(frozen=True, slots=True)
class EnteredIndicator:
    """An indicator whose values people enter. `level` "": for units of every level."""

    code: str = said(_("Code"), help=_("Small letters, digits, dots. It never changes."))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    unit: FigureUnit = said(_("Unit"), default=FigureUnit.PERCENT)
    better: Direction = said(_("Better is"), default=Direction.HIGHER)
    decimals: int = said(_("Decimal places"), low=0, high=4, default=1)
    low: float = said(_("Lowest value"), default=0.0)
    high: float = said(_("Highest value"), default=100.0)
    length: Length = said(_("Period"), default=Length.QUARTER)
    level: str = said(_("For units of the level"), choices="unit_levels", default="")
    department: str = said(_("Owner department"), default="")
    enters: str = said(_("Who may enter it"), choices="permissions", default=Permission.FIGURES_ENTER.value)
    has_competitors: bool = said(_("Also entered for competitors"), default=True)

    @property
    def scale(self) -> int:
        """How many decimal places a stored amount has: money is kept in fen."""
        return 2 if self.unit is FigureUnit.YUAN else self.decimals


@dataclass(frozen=True, slots=True)
class AnnualTarget:
    """What an indicator is to reach in a year."""

    indicator: str = said(_("Code of the indicator"))
    year: int = said(_("Year"), low=2000, high=2100)
    value: float = said(_("Target"))


@dataclass(frozen=True, slots=True)
class EnteredIndicators:
    """The indicators, what they are to reach, and the competitors that they are compared with."""

    indicators: tuple[EnteredIndicator, ...] = said(_("Indicators"), default=())
    targets: tuple[AnnualTarget, ...] = said(_("Annual targets"), default=())
    competitors: tuple[Named, ...] = said(_("Competitors"), default=())

    def find(self, code: str) -> EnteredIndicator | None:
        """Return the indicator with the code."""
        return next((one for one in self.indicators if one.code == code), None)

    def target(self, code: str, year: int) -> Decimal | None:
        """Return what an indicator is to reach in a year."""
        found = next((one.value for one in self.targets if (one.indicator, one.year) == (code, year)), None)
        return None if found is None else Decimal(str(found))


def _problems(rule: EnteredIndicators, _path: str) -> Iterable[Problem]:
    yield from codes_once((one.code for one in rule.indicators), "indicators")
    yield from codes_once((one.code for one in rule.competitors), "competitors")
    for one in rule.indicators:
        if not _CODE.fullmatch(one.code):
            yield "indicators", _("“%(code)s” is no code: small letters, digits and dots."), {"code": one.code}
        if one.low > one.high:
            yield "indicators", _("“%(name)s”: the lowest value is above the highest."), {"name": one.name}
        if one.code == USERS and (one.unit, one.length, one.decimals) != (FigureUnit.COUNT, Length.MONTH, 0):
            yield (
                "indicators",
                _("“%(name)s” is entered as a whole number by month: complaints per ten thousand users need it."),
                {"name": one.name},
            )
        if one.code == RUNNING_COST and (one.unit, one.length) != (FigureUnit.YUAN, Length.MONTH):
            yield (
                "indicators",
                _("“%(name)s” is entered in yuan by month: the cost per ticket needs it."),
                {"name": one.name},
            )
    seen = set()
    for row in rule.targets:
        found = rule.find(row.indicator)
        if found is None or not found.low <= row.value <= found.high:
            yield "targets", _("The target of “%(code)s” fits no indicator of the list."), {"code": row.indicator}
        if (row.indicator, row.year) in seen:
            yield "targets", _("“%(code)s” has two targets for one year."), {"code": row.indicator}
        seen.add((row.indicator, row.year))


_MARKETING, _NETWORK, _SERVICE, _FINANCE = "市场部", "网络部", "客户服务部", "财务部"
SHIPPED = EnteredIndicators(
    (
        EnteredIndicator("market.share", "市场占有率", "Market share", department=_MARKETING),
        EnteredIndicator("resource.coverage", "资源覆盖率", "Resource coverage", department=_NETWORK),
        EnteredIndicator("advertising.reach", "广告覆盖面", "Advertising reach", department=_MARKETING),
        EnteredIndicator("word_of_mouth", "口碑", "Word of mouth", FigureUnit.SCORE, department=_SERVICE),
        EnteredIndicator(
            RUNNING_COST, "营业厅运营成本", "Running costs of the hall", FigureUnit.YUAN, Direction.LOWER, 2, 0.0, 100_000_000.0,
            Length.MONTH, "hall", _FINANCE, has_competitors=False,
        ),
        EnteredIndicator(
            USERS, "在网用户数", "Users", FigureUnit.COUNT, Direction.NEITHER, 0, 0.0, 2_000_000_000.0, Length.MONTH,
            department=_MARKETING, has_competitors=False,
        ),
    ),
    competitors=(
        Named("telecom", "中国电信", "China Telecom"),
        Named("mobile", "中国移动", "China Mobile"),
        Named("unicom", "中国联通", "China Unicom"),
        Named("broadnet", "中国广电", "China Broadnet"),
    ),
)  # fmt: skip

ENTERED: Kind[EnteredIndicators] = declare(
    Kind(
        "evidence.entered_indicators",
        _("Figures entered by people"),
        _("Which figures people enter, by which period, who owns them, their annual targets, and the competitors beside them."),
        EnteredIndicators,
        SHIPPED,
        _("RPT-09 names the first four, cost per ticket needs the fifth, complaints per ten thousand users the sixth; departments, "
          "periods and limits are assumptions. "
          "Of the competitors take your own company out."),
        Permission.HALL_CONFIGURE,
        check=_problems,
        position=43,
    )
)  # fmt: skip


def entered_indicators(path: str, day: dt.date) -> EnteredIndicators:
    """Return what is entered for a unit on a day."""
    return in_force(ENTERED, path=path, day=day).rule


def _levels(_path: str) -> list[Choice]:
    return [(level.value, str(level.label)) for level in UnitLevel]


def _permissions(_path: str) -> list[Choice]:
    from django.utils.translation import gettext

    return [(permission.value, gettext(title)) for permission, title in TITLES.items()]


offer("unit_levels", _levels)
offer("permissions", _permissions)
