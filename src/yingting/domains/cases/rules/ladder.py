"""The escalation matrix: which rungs a case has reached by the share of its clock, and which levels were passed over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from yingting.domains.cases.rules.processes import Level
from yingting.kernel.shapes import said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _


class Deed(Titled):
    """What happens on a rung."""

    TELL = "tell", _("tell them")
    ASSIGN = "assign", _("hand the case to them")
    MEETING = "meeting", _("onto the agenda of the management meeting")


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: for cases of a severity (and channel), when a share of a clock is used, who is told and what happens."""

    severity: str = said(_("Severity"), choices="cases.severities", default="")
    channels: tuple[str, ...] = said(_("Only for channels"), choices="cases.channels", default=())
    percent: int = said(_("Share of the limit used"), unit="%", low=1, high=1000, default=80)
    level: Level = said(_("Level"), default=Level.HALL)
    post: str = said(_("Role"), choices="cases.posts", default="")
    deed: Deed = said(_("What happens"), default=Deed.TELL)

    @property
    def key(self) -> tuple[int, str, str, str]:
        """What a rung that was climbed is known by."""
        return self.percent, self.level.value, self.post, self.deed.value

    def is_for(self, severity: str, channel: str) -> bool:
        """Does it hold for a case? Left empty, it holds for every severity and channel."""
        return self.severity in ("", severity) and (not self.channels or channel in self.channels)


def rungs_for(rungs: Iterable[Rung], severity: str, channel: str) -> tuple[Rung, ...]:
    """Return the rungs of a case, from the first to the last; of equal shares the lower level comes first."""
    return tuple(
        sorted((one for one in rungs if one.is_for(severity, channel)), key=lambda one: (one.percent, one.level.height))
    )


def skipped(reached: Collection[Level], target: Level, *, since: Level = Level.HALL) -> tuple[Level, ...]:
    """Return the levels between the case's own and the target that nobody told: reporting goes level by level (CMP-25).

    >>> [level.value for level in skipped([Level.HALL], Level.CITY)]
    ['district']
    """
    between = [level for level in Level if since.height <= level.height < target.height]
    return tuple(level for level in between if level not in reached)


def problems(rungs: Sequence[Rung]) -> Iterable[tuple[str, str, dict[str, object]]]:
    """Yield a rung that stands higher than another of the same case and yet comes earlier."""
    for n, one in enumerate(rungs):
        for other in rungs:
            if (one.severity, one.channels) == (other.severity, other.channels) and (
                one.level.height > other.level.height and one.percent < other.percent
            ):
                yield (
                    f"rungs-{n}-percent",
                    _("A higher level would be told before a lower one: a lower level has its turn at %(percent)s %%."),
                    {"percent": other.percent},
                )
