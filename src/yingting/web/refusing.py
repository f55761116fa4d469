"""Refusals in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext

from yingting.kernel.refusals import Refusal


def sentence_of(refusal: Refusal) -> str:
    """Return the refusal's sentence in the active language, with its parameters filled in."""
    return gettext(refusal.kind.sentence) % refusal.params
