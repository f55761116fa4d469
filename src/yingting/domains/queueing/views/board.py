"""The hall board: who is called to which counter, and how long the lines are."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from string import ascii_uppercase

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yingting.domains.queueing.queries.boards import BoardQueue, hall_board
from yingting.domains.queueing.views.screens import HallScreen, hall_screen
from yingting.foundation.live.tokens import live_token
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import DeviceKind

_on_board = hall_screen(DeviceKind.BOARD, Permission.QUEUE_VIEW)
_CLIPS = (
    *(f"zh_{n}" for n in range(11)), *(f"en_{n}" for n in range(11)), *(f"letter_{letter}" for letter in ascii_uppercase),
    "zh_qing", "zh_hao", "zh_dao", "zh_taixi", "en_ticket", "en_counter", "chime",
)  # fmt: skip


@never_cache
@require_GET
@_on_board
def page(request: HttpRequest, screen: HallScreen) -> HttpResponse:
    """Show the board."""
    context = {
        **_content(screen), "hall": screen.setup, "live_token": live_token([screen.setup.id]), "clock": screen.clock(),
        "clips": {clip: static(f"queueing/voice/{clip}.mp3") for clip in _CLIPS},
        "has_care": any(priority.is_care for priority in screen.setup.priorities.values()),
    }  # fmt: skip
    return render(request, "queueing/board.html", context)


@never_cache
@require_GET
@_on_board
def now(request: HttpRequest, screen: HallScreen) -> HttpResponse:
    """Show calls and lines as they are now: the part of the board that changes."""
    return render(request, "queueing/_board_now.html", _content(screen))


def _content(screen: HallScreen) -> dict[str, object]:
    board = hall_board(screen.setup, now=screen.now)
    # A simulated hall's minutes pass faster than the customer's: the voice judges freshness in real seconds.
    speed = screen.setup.clock.speed if screen.setup.clock.is_simulated else 1.0
    calls = [(call, round((screen.now - call.called_at).total_seconds() / max(speed, 0.01), 1)) for call in board.calls]
    return {
        "screen": screen, "last": calls[:1], "earlier": calls[1:7], "zones": _by_zone(board.queues),
        "any_open": any(queue.counters for queue in board.queues),
    }  # fmt: skip


def _by_zone(queues: Iterable[BoardQueue]) -> list[tuple[BoardQueue, list[BoardQueue]]]:
    """Return the queues by zone; a zone is shown by its first queue, which carries the names."""
    ordered = sorted(queues, key=lambda queue: queue.zone == "")
    groups = [list(group) for _, group in groupby(ordered, key=lambda queue: queue.zone)]
    return [(group[0], group) for group in groups]


urls = [
    path("board/", page, name="board"),
    path("board/now/", now),
    path("board/<slug:code>/", page, name="board-of-hall"),
    path("board/<slug:code>/now/", now),
]
