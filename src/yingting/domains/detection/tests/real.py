"""The shared real complaints (2,224 titles of one operator, April to June 2015), read as they are.

They have no category. Two targets stand for one, and neither is as good as a category that people gave:

`by_words`     the topic that a short list of words gives to a title. The list is ours, so a model that sees these words only
               finds the list again: its figure is a bound from above, and shows that learning works.
`words_hidden` the same topics, with the listed words taken out of the title: can the rest tell? Harder than life.
`channel`, `status`  columns of the file itself. How a complaint came in and what became of it does not follow from its title:
               an honest model says so and suggests nothing.

Days are written as day-month above 12 and month-day below; read so, they rise with the ticket's number without exception.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WORDS = (
    ("cap", r"\bcaps?\b|usage|overage|data limit|data plan"),
    ("speed", r"speed|slow|throttl|bandwidth"),
    ("billing", r"bill|charg|fee|price|pricing|refund|credit|paid|payment|cost|contract|bait"),
    ("tv", r"\btv\b|cable|hbo|channel|dvr"),
    ("outage", r"outage|no service|no internet|down|connect|availab"),
    ("manner", r"customer service|rude|support|appointment|technician"),
)


@dataclass(frozen=True, slots=True)
class Title:
    """A complaint: its title, day, moment, place and two columns."""

    text: str
    at: dt.datetime
    state: str
    channel: str
    status: str

    @property
    def topic(self) -> str:
        """The topic that the list of words gives it."""
        return next((code for code, words in WORDS if re.search(words, self.text.lower())), "other")

    @property
    def hidden(self) -> str:
        """The title without the words of the list."""
        text = self.text.lower()
        for _code, words in WORDS:
            text = re.sub(words, " ", text)
        return text


TARGETS: dict[str, Callable[[Title], tuple[str, str]]] = {
    "by_words": lambda one: (one.text, one.topic),
    "words_hidden": lambda one: (one.hidden, one.topic),
    "channel": lambda one: (one.text, one.channel),
    "status": lambda one: (one.text, one.status),
}


def real_titles() -> list[Title] | None:
    """Return the complaints, the oldest first; None where the shared data is not there."""
    root = os.environ.get("YINGTING_SHARED")
    folder = Path(root) if root else Path(__file__).resolve().parents[5].parent / "shared"
    file = folder / "data" / "telecom_complaints" / "complaints_2015.csv"
    if not file.exists():
        return None
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = [_title(row) for row in csv.DictReader(stream)]
    return sorted(rows, key=lambda one: one.at)


def _title(row: dict[str, str]) -> Title:
    first, second = (int(part) for part in re.split(r"[-/]", row["Date"])[:2])
    month, day = (first, second) if first <= 12 else (second, first)
    at = dt.datetime.combine(
        dt.date(2015, month, day), dt.datetime.strptime(row["Time"], "%I:%M:%S %p").time(), tzinfo=dt.UTC
    )
    return Title(row["Customer Complaint"], at, row["State"], row["Received Via"], row["Status"])
