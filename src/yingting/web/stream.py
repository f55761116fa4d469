"""The stream process: server-sent events for the screens of halls, and nothing else. Raw ASGI under uvicorn.

    GET /live?t=TOKEN   event-stream: hello {"halls": {hex: v}}, then changed {"hall": hex, "v": n}, and a beat every 15 s
    GET /healthz        is the database heard, and how many screens listen

A screen costs one connection, one waiting task and a small record. It asks no database: the token says which halls.
Only Django's settings and signing are imported here, no apps, models or handlers.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")

from django.conf import settings

from yingting.foundation.live.hub import Hub
from yingting.foundation.live.tokens import halls_of
from yingting.foundation.live.watching import watch

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# The page comes from another port of the same host: another origin to the browser. The token is the whole credential and
# no cookie is read, so any origin may ask.
_OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
_EVENTS = [*_OPEN, (b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
_WRITE_BUFFER = 4096  # bytes that may wait for a slow line in this process


class Stream:
    """The ASGI application."""

    def __init__(self, hub: Hub | None = None) -> None:
        self.hub = hub or Hub()
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run through the server's life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            return
        elif scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, "GET only")
        elif scope["path"] == "/live":
            await self._listen(scope, receive, send)
        elif scope["path"] == "/healthz":
            state = json.dumps({"ok": self.hub.is_hearing, "screens": len(self.hub)})
            await _answer(send, 200 if self.hub.is_hearing else 503, state, b"application/json")
        else:
            await _answer(send, 404, "not found")

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._tasks = [
                    asyncio.create_task(watch(settings.DATABASES["default"], self.hub)),
                    asyncio.create_task(self._tick()),
                ]
                await send({"type": "lifespan.startup.complete"})
            else:
                for task in self._tasks:
                    task.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.hub.tick()

    async def _listen(self, scope: Scope, receive: Receive, send: Send) -> None:
        tokens = parse_qs(scope["query_string"].decode("latin-1")).get("t", [])
        halls = halls_of(tokens[0]) if tokens else None
        if halls is None:
            await _answer(send, 403, "This page is too old. Load it again. 页面已过期,请刷新。")
            return
        await send({"type": "http.response.start", "status": 200, "headers": _EVENTS})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        cut = _cutter(send)

        async def say(message: bytes) -> None:
            await send({"type": "http.response.body", "body": message, "more_body": True})

        screen = self.hub.join(halls, say, cut)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self.hub.leave(screen)


def _cutter(send: Send) -> Callable[[], None]:
    """Return what cuts a line at once. ASGI has no word for it, and closing politely would wait for the slow reader; so the
    transport is taken from uvicorn's own object, where there is one. Its buffer is made small: a slow line shows early.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        return lambda: None
    with suppress(AttributeError, RuntimeError):
        transport.set_write_buffer_limits(high=_WRITE_BUFFER)
    return lambda: transport.abort()


async def _answer(send: Send, status: int, text: str, content_type: bytes = b"text/plain; charset=utf-8") -> None:
    headers = [*_OPEN, (b"content-type", content_type)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


application = Stream()
