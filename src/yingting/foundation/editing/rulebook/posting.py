"""A rule that is being written, as a preview page gets it: as the `body` of a form, not saved anywhere."""

from __future__ import annotations

import json
from typing import TypeVar

from django.utils.translation import gettext
from pydantic import ValidationError

from yingting.foundation.editing.rulebook.actions import RULE_WRONG
from yingting.foundation.rulebook.kinds import Kind, from_body
from yingting.kernel.refusals import Refusal

T = TypeVar("T")


def posted_rule(kind: Kind[T], body: str, path: str) -> T | None:
    """Return the posted rule, None when none was posted. Raises Refusal rule.wrong."""
    if not body:
        return None
    try:
        rule = from_body(kind, json.loads(body))
    except (ValueError, ValidationError) as error:
        raise Refusal(RULE_WRONG, sentence=gettext("it cannot be read")) from error
    for field, sentence, params in kind.check(rule, path):
        raise Refusal(RULE_WRONG, sentence=gettext(sentence) % params, field=field)
    return rule
