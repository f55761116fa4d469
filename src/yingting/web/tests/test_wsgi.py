"""The handler that granian runs: API requests take the short way, pages Django's own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest
from django.core import signals
from django.db import OperationalError, connection

from yingting.web import middleware
from yingting.web.wsgi import application

pytestmark = pytest.mark.django_db


def ask(path, method="GET", **environ):
    said = {}

    def start_response(status, headers):
        said["status"], said["headers"] = int(status.split()[0]), dict(headers)

    environ |= {
        "REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "house",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "house", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True,
        "wsgi.run_once": False, "CONTENT_LENGTH": "0",
    }  # fmt: skip
    return b"".join(application(environ, start_response)), said["status"], said["headers"]


@pytest.fixture
def started():
    seen = []

    def note(**_):
        seen.append(1)

    signals.request_started.connect(note)
    yield seen
    signals.request_started.disconnect(note)


def test_the_api_refuses_a_stranger_with_its_headers_and_without_signals(started):
    body, status, headers = ask("/api/v1/halls/01a20085-5cb7-74e0-9728-e0c3067ab884/board")
    assert (status, json.loads(body)["code"]) == (401, "token.unknown")
    assert headers["Content-Length"] == str(len(body))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers
    assert not started


def test_an_unknown_address_of_the_api_is_a_problem_with_the_headers():
    body, status, headers = ask("/api/v1/nothing")
    assert (status, json.loads(body)["code"]) == (404, "address.unknown")
    assert headers["X-Frame-Options"] == "DENY"


def test_a_page_goes_the_whole_way(started):
    body, status, headers = ask("/sign-in/")
    assert status == 200
    assert "csrfmiddlewaretoken" in body.decode()
    assert "Content-Security-Policy" in headers
    assert started


def test_a_failed_connection_is_given_up_after_the_request(monkeypatch):
    closed = []
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: closed.append(1))

    class Broken:
        def resolve(self, path):
            connection.errors_occurred = True
            raise OperationalError("the line is dead")

    monkeypatch.setattr(middleware, "get_resolver", Broken)
    try:
        body, status, _ = ask("/api/v1/halls/")
    finally:
        connection.errors_occurred = False
    assert (status, json.loads(body)["code"]) == (500, "server.failed")
    assert closed


def test_a_web_process_starts_without_what_only_reports_need(tmp_path):
    """DuckDB, Ibis and the makers of documents take seconds to load on an old PC; the page that needs them waits, not the start."""
    heavy = ("ibis", "duckdb", "pyarrow", "pandas", "apprise", "reportlab", "docxtpl", "xlsxwriter")
    code = (
        "import sys, yingting.web.wsgi; from django.urls import get_resolver; get_resolver().url_patterns;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "yingting.web.settings", "YINGTING_DATA_DIR": str(tmp_path)}
    env["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("process", ["wsgi", "stream"])
def test_a_web_process_never_loads_the_engine_of_the_twin(tmp_path, process):
    """What is compiled belongs to workers: it costs seconds and a hundred megabytes. Announced waits need plain numbers only."""
    heavy = ("numba", "scipy", "yingting.twin.engine", "yingting.twin.announcing")
    code = (
        f"import sys, django; django.setup(); import yingting.web.{process};"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "from yingting.domains.queueing.queries.announcing import waits_in_use;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "yingting.web.settings", "YINGTING_DATA_DIR": str(tmp_path)}
    env["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
