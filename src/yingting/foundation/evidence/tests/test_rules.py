"""What a file is by its bytes, and what stays of a photo."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from yingting.foundation.evidence.photos import SMALL_PX, prepared
from yingting.foundation.evidence.rules import BrokenPhoto, bare_jpeg, bare_png, format_of
from yingting.foundation.evidence.shapes import Family, Format
from yingting.foundation.evidence.tests.files import DOCX, M4A, MACROS, PDF, WAV, XLSX, office, photo
from yingting.kernel.refusals import Refusal
from yingting.kernel.tests.refused import refused


@pytest.mark.parametrize(
    ("content", "format"),
    [
        (photo(), Format.JPEG), (photo(format="PNG"), Format.PNG), (PDF, Format.PDF), (WAV, Format.WAV), (M4A, Format.M4A),
        (b"OggS\0\2", Format.OGG), (b"#!AMR\n", Format.AMR), (b"ID3\4\0", Format.MP3), (b"\xff\xfb\x90\x00", Format.MP3),
        (DOCX, Format.DOCX), (XLSX, Format.XLSX), (MACROS, None), (office("ppt/presentation.xml"), None),
        (b"PK\3\4broken", None), (b"MZ\x90\0", None), (b"<svg onload=alert(1)>", None), (b"<html>", None), (b"GIF89a", None),
        (b"\x00\x00\x00\x18ftypheic", None), (b"RIFF\0\0\0\0WEBP", None), (b"\xff\xf1\x50", None), (b"\xff", None), (b"", None),
    ],
)  # fmt: skip
def test_a_file_is_what_its_bytes_say(content, format):
    assert format_of(content) is format


@given(st.binary(max_size=80))
def test_no_bytes_break_the_look_at_them(content):
    assert format_of(content) in (None, *Format)


def pixels(content):
    picture = Image.open(io.BytesIO(content))
    return picture.size, picture.tobytes()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0, "quality": 95}])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photo_keeps_its_picture_bit_by_bit_and_which_side_is_up(orientation, options):
    stream = io.BytesIO()
    noise = Image.effect_noise((64, 48), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = orientation, "SECRET-CAMERA"
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 7.0, 45.0)})
    noise.save(stream, "JPEG", exif=exif, icc_profile=b"profile", **options)
    bare = bare_jpeg(stream.getvalue(), orientation)
    assert pixels(bare) == pixels(stream.getvalue())
    kept = Image.open(io.BytesIO(bare))
    assert dict(kept.getexif()) == ({} if orientation == 1 else {0x0112: orientation})
    assert (b"SECRET" in bare, kept.info.get("icc_profile")) == (False, b"profile")
    assert ImageOps.exif_transpose(kept).size == ((64, 48) if orientation in (1, 3) else (48, 64))


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_place_camera_comment_and_what_hangs_behind_are_gone(format):
    content = photo(format=format)
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825) != {}
    kept = prepared(content, Format(format.lower()), megapixels=1, keep_location=False).content
    assert pixels(kept) == pixels(content)
    assert (dict(Image.open(io.BytesIO(kept)).getexif()), b"SECRET" in kept) == ({}, False)


def test_a_rule_may_keep_the_place():
    content = photo()
    assert prepared(content, Format.JPEG, megapixels=1, keep_location=True).content == content


@given(st.integers(0, 700), st.integers(0, 255))
def test_a_damaged_photo_is_told_as_such_and_never_breaks_the_house(at, value):
    content = bytearray(photo((16, 16), format="JPEG"))
    content[min(at, len(content) - 1)] = value
    for broken in (bytes(content), bytes(content[:at])):
        with contextlib.suppress(BrokenPhoto):
            assert bare_jpeg(broken)[:2] == b"\xff\xd8"
        codes = []
        try:
            assert prepared(broken, Format.JPEG, megapixels=1, keep_location=False).small[:2] == b"\xff\xd8"
        except Refusal as refused:
            codes.append(refused.code)
        assert codes in ([], ["proof.unreadable"])


def test_a_png_cut_short_is_broken():
    for length in (8, 20, 60):
        with pytest.raises(BrokenPhoto):
            bare_png(photo(format="PNG")[:length])


def test_a_picture_with_more_pixels_than_allowed_is_not_unpacked():
    with refused("proof.unreadable"):
        prepared(photo((1100, 1000)), Format.JPEG, megapixels=1, keep_location=False)


def test_the_small_picture_is_upright_and_small():
    small = prepared(photo((800, 400), orientation=6), Format.JPEG, megapixels=1, keep_location=False).small
    picture = Image.open(io.BytesIO(small))
    assert (picture.size, picture.format, dict(picture.getexif())) == ((SMALL_PX // 2, SMALL_PX), "JPEG", {})


def test_every_format_has_a_family_and_a_name_in_answers():
    assert {format.family for format in Format} == set(Family)
    assert len({format.media_type for format in Format}) == len(Format)
