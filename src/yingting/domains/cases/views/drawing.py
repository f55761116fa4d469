"""A process on a page: its picture with words, and how an edition is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from yingting.domains.cases.queries.processes import SHIPPED, Edition
from yingting.domains.cases.rules.documents import Citation
from yingting.domains.cases.rules.picture import BOX_HEIGHT, BOX_WIDTH, Arrow, Box, picture_of
from yingting.domains.cases.rules.processes import Process, Step
from yingting.foundation.calendars.words import amount_text
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.rulebook.telling import Teller
from yingting.kernel.shapes import Named, Said

LINE_HEIGHT, LINE_WIDTH = (
    18,
    17,
)  # pixels; Latin letters that stand beside each other in a box, a Chinese one is worth two


def broken(name: str) -> list[str]:
    """Return a name in as many lines as it needs in a box, three at most; the list beside the picture has it whole.

    >>> broken("Promise and handle")
    ['Promise and', 'handle']
    >>> broken("答复申诉受理机构和用户")
    ['答复申诉受理机构', '和用户']
    """
    lines = [""]
    words = name.split(" ") if name.isascii() else list(name)
    for word in words:
        longer = f"{lines[-1]} {word}".strip() if name.isascii() else lines[-1] + word
        if lines[-1] and sum(1 if letter.isascii() else 2 for letter in longer) > LINE_WIDTH:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines[:3]


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A step in the picture: its name, who owns it, its limit, and the names of the steps that may follow."""

    box: Box
    step: Step
    name: str
    limit: str
    owner: str
    follows: str

    @property
    def lines(self) -> tuple[tuple[int, str, str], ...]:
        """The lines of text in the box: how far down each stands, what it is, and its words."""
        name = broken(self.name)
        texts = [("name", line) for line in name] + [("limit", self.limit)]
        first = self.box.y + BOX_HEIGHT // 2 - LINE_HEIGHT * (len(texts) - 1) // 2 + 5
        return tuple((first + n * LINE_HEIGHT, kind, text) for n, (kind, text) in enumerate(texts))


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture of a process, and its steps as a list for those who do not see it."""

    boxes: tuple[DrawnBox, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def drawn(process: Process) -> Drawn:
    """Return the picture of a process in the reader's words."""
    picture, teller, names = picture_of(process), Teller(process, ""), {one.code: named(one) for one in process.steps}
    boxes = []
    for box, step in zip(picture.boxes, process.steps, strict=True):
        follows = teller.text(step.next, Said("", rows="steps")) if step.next else gettext("the case is closed")
        boxes.append(DrawnBox(box, step, names[step.code], amount_text(step.limit), gettext(step.level.title), follows))
    return Drawn(tuple(boxes), picture.arrows, picture.width, picture.height)


def title_of(edition: Edition) -> str:
    """Return how an edition is called: as shipped, or the version of a unit with its first day."""
    if edition.ref == SHIPPED:
        return gettext("As shipped")
    if edition.unit is None:
        return gettext("As it was shipped before")
    words = {"unit": named(edition.unit), "number": edition.number, "since": edition.valid_from}
    if edition.valid_from is None:
        return gettext("%(unit)s, version %(number)s as kept by cases") % words
    return gettext("%(unit)s, version %(number)s from %(since)s") % words


@dataclass(frozen=True, slots=True)
class CitedInWords:
    """Where a document is cited: the process, and the clock or step with its limit ("" for the whole process)."""

    code: str
    process: str
    part: str
    limit: str
    basis: str


def cited_in_words(cited: Citation, names: Mapping[str, Named]) -> CitedInWords:
    """Return a citation in the reader's words."""
    limit = amount_text(cited.limit) if cited.limit else ""
    return CitedInWords(
        cited.process, named(names[cited.process]), named(cited) if cited.part else "", limit, cited.basis
    )
