# SPDX-License-Identifier: Apache-2.0
"""The provider's side of a gateway: takes what is handed to it over HTTP, keeps it, and answers as a test says."""
import collections
import http.server
import threading
import urllib.parse

Taken = collections.namedtuple("Taken", "path headers body")


class FakeGateway:
    """`answer(n)` gives (status, content) for the n-th request from 0 on; None: the connection is closed without an answer."""

    def __init__(self, answer=None, port=0):
        self.taken = []
        self.answer = answer or (lambda number: (200, "{}"))
        self.hold = threading.Event() # clear: no request is answered
        self.hold.set()
        self._lock = threading.Lock()
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with gateway._lock:
                    number = len(gateway.taken)
                    gateway.taken.append(Taken(self.path, dict(self.headers), body))
                gateway.hold.wait(60)
                answer = gateway.answer(number)
                if answer is None:
                    self.close_connection = True
                    return
                content = answer[1].encode()
                try:
                    self.send_response(answer[0])
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError: # nobody waits any more
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()

    def form(self, number):
        return {name: values[0] for name, values in urllib.parse.parse_qs(self.taken[number].body.decode()).items()}
