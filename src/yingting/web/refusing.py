"""Refusals in the reader's language, and the form in which the API says no (RFC 9457)."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpResponse


def problem(*, status: int, code: str, title: str, **more: Any) -> HttpResponse:
    """Return problem details: `code` names the refusal for machines, `title` says it for people."""
    body = {"type": f"urn:yingting:{code}", "title": title, "status": status, "code": code, **more}
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/problem+json")
