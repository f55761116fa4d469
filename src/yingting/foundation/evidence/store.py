"""The bytes of proof objects: `<data folder>/proofs/<two letters>/<digest>`, whole or not there, never changed.

A name says nothing of a person. A file that is being written is a draft in a folder of its own; what a killed process leaves
there, or leaves without a row, `sweep` takes away.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from yingting.kernel.durable import sync, write_draft

SMALL = ".small"


def _root() -> Path:
    return Path(settings.PROOFS_DIR)


def _place(digest: str) -> Path:
    return _root() / digest[:2] / digest


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def put(content: bytes, small: bytes | None = None) -> str:
    """Keep bytes, and a small picture of them, durably; return their digest. Bytes that are there already stay."""
    digest = digest_of(content)
    _put(_place(digest), content)
    if small is not None:
        _put(_place(digest).with_name(digest + SMALL), small)
    return digest


def _put(place: Path, content: bytes) -> None:
    if place.exists():
        return
    drafts = _root() / "drafts"
    for folder in (drafts, place.parent):
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            sync(folder.parent)
    draft = drafts / secrets.token_hex(8)
    write_draft(draft, content)
    draft.rename(place)
    sync(place.parent)


def get(digest: str) -> bytes | None:
    """Return kept bytes; None when they are not there."""
    try:
        return _place(digest).read_bytes()
    except FileNotFoundError:
        return None


def get_small(digest: str) -> bytes | None:
    """Return the small picture of kept bytes; None when there is none."""
    return get(digest + SMALL)


def drop(digest: str) -> None:
    """Take bytes away for good."""
    for name in (digest, digest + SMALL):
        _place(name).unlink(missing_ok=True)


def drafts_before(instant: float) -> Iterator[Path]:
    """Yield the drafts last written before an instant of the disk's clock (seconds)."""
    yield from _files(_root() / "drafts", instant)


def digests_before(instant: float) -> Iterator[str]:
    """Yield the digests of kept files last written before an instant of the disk's clock (seconds)."""
    if _root().exists():
        for folder in sorted(_root().iterdir()):
            if folder.name != "drafts":
                yield from (path.name for path in _files(folder, instant) if not path.name.endswith(SMALL))


def _files(folder: Path, before: float) -> Iterator[Path]:
    if folder.exists():
        yield from (path for path in sorted(folder.iterdir()) if _is_older(path, before))


def _is_older(path: Path, instant: float) -> bool:
    try:
        return path.stat().st_mtime < instant
    except FileNotFoundError:  # gone with its neighbour, or by another worker's sweep
        return False
