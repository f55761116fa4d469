"""The catalogue compiler, against polib on the real catalogues."""

import gettext
import io
from pathlib import Path

import django
import polib
import pytest

from yingting.web.translations import PACKAGE, compile_catalogues, compiled

CATALOGUES = sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/*.po")) + [
    Path(django.__file__).parent / "conf" / "locale" / language / "LC_MESSAGES" / "django.po"
    for language in ("zh_Hans", "ru", "ar")
]


def read(mo: bytes) -> dict:
    catalogue = dict(gettext.GNUTranslations(io.BytesIO(mo))._catalog)
    catalogue.pop("")  # the header: polib sorts its lines
    return catalogue


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda path: path.parts[-5] + "-" + path.parts[-3])
def test_a_catalogue_reads_as_gettext_would_compile_it(po):
    assert read(compiled(po.read_text(encoding="utf-8"))) == read(polib.pofile(str(po)).to_binary())


def test_fuzzy_obsolete_and_untranslated_entries_are_left_out():
    text = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#, fuzzy
msgid "a"
msgstr "b"

#~ msgid "c"
#~ msgstr "d"

msgid "e"
msgstr ""

msgctxt "tone"
msgid "f"
msgstr "乙\\n"
"丙"
"""
    assert read(compiled(text)) == {"tone\x04f": "乙\n丙"}


def test_only_what_changed_is_compiled(tmp_path):
    po = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "甲"\n', encoding="utf-8"
    )
    assert compile_catalogues(tmp_path) == [po.with_suffix(".mo")]
    assert compile_catalogues(tmp_path) == []
