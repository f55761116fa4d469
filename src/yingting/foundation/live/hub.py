"""Who listens to which hall, and the telling: changes gathered per hall, heartbeats, and the dropping of slow screens.

A screen is told "hall, version" and nothing else; it fetches what it shows through the ordinary, permission-checked page.
So nothing is ever queued for a screen: what it has not been told yet is one version per hall, however much has happened.

The hub knows no sockets: a screen joins with a `send` that waits while the line is full, and a `drop` that cuts the line.
All methods run on one event loop.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable

Send = Callable[[bytes], Awaitable[None]]

GATHER_S = 0.05  # a hall is told of at most this often
BEAT_S = 15  # a screen hears at least this often, so that silence means a broken line and not a quiet hall
PATIENCE_S = 10.0  # a line that takes nothing for this long is cut
BEAT = b"event: beat\ndata: 1\n\n"


class Screen:
    """One listening screen. `pending` holds the newest version of each hall that it has not been told."""

    __slots__ = (
        "_send",
        "drop",
        "greeted",
        "halls",
        "is_beat_due",
        "is_gone",
        "pending",
        "sending",
        "sending_since",
        "slot",
    )

    def __init__(self, halls: tuple[str, ...], send: Send, drop: Callable[[], None], slot: int) -> None:
        self.halls = halls
        self._send = send
        self.drop = drop
        self.slot = slot
        self.greeted = False
        self.is_gone = False
        self.is_beat_due = False
        self.pending: dict[str, int] | None = None
        self.sending: asyncio.Task[None] | None = None
        self.sending_since = 0.0

    def next_message(self, versions: dict[str, int]) -> bytes:
        """Take what is to be said now; b"" when there is nothing."""
        if not self.greeted:
            self.greeted, self.pending, self.is_beat_due = True, None, False
            return _event("hello", {"halls": {hall: versions.get(hall, 0) for hall in self.halls}})
        pending, self.pending = self.pending, None
        beat, self.is_beat_due = self.is_beat_due, False
        if pending:
            return b"".join(_event("changed", {"hall": hall, "v": v}) for hall, v in pending.items())
        return BEAT if beat else b""

    async def say(self, message: bytes) -> None:
        """Send, waiting while the line is full."""
        await self._send(message)


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


class Hub:
    """Screens by hall. Versions only grow, also over a restart of the process, and mean nothing but "newer"."""

    def __init__(
        self, *, gather_s: float = GATHER_S, beat_s: int = BEAT_S, patience_s: float = PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._gather_s = gather_s
        self._patience_s = patience_s
        self._clock = clock
        self._newest = time.time_ns() // 1_000_000
        self.versions: dict[str, int] = {}
        self._by_hall: dict[str, set[Screen]] = {}
        self._slots: list[set[Screen]] = [set() for _ in range(max(1, beat_s))]
        self._sending: set[Screen] = set()
        self._told_at: dict[str, float] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._joined = 0
        self._ticks = 0
        self.is_hearing = False

    def __len__(self) -> int:
        return sum(len(slot) for slot in self._slots)

    # ------------------------------------------------------------------------------------------------ screens
    def join(self, halls: Iterable[str], send: Send, drop: Callable[[], None]) -> Screen:
        """A screen listens to these halls (hex ids) from now on, and is greeted with their versions."""
        self._joined += 1
        # Thousands of screens share a few halls: interned, each name is kept once.
        screen = Screen(tuple(sys.intern(hall) for hall in halls), send, drop, self._joined % len(self._slots))
        self._slots[screen.slot].add(screen)
        for hall in screen.halls:
            self._by_hall.setdefault(hall, set()).add(screen)
        self._tell(screen)
        return screen

    def leave(self, screen: Screen) -> None:
        """The screen is gone; leaving twice changes nothing."""
        screen.is_gone = True
        self._slots[screen.slot].discard(screen)
        self._sending.discard(screen)
        if screen.sending is not None:
            screen.sending.cancel()
        for hall in screen.halls:
            listeners = self._by_hall.get(hall)
            if listeners is not None:
                listeners.discard(screen)
                if not listeners:
                    del self._by_hall[hall]

    # ------------------------------------------------------------------------------------------------ news
    def changed(self, halls: Iterable[str]) -> None:
        """Something about these halls changed. The first change is told at once, those that follow closely together."""
        for hall in halls:
            self._newest += 1
            self.versions[hall] = self._newest
            if hall in self._timers or hall not in self._by_hall:
                continue
            wait = self._told_at.get(hall, -1e9) + self._gather_s - self._clock()
            if wait <= 0:
                self._tell_hall(hall)
            else:
                self._timers[hall] = asyncio.get_running_loop().call_later(wait, self._tell_hall, hall)

    def hears(self, is_hearing: bool) -> None:
        """The database can (not) be heard. Without it screens get no heartbeat, so that they say they are stale; when it is
        back, every hall counts as changed, because nobody knows what was missed.
        """
        if is_hearing and not self.is_hearing:
            self.is_hearing = True
            self.changed(list(self._by_hall))
            for slot in self._slots:
                for screen in slot:
                    self._tell(screen)
        self.is_hearing = is_hearing

    def tick(self) -> None:
        """Once a second: heartbeats for one slot of screens, and an end to lines that take nothing."""
        self._ticks += 1
        if self.is_hearing:
            for screen in self._slots[self._ticks % len(self._slots)]:
                screen.is_beat_due = True
                self._tell(screen)
        late = self._clock() - self._patience_s
        for screen in [screen for screen in self._sending if screen.sending_since < late]:
            self.leave(screen)
            screen.drop()

    def _tell_hall(self, hall: str) -> None:
        self._timers.pop(hall, None)
        self._told_at[hall] = self._clock()
        for screen in self._by_hall.get(hall, ()):
            if screen.pending is None:
                screen.pending = {}
            screen.pending[hall] = self.versions[hall]
            self._tell(screen)

    def _tell(self, screen: Screen) -> None:
        if screen.sending is None and self.is_hearing and not screen.is_gone:
            screen.sending_since = self._clock()
            self._sending.add(screen)
            screen.sending = asyncio.get_running_loop().create_task(self._send(screen))

    async def _send(self, screen: Screen) -> None:
        try:
            while (message := screen.next_message(self.versions)) and not screen.is_gone:
                screen.sending_since = self._clock()
                await screen.say(message)
        except OSError:
            self.leave(screen)
            screen.drop()
        finally:
            screen.sending = None
            self._sending.discard(screen)
