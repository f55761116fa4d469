"""Files that a person has uploaded and had checked, kept until the person agrees to the import (at most a day)."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from yingting.domains.queueing.tables import TICKET_LOG
from yingting.foundation.lake import mapping as mappings
from yingting.foundation.lake.inspecting import TOO_BIG
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop

NO_UPLOAD = declare("upload.none", gettext_noop("Choose a file first."), status=422)
NO_MAPPING = declare("upload.no_mapping", gettext_noop("Choose a preset or give a mapping file."), status=422)
GONE = declare("upload.gone", gettext_noop("The checked file is no longer here. Upload it once more."), status=410)

KEPT_S = 24 * 3600
MAPPING_LIMIT = 256 << 10


@dataclass(frozen=True, slots=True)
class Held:
    """A held upload: its folder's id, who holds it, the file's own name, and how to read it."""

    id: str
    holder: str
    name: str
    preset: str
    hall: str

    @property
    def path(self) -> Path:
        """The file as uploaded."""
        return _folder() / self.id / "log"

    def mapping(self) -> mappings.Mapping:
        """Return the mapping chosen for it. Raises Refusal `mapping.`."""
        if self.preset:
            return mappings.preset(self.preset, TICKET_LOG)
        return mappings.load(_folder() / self.id / "mapping.toml", TICKET_LOG)


def hold(
    file: UploadedFile[Any] | None, mapping: UploadedFile[Any] | None, preset: str, hall: str, holder: str
) -> Held:
    """Keep an upload. Raises Refusal upload.none, upload.no_mapping, lake.too_big."""
    if file is None:
        raise Refusal(NO_UPLOAD)
    if (file.size or 0) > settings.UPLOAD_LIMIT_MB << 20:
        raise Refusal(TOO_BIG, limit_mb=settings.UPLOAD_LIMIT_MB)
    if not preset and mapping is None:
        raise Refusal(NO_MAPPING)
    if mapping is not None and (mapping.size or 0) > MAPPING_LIMIT:
        raise Refusal(mappings.NOT_TOML, detail="> 256 KiB")
    _sweep()
    held = Held(str(new_id()), holder, (file.name or "log")[:120], preset, hall)
    folder = _folder() / held.id
    folder.mkdir(parents=True, mode=0o700)
    _save(file, held.path)
    if mapping is not None and not preset:
        _save(mapping, folder / "mapping.toml")
    (folder / "held.json").write_text(json.dumps(asdict(held)), "utf-8")
    return held


def find(held_id: str, holder: str) -> Held:
    """Return an upload that this person holds. Raises Refusal upload.gone."""
    try:
        record = _folder() / str(UUID(held_id)) / "held.json"
        held = Held(**json.loads(record.read_text("utf-8")))
    except (ValueError, OSError) as error:
        raise Refusal(GONE) from error
    if held.holder != holder:
        raise Refusal(GONE)
    return held


def release(held: Held) -> None:
    """Remove a held upload."""
    shutil.rmtree(_folder() / held.id, ignore_errors=True)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "uploads"


def _save(file: UploadedFile[Any], path: Path) -> None:
    with path.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)


def _sweep() -> None:
    for folder in _folder().glob("*"):
        # Another process may take the upload over, or sweep it, between the listing and this look.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > KEPT_S:
                shutil.rmtree(folder, ignore_errors=True)
