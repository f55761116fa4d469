"""Addresses of the customers' pages, as their phones reach them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest

from yingting.domains.cases.queries.following import secret_of
from yingting.domains.queueing.views.links import public_link


def follow_link(request: HttpRequest, public_number: str) -> str:
    """Return the full address on which the customer of a case follows it."""
    return public_link(request, "cases:follow-case", secret_of(public_number))


def find_link(request: HttpRequest, public_number: str) -> str:
    """Return the full address that asks for the end of the telephone number and leads to the case."""
    return f"{public_link(request, 'cases:follow')}?{urlencode({'number': public_number})}"


def say_link(request: HttpRequest, hall_code: str) -> str:
    """Return the full address on which customers of a hall leave something."""
    return public_link(request, "cases:say", hall_code)
