"""Names of categories by code."""

from __future__ import annotations

import datetime as dt

from yingting.domains.cases.facade import CATEGORIES, rule_of
from yingting.foundation.editing.naming import named


def category_names(path: str, day: dt.date) -> dict[str, str]:
    """Return the categories of a unit by code, in the reader's language."""
    return {one.code: named(one) for one in rule_of(CATEGORIES, path, day).categories}
