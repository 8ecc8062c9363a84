# SPDX-License-Identifier: Apache-2.0
"""Stands between musterd and PostgreSQL on a unix socket, and on one occasion loses what PostgreSQL answered."""
import contextlib
import os
import pathlib
import socket
import threading

ROLE = b"user\0muster_edge\0"
DONE = b"Z\0\0\0\5I" # ReadyForQuery, idle: the transaction is over (PostgreSQL 15, section 55.7)


class AnswerProxy:
    """`lose(statement, how)` is for the next execution of a statement by an edge:
    after_commit  passes it on, waits until PostgreSQL says that it is done, and closes both sides without a word of it
    cut           passes it on and closes both sides at once: it may be committed, or may not
    before        passes nothing on, and closes both sides"""

    def __init__(self, directory, upstream):
        self.directory = pathlib.Path(directory)
        self._upstream = str(upstream / ".s.PGSQL.5432")
        self._wanted = None # (statement, how)
        self._guard = threading.Lock()
        self._lost = threading.Event() # it happened, and both sides are closed
        self.was_committed = False

    def __enter__(self):
        self.directory.mkdir(mode=0o755)
        path = self.directory / ".s.PGSQL.5432"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        os.chmod(path, 0o777) # the roles have an account of their own
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def lose(self, statement, how):
        with self._guard:
            self._lost.clear()
            self.was_committed = False
            self._wanted = (statement.encode(), how)

    def struck(self):
        self._lost.set()

    def has_struck(self):
        with self._guard:
            struck = self._wanted is None
        return struck and self._lost.wait(10)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self._upstream)
        except OSError:
            client.close()
            return
        link = _Link(self, client, server)
        threading.Thread(target=link.answers, daemon=True).start()
        link.questions()

    def claim(self, data):
        """How to lose what `data` asks for; None when it is not what is waited for."""
        with self._guard:
            if self._wanted is None or self._wanted[0] not in data:
                return None
            how, self._wanted = self._wanted[1], None
            return how


class _Link:
    def __init__(self, proxy, client, server):
        self._proxy, self._client, self._server = proxy, client, server
        self._swallowing = False
        self._is_edge = None

    def questions(self):
        with contextlib.suppress(OSError):
            while data := self._client.recv(1 << 20):
                if self._is_edge is None: # the start-up packet
                    self._is_edge = ROLE in data
                how = self._proxy.claim(data) if self._is_edge else None
                self._swallowing = self._swallowing or how is not None
                if how != "before":
                    self._server.sendall(data)
                if how in ("before", "cut"):
                    break
        self._close()

    def answers(self):
        swallowed = b""
        with contextlib.suppress(OSError):
            while data := self._server.recv(1 << 20):
                if not self._swallowing:
                    self._client.sendall(data)
                    continue
                swallowed += data
                if swallowed.endswith(DONE):
                    self._proxy.was_committed = True
                    break
        self._close()

    def _close(self):
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        if self._swallowing:
            self._proxy.struck()
