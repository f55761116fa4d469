"""Where the steps of a process stand in its picture, and which way its arrows run: from left to right, back below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yingting.domains.cases.rules.processes import Process

# In pixels. A name of ten Chinese characters fits into a box; the longest process shipped into 1100.
BOX_WIDTH, BOX_HEIGHT = 136, 64
PITCH_X, PITCH_Y = 184, 96
ARC, MARGIN = 26, 12


@dataclass(frozen=True, slots=True)
class Box:
    """A step's box: its place, counted in columns and lines, and its upper left corner."""

    code: str
    column: int
    line: int
    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        """The middle of the box."""
        return self.x + BOX_WIDTH // 2, self.y + BOX_HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from one step to the next as the path of an SVG; `is_back` when it leads to an earlier column."""

    begins: str
    ends: str
    path: str
    is_back: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a process."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int


def picture_of(process: Process) -> Picture:
    """Return the picture of a process: each step right of those that lead to it; ways back are no steps to the right."""
    follow = {step.code: [code for code in step.next if code != step.code] for step in process.steps}
    columns = _columns(follow, process.first.code) if process.steps else {}
    last = max(columns.values(), default=0)
    for code in follow:
        columns.setdefault(code, last)  # nothing leads there yet: it is seen all the same
    over = max(
        (columns[other] - columns[code] for code in follow for other in follow[code] if other in columns), default=0
    )
    top = MARGIN + (ARC * over if over > 1 else 0)
    lines: dict[int, int] = {}
    boxes = {}
    for code in follow:
        column = columns[code]
        line = lines[column] = lines.get(column, -1) + 1
        boxes[code] = Box(code, column, line, MARGIN + column * PITCH_X, top + line * PITCH_Y)
    arrows = tuple(_arrow(boxes[code], boxes[other]) for code in follow for other in follow[code] if other in boxes)
    back = max((boxes[one.begins].column - boxes[one.ends].column + 1 for one in arrows if one.is_back), default=0)
    bottom = max((box.y for box in boxes.values()), default=0) + BOX_HEIGHT + ARC * back + MARGIN
    return Picture(tuple(boxes.values()), arrows, 2 * MARGIN + last * PITCH_X + BOX_WIDTH, bottom)


def _columns(follow: Mapping[str, list[str]], first: str) -> dict[str, int]:
    """The longest way from the first step to each one, along ways that do not lead back to where one came from."""
    columns: dict[str, int] = {}

    def go(code: str, column: int, came_by: tuple[str, ...]) -> None:
        if code in came_by or columns.get(code, -1) >= column or code not in follow:
            return
        columns[code] = column
        for other in follow[code]:
            go(other, column + 1, (*came_by, code))

    go(first, 0, ())
    return columns


def _arrow(one: Box, other: Box) -> Arrow:
    (x1, y1), (x2, y2) = one.middle, other.middle
    span = other.column - one.column
    if span == 1:
        begins, ends = one.x + BOX_WIDTH, other.x
        turn = (begins + ends) // 2
        return Arrow(one.code, other.code, f"M{begins} {y1} C{turn} {y1} {turn} {y2} {ends} {y2}", is_back=False)
    if span > 1:
        height = min(one.y, other.y) - ARC * span
        return Arrow(
            one.code,
            other.code,
            f"M{x1 + 12} {one.y} C{x1 + 12} {height} {x2 - 12} {height} {x2 - 12} {other.y}",
            is_back=False,
        )
    depth = max(one.y, other.y) + BOX_HEIGHT + ARC * (1 - span)
    begins, ends = one.y + BOX_HEIGHT, other.y + BOX_HEIGHT
    return Arrow(
        one.code, other.code, f"M{x1 - 12} {begins} C{x1 - 12} {depth} {x2 + 12} {depth} {x2 + 12} {ends}", is_back=True
    )
