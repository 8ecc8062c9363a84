# SPDX-License-Identifier: Apache-2.0
"""What keeps the desk quick however much it holds: counts that are kept and stay true, answers that are small, streams that say what matters first."""
import gzip

import pytest

from harness import case_codes, people
from harness.waiting import until
from test_live import Stream

EACH = ("SELECT queue, count(*), count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE respond_by < now() AND answered_at IS NULL), min(received_at)"
        " FROM register.triage_case WHERE state <> 'resolved' GROUP BY queue ORDER BY queue")
KEPT = "SELECT queue, sum(cases), sum(unclaimed), sum(late), min(oldest) FROM register.queue_count WHERE cases > 0 GROUP BY queue ORDER BY queue"
CELLS = ("SELECT queue, sum(cases), sum(unclaimed), sum(late), sum(people) FROM register.case_count WHERE cases > 0 GROUP BY queue ORDER BY queue",
         "SELECT queue, count(*), count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE respond_by < now() AND answered_at IS NULL),"
         " sum(coalesce(people, 1)) FROM register.triage_case WHERE state <> 'resolved' GROUP BY queue ORDER BY queue")


def cry(citizen, **said):
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, **{"status": "need_help"} | said)).status_code == 201
    return code


def shown(desk):
    return [(one["queue"], one["open"], one["unclaimed"], one["late"], one["oldest"]) for one in desk.act("GET", "/queues").json()["queues"] if one["open"]]


def counted(site, statement=EACH):
    return site.query(statement, role="muster")


def as_shown(rows):
    order = ["emergency", "assistance", "overdue", "identification", "departure", "inquiry"]
    stamp = lambda time: time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"
    return sorted(((*row[:4], stamp(row[4])) for row in rows), key=lambda row: order.index(row[0]))


@pytest.fixture
def stir(site, citizen):
    """All that may become of a case."""
    desk = site.desk("officer", 320)

    def act(code, action, **body):
        answer = desk.act("POST", f"/cases/{code}/{action}", json=body)
        assert answer.status_code == 200, answer.text

    def run():
        codes = [cry(citizen, status=status, people=1 + n % 3) for n, status in enumerate(("need_help", "injured", "in_danger", "need_help"))]
        act(codes[0], "claim")
        act(codes[1], "claim")
        act(codes[1], "resolve", note=people.words("Met them."))
        act(codes[2], "claim")
        act(codes[2], "release")
        assert citizen.check_in(people.check_in(case=codes[3], status="safe")).status_code == 201
        assert citizen.check_in(people.check_in(case=codes[1], status="injured")).status_code == 201
        return codes
    return run


def test_what_is_shown_is_what_is_there_at_once(site, stir):
    """Nothing is waited for: what the courier has not counted yet is added."""
    desk = site.desk()
    for _ in range(3):
        stir()
        there = as_shown(counted(site))
        told = shown(desk)
        late_later = as_shown(counted(site)) # one may have become late meanwhile
        assert [row[:3] for row in told] == [row[:3] for row in there]
        assert all(one[3] <= two[3] <= three[3] for one, two, three in zip(there, told, late_later))


def test_what_is_kept_comes_to_be_what_is_there(site, stir):
    codes = stir()
    until(lambda: counted(site, KEPT) == counted(site), "the queues' counts are those of the cases")
    assert counted(site, CELLS[0]) == counted(site, CELLS[1]) or until(lambda: counted(site, CELLS[0]) == counted(site, CELLS[1]), "the map's too")
    # moved by hand, to another post and queue, and deleted
    site.query("UPDATE register.triage_case SET queue = 'departure', band = 4, post_id = 'cotonou', received_at = received_at - interval '3 days'"
               " WHERE state = 'claimed' AND registration_id IN (SELECT registration_id FROM register.triage_case WHERE state = 'claimed' LIMIT 2)", role="muster")
    until(lambda: counted(site, KEPT) == counted(site), "what moved is counted where it is")
    site.query("DELETE FROM register.triage_case WHERE queue = 'departure' AND post_id = 'cotonou'", role="muster")
    until(lambda: counted(site, KEPT) == counted(site), "what is deleted is not counted")
    assert as_shown(counted(site)) == shown(site.desk()) and codes


def test_it_becomes_late_without_being_touched(site, citizen):
    code = cry(citizen)
    until(lambda: counted(site, KEPT) == counted(site), "all is counted")
    site.query("ALTER TABLE register.triage_case DISABLE TRIGGER log_changed", role="muster") # its time comes nearer, and nobody is told
    site.query("UPDATE register.triage_case SET respond_by = now() + interval '2 seconds' WHERE registration_id = %s"
               " AND respond_by > now() + interval '3 seconds'", (case_codes.number(code),), role="muster")
    site.query("ALTER TABLE register.triage_case ENABLE TRIGGER log_changed", role="muster")
    before = sum(row[3] for row in counted(site))
    until(lambda: sum(row[3] for row in counted(site)) > before, "one is late")
    until(lambda: counted(site, KEPT) == counted(site), "and counted as such")
    assert [row[3] for row in shown(site.desk())] == [row[3] for row in as_shown(counted(site))] and code


def test_after_a_crash_all_is_counted_anew(site, stir):
    """A crash empties what is not in the write-ahead log."""
    until(lambda: counted(site, KEPT) == counted(site), "all is counted")
    site.query("UPDATE register.queue_count SET cases = cases + 7; DELETE FROM register.case_count_mark; DELETE FROM register.case_change", role="muster")
    until(lambda: counted(site, KEPT) == counted(site), "the courier counts them all")
    stir()
    assert [row[:3] for row in shown(site.desk())] == [row[:3] for row in as_shown(counted(site))]


def test_who_sees_no_case_sees_no_figure(site, stir):
    other = site.desk("officer", 321)
    site.query("UPDATE register.staff_access SET post_id = 'cotonou' WHERE staff_id = (SELECT staff_id FROM register.staff WHERE name = 'officer.321')", role="muster")
    stir()
    assert sum(row[1] for row in shown(other)) == site.query("SELECT count(*) FROM register.triage_case WHERE post_id = 'cotonou' AND state <> 'resolved'",
                                                             role="muster")[0][0]
    for table in ("queue_count", "case_change"):
        assert site.query(f"SELECT count(*) FROM register.{table}", role="muster_desk") == [(0,)], "without an officer nothing is visible"


def test_the_emergency_is_told_though_the_rest_is_too_much(site):
    desk = site.desk()
    stream = Stream(desk)
    until(lambda: stream.heard("hello"), "the stream begins")
    site.query("INSERT INTO register.case_change (registration_id, crisis_id, post_id, queue, band, state, version, respond_by, answered, received_at, people)"
               " SELECT 9000 + n, c.crisis_id, c.post_id, CASE WHEN n = 250 THEN 'emergency' ELSE 'assistance' END, CASE WHEN n = 250 THEN 1 ELSE 3 END,"
               "  'resolved', 1, now(), true, now(), 1 FROM generate_series(1, 300) AS n, (SELECT * FROM register.crisis_post WHERE part = 'lead' LIMIT 1) AS c",
               role="muster")
    until(lambda: stream.heard("many"), "it was much")
    urgent, = [data for name, data in stream.told if name == "case" and data["version"] == 1 and data["band"] == 1 and data["state"] == "resolved"]
    assert urgent["queue"] == "emergency" and urgent["respond_by"].endswith("Z")
    assert not [data for name, data in stream.told if name == "case" and data["band"] == 3 and data["state"] == "resolved" and data["version"] == 1]
    assert [name for name, _ in stream.told].index("case") < [name for name, _ in stream.told].index("many")
    stream.close()


@pytest.mark.parametrize("path", ["/assets/console.js", "/assets/console.css", "/"])
def test_what_holds_nobodys_words_is_compressed(site, path):
    officer, browser = site.staff(), site.browser()
    assert browser.sign_in(officer.user, officer.password).ok
    plain = browser.get(path, headers={"Accept-Encoding": "identity"})
    assert plain.status_code == 200 and "Content-Encoding" not in plain.headers and "Accept-Encoding" in plain.headers["Vary"]
    for coding in ("gzip", "br"):
        small = browser.get(path, headers={"Accept-Encoding": coding}, stream=True)
        raw = small.raw.read(decode_content=False)
        assert small.headers["Content-Encoding"] == coding and len(raw) == int(small.headers["Content-Length"]) < len(plain.content) / 2
        if coding == "gzip":
            assert gzip.decompress(raw) == plain.content
        if path != "/":
            tag = small.headers["ETag"]
            assert tag != plain.headers["ETag"]
            assert browser.get(path, headers={"Accept-Encoding": coding, "If-None-Match": tag}).status_code == 304


def test_what_people_wrote_is_not(site, citizen):
    """A list has names that strangers chose beside other people's: its length must not tell of them."""
    code, desk = cry(citizen), site.desk()
    for _ in range(10):
        cry(citizen)
    for path in ("/queues/assistance/cases", "/queues/emergency/cases", f"/cases/{code}", f"/cases/{code}/check-ins"):
        answer = desk.act("GET", path, headers={"Accept-Encoding": "br, gzip"})
        assert answer.status_code == 200 and "Content-Encoding" not in answer.headers, path


def test_a_change_that_is_slow_to_end_is_counted_when_it_ends(site, citizen):
    """Counts are made while it is on its way; it has taken its number and is not seen yet."""
    code = cry(citizen)
    until(lambda: counted(site, KEPT) == counted(site), "all is counted")
    slow = site.cluster.connect()
    try:
        with slow.cursor() as cursor:
            cursor.execute("UPDATE register.triage_case SET queue = 'departure', version = version + 1 WHERE registration_id = %s", (case_codes.number(code),))
        for _ in range(4):
            site.query("SELECT register.count_cases()", role="muster")
        slow.commit()
    finally:
        slow.close()
    until(lambda: counted(site, KEPT) == counted(site), "it is counted where it went")
    until(lambda: counted(site, CELLS[0]) == counted(site, CELLS[1]), "on the map, too")


def test_a_case_that_goes_to_another_crisis_leaves_its_own(site, citizen):
    """As a stranger's does whose registration names another: it is nobody's ghost."""
    each = EACH.replace("GROUP BY queue", "AND crisis_id = 'ner-2023' GROUP BY queue")
    kept = KEPT.replace("WHERE cases", "WHERE crisis_id = 'ner-2023' AND cases")
    code = cry(citizen)
    until(lambda: counted(site, kept) == counted(site, each), "all is counted")
    site.query("INSERT INTO register.crisis (crisis_id, country, name, posture, advisory_level, routine_services, emergency_services, evacuation, message, languages,"
               " opened_at, closed_at) SELECT 'xm-320', 'XM', name, posture, advisory_level, routine_services, emergency_services, evacuation, message, languages,"
               " opened_at, now() FROM register.crisis WHERE crisis_id = 'ner-2023'", role="muster")
    site.query("INSERT INTO register.crisis_post (crisis_id, post_id, part) VALUES ('xm-320', 'niamey', 'lead')", role="muster")
    site.query("UPDATE register.triage_case SET crisis_id = 'xm-320', version = version + 1 WHERE registration_id = %s", (case_codes.number(code),), role="muster")
    until(lambda: counted(site, kept) == counted(site, each), "it is gone from the one")
    until(lambda: counted(site, "SELECT queue, cases FROM register.queue_count WHERE crisis_id = 'xm-320'") == [("assistance", 1)], "and counted in the other")
    site.query("UPDATE register.triage_case SET crisis_id = 'ner-2023', version = version + 1 WHERE registration_id = %s", (case_codes.number(code),), role="muster")
