"""Compile message catalogues (.po to .mo) without GNU gettext: a hall's machine need not have it.

Reads what `makemessages` and the usual editors write; entries marked fuzzy, obsolete ones and untranslated ones are left out.
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
_MAGIC = 0x950412DE


def compile_catalogues(root: Path = PACKAGE) -> list[Path]:
    """Compile every catalogue below the folder whose .mo is missing or older; return those that were written."""
    written = []
    for po in sorted(root.rglob("locale/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            beside = mo.with_suffix(".mo.new")
            beside.write_bytes(compiled(po.read_text(encoding="utf-8")))
            beside.replace(mo)  # at once: a process that starts now reads the old or the new, never a half
            written.append(mo)
    return written


def compiled(text: str) -> bytes:
    r"""Return the .mo of a .po.

    >>> compiled('msgid "a"\nmsgstr "b"\n')[-4:]
    b'a\x00b\x00'
    """
    messages = dict(sorted(_messages(text)))
    keys = b"".join(key + b"\0" for key in messages)
    values = b"".join(value + b"\0" for value in messages.values())
    count = len(messages)
    first_key = 28 + 16 * count
    table = [_MAGIC, 0, count, 28, 28 + 8 * count, 0, 28 + 16 * count]
    for part, offset in ((list(messages), first_key), (list(messages.values()), first_key + len(keys))):
        for item in part:
            table += [len(item), offset]
            offset += len(item) + 1
    return struct.pack(f"<{len(table)}I", *table) + keys + values


def _messages(text: str) -> Iterator[tuple[bytes, bytes]]:
    for entry in text.replace("\r\n", "\n").split("\n\n"):
        fields = _fields(entry)
        if fields is None or "msgid" not in fields:
            continue
        forms = [value for name, value in fields.items() if name.startswith("msgstr")]
        if not all(forms):
            continue
        key = fields["msgid"]
        if "msgid_plural" in fields:
            key += "\0" + fields["msgid_plural"]
        if "msgctxt" in fields:
            key = fields["msgctxt"] + "\4" + key
        yield key.encode(), "\0".join(forms).encode()


def _fields(entry: str) -> dict[str, str] | None:
    """The fields of one entry, or None for a fuzzy one. A header marked fuzzy still counts: it carries the charset."""
    fields: dict[str, str] = {}
    is_fuzzy, name = False, ""
    for line in entry.split("\n"):
        line = line.strip()
        if line.startswith("#,"):
            is_fuzzy = is_fuzzy or "fuzzy" in line
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            name, _, line = line.partition(" ")
            fields[name] = ""
        fields[name] += ast.literal_eval(line.strip())
    return None if is_fuzzy and fields.get("msgid") else fields
