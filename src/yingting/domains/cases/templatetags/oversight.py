"""What managers' pages say in words: limits, stretches of time, states of findings."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext

from yingting.domains.cases.queries.words import FINDING_STATES, exact_span_text
from yingting.foundation.calendars.words import limit_text
from yingting.foundation.people.models import Person
from yingting.kernel.worktime.limits import Limit

register = template.Library()
register.filter("exact_span", exact_span_text)


@register.filter
def limit(value: Limit | None) -> str:
    """Return a limit in words."""
    return limit_text(value) if value else "–"


@register.filter
def word(value: Any) -> str:
    """Return the words of a choice."""
    return gettext(value.title)


@register.filter
def finding_state(code: str) -> str:
    """Return where a finding stands, in words."""
    return gettext(FINDING_STATES[code])


@register.filter
def who(person: Person | None) -> str:
    """Return a person as pages name them: name and staff number."""
    return f"{person.name} {person.staff_no}" if person else "–"


@register.filter
def at(values: Any, key: Any) -> Any:
    """Return what a mapping holds under a key; nothing where it holds none."""
    return values.get(key)
