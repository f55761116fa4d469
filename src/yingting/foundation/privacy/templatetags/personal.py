"""Words of personal data in templates."""

from __future__ import annotations

from django import template

from yingting.foundation.privacy.reading import kind_title

register = template.Library()
register.filter("kind_title", kind_title)
