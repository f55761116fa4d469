"""Files that a form sent, as files: readers of tables want a path."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile


@contextmanager
def on_disk(file: UploadedFile[Any]) -> Iterator[Path]:
    """Give an uploaded file as one on the disk, gone afterwards. The caller has looked at its size."""
    with tempfile.NamedTemporaryFile() as held:
        for chunk in file.chunks():
            held.write(chunk)
        held.flush()
        yield Path(held.name)
