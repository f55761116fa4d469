"""Words of results in templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from yingting.domains.selling.rules import Answer, Recommending, Result
from yingting.domains.selling.views.words import RESULTS
from yingting.foundation.editing.naming import named

register = template.Library()


@register.filter
def result_word(result: str) -> str:
    """Return how a result is told."""
    return str(RESULTS[Result(result)])


@register.filter
def told(answers: Mapping[str, Answer], rule: Recommending) -> list[str]:
    """Return what came of each part in words, in order of the parts."""
    return [f"{named(part)} {result_word(answers[part.code].result)}" for part in rule.parts if part.code in answers]
