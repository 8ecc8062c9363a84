# SPDX-License-Identifier: Apache-2.0
"""What open consoles are told as it happens: changes of cases they may see, and who looks at what; nothing else, nothing personal."""
import json
import socket
import threading

import pytest

from harness import case_codes, people
from harness.service import CRISIS
from harness.waiting import until


class Stream:
    """The events of one session, as an EventSource reads them."""

    def __init__(self, desk, last=None, reads=True):
        self.answer = desk.get("/api/v1/events", stream=True, headers={} if last is None else {"Last-Event-ID": str(last)}, timeout=(10, 60))
        assert self.answer.status_code == 200, self.answer.text
        self.told, self.last, self.over = [], last, False
        self.thread = threading.Thread(target=self._read, daemon=True)
        if reads:
            self.thread.start()

    def _read(self):
        name, data = "message", ""
        try:
            for line in self.answer.iter_lines(chunk_size=1, decode_unicode=True):
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    data = value
                elif field == "id":
                    self.last = value
                elif line == "":
                    if data:
                        self.told.append((name, json.loads(data)))
                    name, data = "message", ""
        except Exception: # the connection was closed under it
            pass
        self.over = True

    def of(self, code, name="case"):
        return [data for kind, data in list(self.told) if kind == name and data["case"] == code]

    def heard(self, name):
        return [data for kind, data in list(self.told) if kind == name]

    def close(self):
        """The reader waits in the socket, and would until the next heartbeat."""
        if not self.over:
            self.answer.raw._connection.sock.shutdown(socket.SHUT_RDWR)
        if self.thread.ident is not None:
            self.thread.join(5)


@pytest.fixture
def listen():
    streams = []

    def make(desk, last=None):
        streams.append(Stream(desk, last))
        until(lambda: streams[-1].heard("hello"), "the stream begins")
        return streams[-1]
    yield make
    for stream in streams:
        stream.close()


def cry(citizen, **changes):
    code = citizen.register(people.registration(**changes)).json()["case"]
    said = people.check_in(case=code, status="injured", needs=["medical_emergency"], message=people.words("please come"))
    assert citizen.check_in(said).status_code == 201
    return code


def test_a_cry_and_what_is_done_about_it(site, citizen, desk, listen):
    stream = listen(site.desk())
    assert stream.answer.headers["Content-Type"] == "text/event-stream" and "no-store" in stream.answer.headers["Cache-Control"]
    assert stream.heard("hello") == [{"resumed": False}]
    code = cry(citizen)
    until(lambda: stream.of(code), "the cry is told")
    told = stream.of(code)[-1]
    assert told == {"case": code, "band": 1, "version": told["version"], "queue": "emergency", "state": "open", "crisis": CRISIS, "post": told["post"],
                    "respond_by": told["respond_by"]}
    assert desk.do(code, "claim").status_code == 200
    until(lambda: stream.of(code)[-1]["state"] == "claimed", "the claim is told")
    assert stream.of(code)[-1]["version"] > told["version"]
    assert people.traces(json.dumps(stream.told).encode()) == []


def test_only_who_may_see_a_case_hears_of_it(site, citizen, listen):
    posts = site.query("SELECT post_id, part FROM register.crisis_post WHERE crisis_id = %s ORDER BY part = 'lead', post_id", (CRISIS,), role="muster")
    here = next(post for post, part in posts if part == "lead")
    officer, neighbour = site.staff(number=41), site.staff(number=42)
    for one, post in ((officer, here), (neighbour, posts[0][0])):
        site.query("UPDATE register.staff_access SET post_id = %s WHERE staff_id = (SELECT staff_id FROM register.staff WHERE name = %s)"
                   " RETURNING 1", (post, one.user), role="muster")
    streams = []
    for one in (officer, neighbour):
        browser = site.browser()
        assert browser.sign_in(one.user, one.password).ok
        streams.append(listen(browser))
    first = cry(citizen)
    until(lambda: streams[0].of(first), "the post's own officer hears of it")
    # from now on the neighbour helps here too: told without being asked anew
    site.query("UPDATE register.staff_access SET post_id = NULL WHERE staff_id = (SELECT staff_id FROM register.staff WHERE name = %s)"
               " RETURNING 1", (neighbour.user,), role="muster")
    second = cry(citizen)
    until(lambda: streams[1].of(second), "access is what it is now")
    assert streams[1].of(first) == []


@pytest.mark.parametrize("role", ["admin", "warden"])
def test_who_reads_no_register_hears_nothing(site, role):
    answer = site.desk(role).get("/api/v1/events", stream=True)
    assert answer.status_code == 403
    assert site.browser().get("/api/v1/events").status_code == 401


def test_what_was_missed_is_told_first(site, citizen, listen):
    before = listen(site.desk())

    def may_resume():
        """Numbers that were passed over at the very beginning of the log are waited for, for ten seconds: who heard no more than what was before them begins anew."""
        code = cry(citizen)
        until(lambda: before.of(code), "told")
        return int(before.last) + 1 >= site.query("SELECT min(change_id) FROM register.case_change", role="muster")[0][0]
    until(may_resume, "up to where it is told", pause=0.3)
    last = before.last
    before.close()
    missed = [cry(citizen) for _ in range(3)]
    after = listen(site.desk(), last=last)
    until(lambda: all(after.of(one) for one in missed), "what was missed")
    assert after.heard("hello") == [{"resumed": True}]
    later = cry(citizen)
    until(lambda: after.of(later), "and what comes")


@pytest.mark.parametrize("last", ["999999999999", "nonsense", "-4", "9" * 40])
def test_an_id_that_cannot_be_resumed_begins_anew(desk, listen, last):
    assert listen(desk, last=last).heard("hello") == [{"resumed": False}]


def test_a_session_that_ends_ends_its_stream(site, citizen, listen):
    officer = site.staff(number=43)
    browser = site.browser()
    assert browser.sign_in(officer.user, officer.password).ok
    stream = listen(browser)
    other = site.browser()
    other.session.cookies.update(browser.session.cookies)
    other.csrf = browser.csrf
    assert other.act("DELETE", "/session").status_code == 204
    until(lambda: stream.over, "the stream ends")
    assert stream.heard("ended") == [{}]


def test_presence_is_told_to_who_sees_the_case(site, citizen, desk, listen):
    code = cry(citizen)
    stream = listen(site.desk("viewer"))
    say = lambda body, by=desk: by.act("POST", "/presence", json=body).status_code
    assert say({"case": code, "doing": "looking"}) == 204
    until(lambda: stream.of(code, "presence"), "told")
    assert stream.of(code, "presence") == [{"case": code, "doing": "looking", "user": site.staff().user}]
    assert say({"case": code, "doing": "writing"}) == 204
    until(lambda: [one["doing"] for one in stream.of(code, "presence")] == ["looking", "writing"], "in order")
    assert say({"case": code, "doing": "sleeping"}) == 422 and say({"case": code}) == 422 and say({"case": "K7M2Q-9QXD0", "doing": "looking"}) == 422
    assert say({"case": case_codes.code(case_codes.number(code) ^ 1), "doing": "looking"}) == 404
    assert say({"case": code, "doing": "looking"}, site.desk("viewer")) == 403


def test_a_batch_is_logged_once_a_case_and_nothing_else_is(site, citizen):
    """Registrations and check-ins of the safe cost the log nothing."""
    newest = lambda: site.query("SELECT coalesce(max(change_id), 0) FROM register.case_change", role="muster")[0][0]
    code = citizen.register(people.registration(intent="staying")).json()["case"]
    at = newest()
    assert citizen.check_in(people.check_in(case=code, status="safe")).status_code == 201
    of_it = "SELECT count(*) FROM register.case_change WHERE registration_id = %s AND change_id > %s"
    assert site.query(of_it, (case_codes.number(code), at), role="muster") == [(0,)]
    assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
    assert site.query(of_it, (case_codes.number(code), at), role="muster") == [(1,)]
    assert site.query("SELECT relpersistence FROM pg_class WHERE oid = 'register.case_change'::regclass", role="muster") == [("u",)]


def test_who_does_not_read_is_let_go_and_holds_no_megabytes(lone_site, listen):
    """Neither here nor in the kernel, whose own limit is four: what a console reads minutes later tells it nothing any more."""
    urgent = [case_codes.number(cry(lone_site.citizen())) for _ in range(20)]
    deaf = Stream(lone_site.desk(), reads=False)
    stream = listen(lone_site.desk("viewer"))
    more = "UPDATE register.triage_case SET version = version + 1 WHERE registration_id = ANY (%s)"
    told = lambda: sum(data["case"] == last for data in stream.heard("case"))
    last = case_codes.code(urgent[-1])
    for number in range(40): # of 180 changes, some 45 kB; each is told before the next
        lone_site.query("; ".join([more] * 9), (urgent,) * 9, role="muster")
        until(lambda number=number: told() >= 9 * (number + 1), "told", 20, 0.02)
        if lone_site.service.events("stream.dropped"):
            break
    until(lambda: lone_site.service.events("stream.dropped"), "it was let go", 3)
    assert not stream.over
    deaf.close()


def test_streams_outlive_the_database_and_not_the_desk(lone_site, listen):
    """A PostgreSQL that fell has lost the log, and the console is told so; a desk that stops ends its streams, and does not wait for them."""
    stream = listen(lone_site.desk())
    citizen = lone_site.citizen()
    code = cry(citizen)
    until(lambda: stream.of(code), "told")
    lone_site.cluster.stop("immediate")
    lone_site.cluster.start()
    until(lone_site.service.is_ready, "all is back", seconds=40)
    until(lambda: stream.heard("reset"), "what may have been missed is said")
    until(lone_site.edges_have_the_database, "the edges are back")
    resets = len(stream.heard("reset"))
    later = cry(citizen)
    until(lambda: stream.of(later) or len(stream.heard("reset")) > resets, "it goes on; who begins anew once more, as another connection is back, sees it so")
    resumed = listen(lone_site.desk(), last=1)
    assert resumed.heard("hello") == [{"resumed": False}], "the log before the fall is gone"
    lone_site.service.stop()
    until(lambda: stream.over and resumed.over, "the streams end")
