"""Language of commands: Chinese unless the terminal or --language says otherwise."""

from __future__ import annotations

import os

from django.utils.translation import gettext

CHINESE, ENGLISH = "zh-hans", "en"


def terminal_language(chosen: str | None = None) -> str:
    """Return the language of a command: the chosen one, else the one of LANG, else Chinese.

    >>> terminal_language("en"), terminal_language("zh")
    ('en', 'zh-hans')
    """
    wanted = chosen or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return ENGLISH if wanted.lower().startswith("en") else CHINESE


def translate(message: str) -> str:
    """Translate a msgid that pure code marked, into the active language."""
    return gettext(message)
