# SPDX-License-Identifier: Apache-2.0
"""Bytes over TLS as no HTTP library would send them, and the answers as they came."""
import socket
import ssl


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body


class RawConnection:
    def __init__(self, port, certificate=None, timeout=15):
        plain = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if certificate is None:
            self.socket = plain
        else:
            self.socket = ssl.create_default_context(cafile=str(certificate)).wrap_socket(plain, server_hostname="127.0.0.1")
        self._received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def peer_certificate(self):
        return self.socket.getpeercert(binary_form=True)

    def answer(self):
        """The next answer; None when the connection was closed before one came."""
        while b"\r\n\r\n" not in self._received:
            if not self._receive():
                assert self._received == b"", f"half an answer: {self._received[:200]!r}"
                return None
        head, self._received = self._received.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", 0))
        while len(self._received) < length:
            assert self._receive(), f"{len(self._received)} of {length} bytes of the body"
        body, self._received = self._received[:length], self._received[length:]
        return Answer(int(lines[0].split()[1]), headers, body)

    def is_closed(self):
        """True when the peer closes and sends nothing more; waits as long as the socket's timeout."""
        try:
            return self._received == b"" and not self._receive()
        except TimeoutError:
            return False

    def _receive(self):
        try:
            piece = self.socket.recv(65536)
        except (ConnectionResetError, ssl.SSLEOFError):
            return False
        self._received += piece
        return piece != b""


def request(method, path, body=b"", headers=()):
    """The bytes of a well-formed request, to be spoilt by the caller."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body
