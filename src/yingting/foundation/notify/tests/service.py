"""A service on this machine that stands for a robot or a gateway: it keeps what it gets, and answers what a test wants."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Service:
    """What it answers (`status`, `body`), what it got (parsed JSON), and the apprise address under which it is."""

    def __init__(self):
        self.status, self.body, self.got = 200, b"{}", []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                service.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(service.status)
                self.end_headers()
                self.wfile.write(service.body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.address = f"json://127.0.0.1:{self.server.server_port}/robot-of-the-hall"


@contextmanager
def listening():
    """A service that listens while the block runs."""
    service = Service()
    try:
        yield service
    finally:
        service.server.shutdown()
        service.server.server_close()
