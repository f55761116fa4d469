"""A lean HTTP/1.1 client for closed-loop load: one keep-alive connection per caller, no parsing beyond status and body."""

from __future__ import annotations

import asyncio
import json
import time


class Connection:
    """One keep-alive connection; each request's latency is noted under a name."""

    def __init__(self, host: str, port: int, latencies: dict[str, list[float]]) -> None:
        self.host, self.port, self.latencies = host, port, latencies

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)

    async def ask(self, name: str, method: str, path: str, head: str, body: dict | None = None) -> tuple[int, bytes]:
        """Send a request with the lines of `head`, each with its end; return status and body."""
        payload = b""
        if body is not None:
            payload, head = json.dumps(body).encode(), f"{head}Content-Type: application/json\r\n"
        began = time.perf_counter()
        self.writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n{head}Content-Length: {len(payload)}\r\n\r\n".encode()
            + payload
        )
        answer = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        content = await self.reader.readexactly(length)
        self.latencies.setdefault(name, []).append(time.perf_counter() - began)
        return int(answer[9:12]), content

    def close(self) -> None:
        self.writer.close()


class Caller(Connection):
    """A caller of the API with a token. `post` returns (status, body as dict)."""

    def __init__(self, host: str, port: int, token: str, latencies: dict[str, list[float]]) -> None:
        super().__init__(host, port, latencies)
        self.head = f"Authorization: Bearer {token}\r\n"

    async def post(self, name: str, path: str, body: dict | None = None, key: str | None = None) -> tuple[int, dict]:
        extra = f"Idempotency-Key: {key}\r\n" if key else ""
        status, answer = await self.ask(name, "POST", path, self.head + extra, body)
        return status, json.loads(answer) if answer else {}


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie; 0.0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
