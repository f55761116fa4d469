"""What stands on a slip: a pure layout, rows in and rows out. Nothing here knows a printer, a clock or a database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, ngettext

from yingting.domains.queueing.contracts import HallSetup, IssuedTicket


class RowKind(StrEnum):
    """Kinds of rows, from the loudest to the quietest; the printer and the browser page each know their type sizes."""

    NUMBER = "number"
    LEAD = "lead"
    TEXT = "text"
    SMALL = "small"
    RULE = "rule"
    QR = "qr"


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One row of a slip. A QR row's text is what the code holds."""

    kind: RowKind
    text: str = ""
    centred: bool = True


@dataclass(frozen=True, slots=True)
class SlipContent:
    """Everything that a slip tells, names already in the reader's language. `issued` is the hall's wall time as text."""

    hall: str
    number: str
    business: str
    zone: str
    is_care: bool
    ahead: int
    low_min: int | None
    high_min: int | None
    papers: tuple[str, ...]
    issued: str
    link: str


def content_of(setup: HallSetup, issued: IssuedTicket, link: str) -> SlipContent:
    """Return what a ticket's slip tells, in the active language. A business or queue retired meanwhile leaves a gap."""
    english = (get_language() or "").startswith("en")
    business, queue = setup.businesses.get(issued.business), setup.queues.get(issued.queue)
    priority = setup.priorities.get(issued.priority)
    return SlipContent(
        hall=_named(setup.name, setup.name_en, english),
        number=issued.number,
        business=_named(business.name, business.name_en, english) if business else "",
        zone=_named(queue.zone, queue.zone_en, english) if queue else "",
        is_care=bool(priority and priority.is_care),
        ahead=issued.ahead,
        low_min=issued.low_min,
        high_min=issued.high_min,
        papers=tuple(_named(name, name_en, english) for name, name_en in business.papers) if business else (),
        issued=f"{issued.issued_at.astimezone(ZoneInfo(setup.timezone)):%Y-%m-%d %H:%M}",
        link=link,
    )


def _named(name: str, name_en: str, english: bool) -> str:
    return name_en if english and name_en else name


def slip_rows(slip: SlipContent) -> tuple[SlipRow, ...]:
    """Return the rows of a slip in the active language."""
    rows = [SlipRow(RowKind.TEXT, slip.hall)]
    if slip.is_care:
        rows.append(SlipRow(RowKind.LEAD, gettext("Care lane")))
    rows.append(SlipRow(RowKind.NUMBER, slip.number))
    rows.append(SlipRow(RowKind.LEAD, slip.business))
    rows.append(SlipRow(RowKind.LEAD, _wait(slip)))
    if slip.zone:
        rows.append(SlipRow(RowKind.TEXT, gettext("Please wait in: %(zone)s") % {"zone": slip.zone}))
    rows.append(SlipRow(RowKind.RULE))
    if slip.papers:
        rows.append(SlipRow(RowKind.TEXT, gettext("Please have ready:"), centred=False))
        rows += [SlipRow(RowKind.TEXT, f"□ {paper}", centred=False) for paper in slip.papers]
        rows.append(SlipRow(RowKind.RULE))
    rows.append(SlipRow(RowKind.QR, slip.link))
    rows.append(SlipRow(RowKind.SMALL, gettext("Scan to follow your place in line")))
    rows.append(SlipRow(RowKind.SMALL, slip.issued))
    return tuple(rows)


def _wait(slip: SlipContent) -> str:
    people = ngettext("%(count)s person ahead", "%(count)s people ahead", slip.ahead) % {"count": slip.ahead}
    if slip.low_min is None or slip.high_min is None:
        return people + "\n" + gettext("No counter is open for this yet")
    minutes = gettext("about %(low)s–%(high)s min") % {"low": slip.low_min, "high": slip.high_min}
    return people + "\n" + minutes


def columns_of(text: str) -> int:
    """Return how many printer columns a text takes: Chinese characters take two, and so does GB18030 punctuation.

    >>> columns_of("A003"), columns_of("约 6 分")
    (4, 7)
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def wrapped(text: str, columns: int) -> Iterable[str]:
    r"""Yield the lines of a text for a paper of so many columns; a printer would break Chinese characters in the middle.

    >>> list(wrapped("携号转网", 6)), list(wrapped("a\nb", 6))
    (['携号转', '网'], ['a', 'b'])
    """
    for line in text.split("\n"):
        kept, used = "", 0
        for char in line:
            width = columns_of(char)
            if used + width > columns:
                yield kept
                kept, used = "", 0
            kept, used = kept + char, used + width
        yield kept
