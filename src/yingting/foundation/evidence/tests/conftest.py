"""A folder for proof, and a kind of record that it belongs to."""

import pytest

from yingting.foundation.evidence.subjects import SUBJECTS
from yingting.foundation.evidence.taking import Incoming, Subject, take
from yingting.foundation.evidence.tests import records
from yingting.kernel.ids import new_id


@pytest.fixture
def matter(monkeypatch, tmp_path, settings):
    settings.PROOFS_DIR = tmp_path / "proofs"
    path = "yingting.foundation.evidence.tests.records:MATTERS"
    monkeypatch.setattr(SUBJECTS, "_paths", {path: None})
    monkeypatch.setattr(SUBJECTS, "_things", None)
    records.over.clear()
    return Subject("tests.matter", records.RECORD)


@pytest.fixture
def taken(cast, matter, actor_of, now):
    def taken(content, name="现场.jpg", client_id=None, at=now):
        file = Incoming(content, name, client_id or new_id())
        return take(subject=matter, file=file, actor=actor_of("1301"), now=at)

    return taken


@pytest.fixture
def kept_files(matter, settings):
    """Return a function: the files below the folder, by path from it."""

    def kept_files():
        root = settings.PROOFS_DIR
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

    return kept_files
