"""A lean HTTP/1.1 client for closed-loop load: one keep-alive connection per caller, no parsing beyond status and body."""

from __future__ import annotations

import asyncio
import json
import time


class Caller:
    """One keep-alive connection. `post` returns (status, body as dict) and notes the latency under a name."""

    def __init__(self, host: str, port: int, token: str, latencies: dict[str, list[float]]) -> None:
        self.host, self.port, self.latencies = host, port, latencies
        self.head = f"Host: {host}:{port}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)

    async def post(self, name: str, path: str, body: dict | None = None, key: str | None = None) -> tuple[int, dict]:
        payload = json.dumps(body).encode() if body is not None else b""
        extra = f"Idempotency-Key: {key}\r\n" if key else ""
        began = time.perf_counter()
        self.writer.write(
            f"POST {path} HTTP/1.1\r\n{self.head}{extra}Content-Length: {len(payload)}\r\n\r\n".encode() + payload
        )
        head = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        answer = await self.reader.readexactly(length)
        self.latencies.setdefault(name, []).append(time.perf_counter() - began)
        return status, json.loads(answer) if answer else {}

    def close(self) -> None:
        self.writer.close()


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie; 0.0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
