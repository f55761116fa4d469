"""WSGI entry for granian: pages and API."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.http import HttpResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")


class House(WSGIHandler):
    """Django's handler, which spares API requests the signals around a request.

    Of their receivers, an API request needs one thing: a connection that has failed is closed, so that the next opens anew.
    """

    def __call__(  # type: ignore[override]  # the stubs promise Django's response, WSGI promises an iterable
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request."""
        if not environ.get("PATH_INFO", "").startswith(settings.API_PREFIX):
            answer: Iterable[bytes] = super().__call__(environ, start_response)
            return answer
        request = self.request_class(environ)
        response = self._middleware_chain(request)  # type: ignore[attr-defined]  # not in the stubs
        for connection in connections.all(initialized_only=True):
            if connection.errors_occurred:
                connection.close_if_unusable_or_obsolete()
        if not isinstance(response, HttpResponse):
            raise TypeError("the API answers with whole responses; a stream would need the signals around it")
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        request.close()
        return [response.content]


django.setup(set_prefix=False)
application = House()

# A request makes thousands of short-lived objects and hardly any cycle. Looking for cycles every 700 of them, through all
# that start-up has loaded, costs a tenth of the queue's hot path; so what is loaded is set aside, and the search is rarer.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
