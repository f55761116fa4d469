"""PURE: what a file is by its bytes, and a photo without what its camera wrote about place, device and owner."""

from __future__ import annotations

import io
import struct
import zipfile

from yingting.foundation.evidence.shapes import Format

HEAD = 64
_BEGINNINGS = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"%PDF-", Format.PDF),
    (b"OggS", Format.OGG),
    (b"#!AMR", Format.AMR),
    (b"ID3", Format.MP3),
)
_AUDIO_BRANDS = (b"M4A ", b"M4B ", b"mp42", b"isom", b"3gp4", b"3gp5", b"dash")


def format_of(content: bytes) -> Format | None:
    """Return what a file is; None when the house does not know it, or it carries a program (macros).

    >>> format_of(bytes.fromhex("ffd8ffe000104a464946")), format_of(b"<html><script>"), format_of(b"%PDF-1.7")
    (<Format.JPEG: 'jpeg'>, None, <Format.PDF: 'pdf'>)
    """
    for beginning, found in _BEGINNINGS:
        if content.startswith(beginning):
            return found
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return Format.WAV
    if content[4:8] == b"ftyp" and content[8:12] in _AUDIO_BRANDS:
        return Format.M4A
    if len(content) > 2 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2:  # MPEG audio, layer III, no ID3 before it
        return Format.MP3
    return _office_format(content) if content.startswith(b"PK\x03\x04") else None


def _office_format(content: bytes) -> Format | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            names = set(box.namelist())
    except zipfile.BadZipFile:
        return None
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return Format.DOCX
    return Format.XLSX if "xl/workbook.xml" in names else None


# ------------------------------------------------------------------------------------------------ photos
class BrokenPhoto(ValueError):
    """The bytes are not those of a whole photo."""


# Segments of a JPEG that its picture needs: JFIF, colour profile, Adobe's transform. Comments and other APPn go.
_APP0, _APP1, _APP2, _APP14, _COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA


def bare_jpeg(content: bytes, orientation: object = 1) -> bytes:
    """Return a JPEG with the same picture, bit by bit, and nothing about place, device or owner; it keeps which side is up.

    What follows the picture (a film, a second picture with its own place) goes as well. Raises BrokenPhoto.
    """
    kept = [b"\xff\xd8", _upright(orientation)]
    at = 2
    while True:
        marker, body, after = _segment(content, at)
        if marker == _EOI:
            return b"".join([*kept, b"\xff\xd9"])
        is_app = _APP0 <= marker <= 0xEF
        is_profile = marker == _APP2 and body.startswith(b"ICC_PROFILE\0")
        if (not is_app and marker != _COM) or marker in (_APP0, _APP14) or is_profile:
            end = _end_of_scan(content, after) if marker == _SOS else after
            kept.append(content[at:end])
            after = end
        at = after


def _segment(content: bytes, at: int) -> tuple[int, bytes, int]:
    """A segment at a place: its marker, its content, and where the next begins."""
    while content[at : at + 2] == b"\xff\xff":  # fill bytes
        at += 1
    if len(content) < at + 2 or content[at] != 0xFF:
        raise BrokenPhoto
    marker = content[at + 1]
    if marker == _EOI:
        return marker, b"", at + 2
    length = int.from_bytes(content[at + 2 : at + 4], "big")
    if length < 2 or len(content) < at + 2 + length:
        raise BrokenPhoto
    return marker, content[at + 4 : at + 2 + length], at + 2 + length


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the picture's data ends: at the next marker that is neither stuffing nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise BrokenPhoto
        following = content[at + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at


def _upright(orientation: object) -> bytes:
    """An Exif segment that says which side is up, and nothing else; nothing where the picture lies as it should."""
    if orientation not in range(2, 9):
        return b""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    body = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


_PNG_KEEPS = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD",
}  # fmt: skip


def bare_png(content: bytes) -> bytes:
    """Return a PNG with the same picture and no text, time or Exif; what follows its end goes as well. Raises BrokenPhoto."""
    kept, at = [content[:8]], 8
    while True:
        length = int.from_bytes(content[at : at + 4], "big")
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if len(kind) < 4 or end > len(content):
            raise BrokenPhoto
        if kind in _PNG_KEEPS:
            kept.append(content[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end
