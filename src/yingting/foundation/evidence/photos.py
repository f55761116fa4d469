"""Photos as they are kept: whole, upright, without place, device and owner; and a small picture for lists."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from yingting.foundation.evidence.refusals import UNREADABLE
from yingting.foundation.evidence.rules import BrokenPhoto, bare_jpeg, bare_png
from yingting.foundation.evidence.shapes import Format
from yingting.kernel.refusals import Refusal

SMALL_PX = 320
_ORIENTATION = 0x0112
_PILLOW = {Format.JPEG: "JPEG", Format.PNG: "PNG"}


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept, and a small picture of it (JPEG)."""

    content: bytes
    small: bytes


def prepared(content: bytes, format: Format, *, megapixels: int, keep_location: bool) -> Photo:
    """Return a photo ready to be kept. Raises Refusal proof.unreadable for one that is damaged or larger than allowed."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of damaged Exif, which goes anyway, and of large pictures, for which our own limit is asked.
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=[_PILLOW[format]])
            if picture.width * picture.height > megapixels * 1_000_000:
                raise Refusal(UNREADABLE)
            orientation = picture.getexif().get(_ORIENTATION, 1)
            if not keep_location:
                content = bare_jpeg(content, orientation) if format is Format.JPEG else bare_png(content)
            picture.draft("RGB", (SMALL_PX * 2, SMALL_PX * 2))
            return Photo(content, _small(picture))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, BrokenPhoto) as error:
        raise Refusal(UNREADABLE) from error


def _small(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((SMALL_PX, SMALL_PX))
    stream = io.BytesIO()
    upright.save(stream, "JPEG", quality=80)
    return stream.getvalue()
