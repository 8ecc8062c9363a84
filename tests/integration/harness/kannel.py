# SPDX-License-Identifier: Apache-2.0
"""Debian's Kannel for real: bearerbox and smsbox on free loopback ports, and the handset side of its fake SMSC.

The fake SMSC is Kannel's own; its handset side is one line a message over TCP, "FROM TO TYPE TEXT", replies alike. We speak it
here instead of starting Kannel's `fakesmsc`, which sends its messages in an order of its own."""
import collections
import os
import pathlib
import re
import select
import socket
import subprocess
import time
import urllib.parse

from .waiting import free_ports, until

Text = collections.namedtuple("Text", "sender recipient text")

LINE = re.compile(rb"\S+ \S+ (text|data|udh|ucs2|ucs-2) ")
SHORT_CODE = "8888"
COULD_NOT_FETCH = "Muster has your message in hand but could not confirm it. Please send it again if nothing follows."

CONFIGURATION = """\
group = core
admin-port = {admin_port}
admin-password = {password}
smsbox-port = {box_port}
box-allow-ip = "127.0.0.1"
log-file = "{directory}/bearerbox.log"
log-level = 0
ssl-trusted-ca-file = "{certificate}"
sms-combine-concatenated-mo-timeout = 3

group = smsc
smsc = fake
smsc-id = FAKE
port = {smsc_port}
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = 127.0.0.1
global-sender = {short_code}
log-file = "{directory}/smsbox.log"
log-level = 0
http-request-retry = 100
http-queue-delay = 1
sendsms-port = {send_port}
reply-couldnotfetch = "{could_not_fetch}"

group = sendsms-user
username = muster
password = {password}
concatenation = true
max-messages = 6

group = sms-service
keyword = default
catch-all = yes
concatenation = yes
max-messages = 3
post-url = "{messages_url}&from=%p&to=%P&id=%I&ts=%T&coding=%c&charset=%C&smsc=%i&udh=%u&text=%b"
"""


class Kannel:
    def __init__(self, directory, messages_url, certificate):
        self.directory = pathlib.Path(directory)
        self._smsc_port, self._admin_port, self._box_port, send_port = free_ports(4)
        password = os.urandom(8).hex()
        self.account = {"base": f"http://127.0.0.1:{send_port}", "user": "muster", "password": password, "from": SHORT_CODE}
        self.configuration = self.directory / "kannel.conf"
        self._processes = []
        self._handset = None
        self._received = b""
        self._texts = []
        self.directory.mkdir()
        self.configuration.write_text(CONFIGURATION.format(
            admin_port=self._admin_port, password=password, send_port=send_port, box_port=self._box_port, smsc_port=self._smsc_port,
            directory=self.directory, certificate=certificate, short_code=SHORT_CODE, could_not_fetch=COULD_NOT_FETCH,
            messages_url=messages_url))

    def start(self):
        self._start("/usr/sbin/bearerbox")
        until(lambda: _accepts(self._box_port) and _accepts(self._smsc_port), "bearerbox listens", 15)
        seen = self._log("smsbox").count(b"Connected to bearerbox")
        self._start("/usr/sbin/smsbox")
        until(lambda: self._log("smsbox").count(b"Connected to bearerbox") > seen, "smsbox is connected", 15)
        self._handset = socket.create_connection(("127.0.0.1", self._smsc_port), timeout=10)
        return self

    def stop(self):
        if self._handset is not None:
            self._handset.close()
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired: # smsbox waits for its retries
                process.kill()
                process.wait(5)

    # --- the handset ----------------------------------------------------------------------------------------------------

    def send(self, sender, text, ucs2=False):
        """A citizen's message; with `ucs2` as a handset sends it that has characters outside the GSM alphabet."""
        assert "\n" not in text, "a line of the fake SMSC is one message"
        if ucs2:
            kind, coded = "ucs2", "".join(f"%{byte:02X}" for byte in text.encode("utf-16-be"))
        else:
            kind, coded = "text", text
        self._handset.sendall(f"{sender} {SHORT_CODE} {kind} {coded}\n".encode())

    def send_octets(self, sender, text):
        """As a handset sends it in the GSM alphabet's stead: any octets, line ends too."""
        self._handset.sendall(f"{sender} {SHORT_CODE} data {urllib.parse.quote_plus(text)}\n".encode())

    def send_in_parts(self, sender, parts, reference=42, order=None):
        """One long message as the network brings it: pieces with a concatenation header (3GPP TS 23.040 section 9.2.3.24.1)."""
        for number in order or range(len(parts)):
            header = "".join(f"%{octet:02X}" for octet in (5, 0, 3, reference, len(parts), number + 1))
            self._handset.sendall(f"{sender} {SHORT_CODE} udh {header} {urllib.parse.quote_plus(parts[number])}\n".encode())

    def kill(self):
        """Both boxes at once; `start` brings them back."""
        self._handset.close()
        for process in self._processes:
            process.kill()
            process.wait(5)
        self._processes = []

    def texts_to(self, recipient, count=1, seconds=20):
        """The texts that a handset got, at least `count`, within the time."""
        deadline = time.monotonic() + seconds
        while True:
            self._read()
            got = [text for text in self._texts if text.recipient.lstrip("+") == recipient.lstrip("+")]
            if len(got) >= count:
                return got
            assert time.monotonic() < deadline, f"{len(got)} of {count} texts; smsbox: {self._log('smsbox')[-1500:]}"

    def is_quiet(self, recipient, seconds):
        """True when no further text reaches the handset for so long."""
        before = len([text for text in self._texts if text.recipient.lstrip("+") == recipient.lstrip("+")])
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._read()
        return len([text for text in self._texts if text.recipient.lstrip("+") == recipient.lstrip("+")]) == before

    # --- inside ---------------------------------------------------------------------------------------------------------

    def _start(self, program):
        output = open(self.directory / f"{pathlib.Path(program).name}.out", "wb")
        with output:
            self._processes.append(subprocess.Popen([program, self.configuration], stdin=subprocess.DEVNULL, stdout=output,
                                                    stderr=output, start_new_session=True))

    def _log(self, program):
        path = self.directory / f"{program}.log"
        return path.read_bytes() if path.exists() else b""

    def _read(self):
        """Takes what has come from the fake SMSC, for at most a tenth of a second."""
        waiting = select.poll() # select() takes no descriptor above 1,023, and a whole run of tests has as many
        waiting.register(self._handset, select.POLLIN)
        if waiting.poll(100):
            piece = self._handset.recv(65536)
            assert piece, "the fake SMSC closed the connection"
            self._received += piece
        while b"\n" in self._received:
            line, self._received = self._received.split(b"\n", 1)
            if not LINE.match(line): # a line break is sent as it is
                last = self._texts.pop()
                self._texts.append(last._replace(text=f"{last.text}\n{line.decode()}"))
                continue
            sender, recipient, kind, text = line.decode().split(" ", 3)
            if kind == "udh": # a piece of a long text: the header stands before it
                _, kind, text = text.split(" ", 2)
            octets = urllib.parse.unquote_to_bytes(text.replace("+", " "))
            if kind in ("ucs2", "ucs-2"):
                text = octets.decode("utf-16-be")
            elif kind == "data":
                text = octets.decode()
            self._texts.append(Text(sender, recipient, text))


def _accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
