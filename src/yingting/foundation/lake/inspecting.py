"""Look at a foreign file before reading it: its kind, its encoding, its fingerprint; refuse what cannot be read.

Everything is decided from the content, never from the name: "xls" exports are often text, and text is often GB18030.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

NO_FILE = declare("lake.no_file", _("There is no file %(name)s."), status=404)
TOO_BIG = declare(
    "lake.too_big", _("The file is larger than %(limit_mb)s MB. Split it, for example by month."), status=413
)
EMPTY = declare("lake.empty_file", _("The file is empty."), status=422)
CORRUPT_GZ = declare(
    "lake.corrupt_gz", _("The compressed file is damaged: it ends early or its check sum is wrong. Export it again."),
    status=422,
)  # fmt: skip
WRONG_KIND = declare(
    "lake.wrong_kind",
    _("This is not a table: it looks like %(kind)s. Export the log as CSV, TSV or XLSX (also .gz)."), status=422,
)  # fmt: skip
UNKNOWN_ENCODING = declare(
    "lake.unknown_encoding",
    _("The text is neither UTF-8 nor GB18030 (GBK): byte %(offset)s cannot be read. Save it as UTF-8 (“CSV UTF-8”)."),
    status=422,
)  # fmt: skip

CHUNK = 1 << 20
SNIFF = 64 * 1024
# Share of the non-ASCII characters that must be in everyday use for a text to pass as Chinese: nearly any bytes
# can be read as GB18030, and a Polish or French file would else come out as rare hanzi.
EVERYDAY_SHARE = 0.9


class FileKind(StrEnum):
    """Kinds of file that can be read."""

    TEXT = "text"
    WORKBOOK = "workbook"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be, in bytes, as it is and unpacked."""

    size: int = 2 << 30
    unpacked: int = 8 << 30


UPLOAD_LIMITS = Limits(size=50 << 20, unpacked=1 << 30)


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file that passed inspection. `encoding` is None for a workbook; `digest` is the SHA-256 of its bytes."""

    path: Path
    kind: FileKind
    is_gzipped: bool
    encoding: str | None
    digest: str
    size: int
    has_quotes: bool = True  # a text without any quotation mark has one row per line for certain

    def open(self) -> IO[bytes]:
        """Open the unpacked content."""
        if self.is_gzipped:
            return cast(IO[bytes], gzip.open(self.path, "rb"))
        return self.path.open("rb")

    def arrow_stream(self) -> Any:
        """Open the unpacked text as an Arrow stream of UTF-8."""
        stream = pa.input_stream(str(self.path), compression="gzip" if self.is_gzipped else None)
        return pa.transcoding_input_stream(stream, "gb18030", "utf-8") if self.encoding == "gb18030" else stream


def inspect(path: Path, limits: Limits = Limits()) -> LogFile:
    """Inspect a file: its kind, encoding and fingerprint.

    Raises Refusal: lake.no_file, lake.too_big, lake.empty_file, lake.corrupt_gz, lake.wrong_kind,
    lake.unknown_encoding.
    """
    if not path.is_file():
        raise Refusal(NO_FILE, name=path.name)
    size = path.stat().st_size
    if size > limits.size:
        raise Refusal(TOO_BIG, limit_mb=limits.size >> 20)
    if size == 0:
        raise Refusal(EMPTY)
    with path.open("rb") as stream:
        gzipped = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    found = LogFile(path, FileKind.TEXT, gzipped, "utf-8", digest, size)
    head = _head(found)
    kind = _kind(head)
    if kind is FileKind.WORKBOOK:
        _check_unpacked_workbook(found, limits)
        encoding = None
    else:
        encoding = _encoding(found, head, limits)
        quotes = any(b'"' in chunk for chunk in _chunks(found, limits))
        return LogFile(path, kind, gzipped, encoding, digest, size, quotes)
    return LogFile(path, kind, gzipped, encoding, digest, size)


def _head(file: LogFile) -> bytes:
    try:
        with file.open() as stream:
            head = stream.read(SNIFF)
    except (OSError, EOFError, zlib.error) as error:
        raise Refusal(CORRUPT_GZ) from error
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Refusal(EMPTY)
    return head


_MAGIC = (
    (b"%PDF", _("a PDF document")),
    (b"\x89PNG", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
    (b"GIF8", _("a picture")),
    (b"PAR1", _("a Parquet file")),
    (b"SQLite format 3", _("a database")),
    (b"Rar!", _("an archive")),
    (b"7z\xbc\xaf", _("an archive")),
    (b"\xff\xfe", _("UTF-16 text")),
    (b"\xfe\xff", _("UTF-16 text")),
)


def _kind(head: bytes) -> FileKind:
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return FileKind.WORKBOOK
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise Refusal(WRONG_KIND, kind=name)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise Refusal(WRONG_KIND, kind=_("a web page"))
    if start.startswith((b"{", b"[{")):
        raise Refusal(WRONG_KIND, kind=_("JSON"))
    if b"\x00" in head:
        raise Refusal(WRONG_KIND, kind=_("a program's own format"))
    return FileKind.TEXT


def _check_unpacked_workbook(file: LogFile, limits: Limits) -> None:
    """Refuse an archive that is no workbook, and one that unpacks to far more than it says (a zip bomb)."""
    content = io.BytesIO(b"".join(_chunks(file, limits)))
    if content.read(2) != b"PK":
        return  # the old binary .xls: not compressed
    try:
        with zipfile.ZipFile(content) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Refusal(WRONG_KIND, kind=_("a damaged workbook")) from error
    if unpacked > limits.unpacked:
        raise Refusal(TOO_BIG, limit_mb=limits.unpacked >> 20)
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise Refusal(WRONG_KIND, kind=_("an archive"))


def _chunks(file: LogFile, limits: Limits) -> Iterator[bytes]:
    """Yield the unpacked content, bounded by the limit."""
    total = 0
    try:
        with file.open() as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > limits.unpacked:
                    raise Refusal(TOO_BIG, limit_mb=limits.unpacked >> 20)
                yield chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refusal(CORRUPT_GZ) from error


def _encoding(file: LogFile, head: bytes, limits: Limits) -> str:
    bad_byte = _first_bad_byte(file, "utf-8", limits)
    if bad_byte is None:
        return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    if _first_bad_byte(file, "gb18030", limits) is None and _reads_as_chinese(file, limits):
        return "gb18030"
    raise Refusal(UNKNOWN_ENCODING, offset=bad_byte + 1)


def _first_bad_byte(file: LogFile, encoding: str, limits: Limits) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    seen = 0
    for chunk in _chunks(file, limits):
        if b"\x00" in chunk:
            raise Refusal(WRONG_KIND, kind=_("a program's own format"))
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return seen - held + error.start
        seen += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return seen
    return None


def _reads_as_chinese(file: LogFile, limits: Limits) -> bool:
    """Are nearly all non-ASCII characters among the 6,763 everyday ones of GB 2312?"""
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    foreign = everyday = 0
    for chunk in _chunks(file, limits):
        wide = [sign for sign in decoder.decode(chunk) if sign > "\x7f"]
        foreign += len(wide)
        everyday += sum(len(sign.encode("gb2312", "ignore")) == 2 for sign in wide)
        if foreign > 20_000:
            break
    return everyday >= EVERYDAY_SHARE * foreign
