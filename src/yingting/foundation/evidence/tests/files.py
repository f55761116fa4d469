"""Files of each kind as phones and offices make them, small enough for tests."""

from __future__ import annotations

import io
import struct
import zipfile

from PIL import Image

GPS = b"\x00\x02\x01"


def photo(size=(400, 300), orientation=1, place=True, format="JPEG", colour=(200, 60, 40)):
    """A photo with a place, a camera's name, a comment, and something behind its end."""
    picture = Image.new("RGB", size, colour)
    picture.putpixel((0, 0), (0, 0, 255))
    exif = Image.Exif()
    exif[0x0110] = "SECRET-CAMERA"
    exif[0x0112] = orientation
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 7.0, 45.0), 3: "E", 4: (113.0, 15.0, 51.0)})
    stream = io.BytesIO()
    more = {"comment": b"SECRET-COMMENT"} if format == "JPEG" else {}
    picture.save(stream, format, exif=exif, **more)
    return stream.getvalue() + b"SECRET-FILM"


def office(*names):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as box:
        for name in ("[Content_Types].xml", *names):
            box.writestr(name, "<x/>")
    return stream.getvalue()


WAV = b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + bytes(24)
PDF = b"%PDF-1.7\n%%EOF\n"
M4A = struct.pack(">I", 24) + b"ftypM4A " + bytes(12)
DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")
MACROS = office("word/document.xml", "word/vbaProject.bin")
