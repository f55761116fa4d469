"""The shape of the rule of proof objects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


class Family(StrEnum):
    """What a proof object is to people."""

    PHOTO = "photo"
    RECORDING = "recording"
    DOCUMENT = "document"


class Format(StrEnum):
    """Formats that are told from the bytes of a file."""

    JPEG = "jpeg"
    PNG = "png"
    MP3 = "mp3"
    M4A = "m4a"
    WAV = "wav"
    OGG = "ogg"
    AMR = "amr"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"

    @property
    def title(self) -> str:  # type: ignore[override]  # str.title() is of no use to a code
        """What it is called: its usual ending."""
        return self.value.upper()

    @property
    def family(self) -> Family:
        """What it is to people."""
        if self in (Format.JPEG, Format.PNG):
            return Family.PHOTO
        return Family.DOCUMENT if self in (Format.PDF, Format.DOCX, Format.XLSX) else Family.RECORDING

    @property
    def media_type(self) -> str:
        """How it is named in an answer."""
        return _MEDIA_TYPES[self]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    Format.JPEG: "image/jpeg", Format.PNG: "image/png", Format.MP3: "audio/mpeg", Format.M4A: "audio/mp4",
    Format.WAV: "audio/wav", Format.OGG: "audio/ogg", Format.AMR: "audio/amr", Format.PDF: "application/pdf",
    Format.DOCX: f"{_OFFICE}.wordprocessingml.document", Format.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProofRule:
    """What may be uploaded as proof."""

    formats: tuple[Format, ...] = said(
        _("Formats"), help=_("What a file is, is told from its bytes, not from its name."), default=tuple(Format)
    )
    photo_mb: int = said(_("Largest photo"), unit="MB", low=1, high=500, default=12)
    recording_mb: int = said(_("Largest recording"), unit="MB", low=1, high=500, default=30)
    document_mb: int = said(_("Largest document"), unit="MB", low=1, high=500, default=10)
    megapixels: int = said(_("Largest picture"), unit=_("megapixels"), low=1, high=200, default=64)
    most: int = said(_("Most files of a record"), low=1, high=500, default=20)
    keep_location: bool = said(
        _("Keep where a photo was taken"), default=False,
        help=_("Otherwise place, device and owner are taken out of photos when they come in."),
    )  # fmt: skip

    def limit_mb(self, family: Family) -> int:
        """Return the largest size of a family in megabytes."""
        return {
            Family.PHOTO: self.photo_mb, Family.RECORDING: self.recording_mb, Family.DOCUMENT: self.document_mb,
        }[family]  # fmt: skip
