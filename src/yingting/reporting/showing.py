"""How a value is shown, and how it stands against its target: the same words on every screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yingting.foundation.lake.targets import Standard
from yingting.indicators.declaring import AnyIndicator, BetterIs, Reading, Unit
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.written import NOT_RATED, Translate, duration, percent

NOTHING = "–"


class Attainment(StrEnum):
    """How a value stands; "" where nothing is asked of it."""

    CHALLENGE = "challenge"
    TARGET = "target"
    MISSED = "missed"
    UNRATED = "unrated"
    NONE = ""


ATTAINMENTS = {
    Attainment.CHALLENGE: _("challenge reached"),
    Attainment.TARGET: _("target reached"),
    Attainment.MISSED: _("target missed"),
    Attainment.UNRATED: NOT_RATED,
    Attainment.NONE: "",
}
# A word and a shape stand beside the colour.
CLASSES = {
    Attainment.CHALLENGE: "is-good", Attainment.TARGET: "is-good", Attainment.MISSED: "is-over", Attainment.UNRATED: "is-unrated",
    Attainment.NONE: "",
}  # fmt: skip
SIGNS = {
    Attainment.CHALLENGE: "★", Attainment.TARGET: "●", Attainment.MISSED: "▲", Attainment.UNRATED: "", Attainment.NONE: ""
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as people read it: its text, the number of cases, its verdict with word, sign and class."""

    text: str
    n: int
    verdict: Attainment = Attainment.NONE
    word: str = ""
    value: float | None = None

    @property
    def sign(self) -> str:
        """A shape beside the colour."""
        return SIGNS[self.verdict]

    @property
    def css(self) -> str:
        """The class that colours it."""
        return CLASSES[self.verdict]


def shown(indicator: AnyIndicator, reading: Reading, standard: Standard, t: Translate) -> Shown:
    """Return a reading as it is shown."""
    verdict = judged(indicator, reading, standard)
    text = value_text(indicator.unit, reading.value, t) if reading.is_rated else t(NOT_RATED)
    return Shown(text, reading.n, verdict, t(ATTAINMENTS[verdict]) if ATTAINMENTS[verdict] else "", reading.value)


def judged(indicator: AnyIndicator, reading: Reading, standard: Standard) -> Attainment:
    """Say how a reading stands. A value that equals the target has reached it.

    A value is compared exactly, never as rounded for the screen.
    """
    if not reading.is_rated or reading.value is None:
        return Attainment.UNRATED
    if indicator.better_is is None or (standard.target is None and standard.challenge is None):
        return Attainment.NONE
    if standard.challenge is not None and _reaches(indicator, reading.value, standard.challenge):
        return Attainment.CHALLENGE
    if standard.target is not None and _reaches(indicator, reading.value, standard.target):
        return Attainment.TARGET
    return Attainment.NONE if standard.target is None else Attainment.MISSED


def _reaches(indicator: AnyIndicator, value: float, aim: float) -> bool:
    return value <= aim if indicator.better_is is BetterIs.LOWER else value >= aim


def value_text(unit: Unit, value: float | None, t: Translate) -> str:
    """Write a value with its unit.

    >>> from yingting.indicators.declaring import Unit
    >>> [value_text(unit, value, lambda text: text) for unit, value in (
    ...     (Unit.COUNT, 1234.0), (Unit.SHARE, 0.832), (Unit.SECONDS, 433.0), (Unit.SCORE, 4.567), (Unit.MONEY, 123456.0))]
    ['1,234', '83.2 %', '7.2 min', '4.57', '¥1,234.56']
    """
    if value is None:
        return NOTHING
    if unit is Unit.SHARE:
        return percent(value)
    if unit is Unit.SECONDS:
        return f"-{duration(-value, t)}" if value < 0 else duration(value, t)
    if unit is Unit.MONEY:
        return f"¥{value / 100:,.2f}"
    return f"{value:,.2f}" if unit is Unit.SCORE else f"{value:,.0f}"


def change_text(indicator: AnyIndicator, now: Reading, before: Reading, t: Translate) -> tuple[str, str]:
    """Return the change since before as text with its sign, and whether it is "better", "worse" or neither ("").

    Shares change by percentage points.
    """
    if now.value is None or before.value is None:
        return "", ""
    change = now.value - before.value
    text = signed_text(indicator.unit, change, t)
    if not change or indicator.better_is is None:
        return text, ""
    return text, "better" if (change < 0) is (indicator.better_is is BetterIs.LOWER) else "worse"


def signed_text(unit: Unit, change: float, t: Translate) -> str:
    """Write a change with its sign; shares change by percentage points.

    >>> signed_text(Unit.SHARE, -0.051, lambda text: text), signed_text(Unit.SECONDS, 60.0, lambda text: text)
    ('−5.1 pts', '+1.0 min')
    """
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    size = abs(change)
    points = t(_("%(count)s pts")) % {"count": f"{size * 100:.1f}"}
    return f"{sign}{points if unit is Unit.SHARE else value_text(unit, size, t)}"
