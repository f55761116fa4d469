"""Words of cases in templates."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.timezone import localtime
from django.utils.translation import gettext

from yingting.domains.cases.queries.words import due_text, span_text
from yingting.domains.cases.rules.answers import answer_of
from yingting.domains.cases.rules.numbers import spoken
from yingting.foundation.calendars.words import end_text

register = template.Library()
register.filter("span_text", span_text)
register.filter("due_text", due_text)
register.filter("spoken", spoken)


@register.filter
def told(value: object, field: str) -> str:
    """Return how a fixed answer of a field is told."""
    words = answer_of(field, value)
    return gettext(words) if words else ""


@register.filter
def due(moment: dt.datetime | None, day: str = "%Y-%m-%d") -> str:
    """Return the moment by which something is due; midnight is the end of the day before. None: nothing."""
    return end_text(localtime(moment), day) if moment else ""
