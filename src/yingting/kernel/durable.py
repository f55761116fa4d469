"""Files that appear whole or not at all, and survive a power cut once they are named."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import orjson


def sync(path: Path) -> None:
    """Make a file or folder durable before a record names it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_draft(draft: Path, content: bytes) -> None:
    """Write a file that another name will show once it is whole; its bytes are on the disk when this returns."""
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def write_json(path: Path, content: object) -> None:
    """Write JSON so that readers see the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.stem}.{secrets.token_hex(4)}.draft")
    write_draft(draft, orjson.dumps(content, option=orjson.OPT_INDENT_2))
    draft.rename(path)
    sync(path.parent)
