# SPDX-License-Identifier: Apache-2.0
"""What a request costs on the wire: every byte of the TLS connection, the handshake's apart."""
import dataclasses
import socket
import ssl


@dataclasses.dataclass
class Exchange:
    status: int
    headers: dict
    body: bytes
    sent: int
    received: int


class Wire:
    """One TLS connection whose bytes are counted as they pass; TCP and IP headers are not among them."""

    def __init__(self, host, port):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE # whom we speak to is tested elsewhere
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.socket = socket.create_connection((host, port), timeout=20)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        self.sent = self.received = 0
        self._until(self.tls.do_handshake)
        self._flush()
        self.handshake = (self.sent, self.received)

    def _flush(self):
        data = self.outgoing.read()
        self.sent += len(data)
        self.socket.sendall(data)

    def _until(self, act):
        while True:
            try:
                return act()
            except ssl.SSLWantReadError:
                self._flush()
                data = self.socket.recv(65536)
                self.received += len(data)
                if not data:
                    raise ConnectionError("closed") from None
                self.incoming.write(data)

    def request(self, method, path, headers=(), body=b""):
        sent, received = self.sent, self.received
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in dict(headers).items())]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.tls.write("\r\n".join([*lines, "", ""]).encode() + body)
        self._flush()
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._until(lambda: self.tls.read(65536))
        head, _, rest = data.partition(b"\r\n\r\n")
        first, *fields = head.decode("latin-1").split("\r\n")
        told = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
        while len(rest) < int(told.get("content-length", 0)):
            rest += self._until(lambda: self.tls.read(65536))
        return Exchange(int(first.split()[1]), told, rest, self.sent - sent, self.received - received)

    def close(self):
        self.socket.close()
