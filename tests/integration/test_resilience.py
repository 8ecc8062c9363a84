# SPDX-License-Identifier: Apache-2.0
"""Killing, stopping, draining and reloading parts of it while answers are being given. Every test leaves the deployment whole."""
import concurrent.futures
import json
import subprocess
import threading
import time

import pytest
import requests

from harness import case_codes, people
from harness.raw import RawConnection, request
from harness.waiting import until


@pytest.fixture
def deployment(lone_site):
    """The module's own deployment; ready before and after each test."""
    if lone_site.service.process is None:
        lone_site.service.start()
    lone_site.service.wait_ready()
    yield lone_site
    if not lone_site.cluster.running:
        lone_site.cluster.start()
    if lone_site.service.process is not None:
        lone_site.service.wait_ready()


def register(site):
    sent = people.registration()
    answer = site.citizen().register(sent)
    assert answer.status_code == 201, answer.text
    return sent, answer.json()["case"]


def insist(site, send, seconds=30):
    """As a citizen's program does: the same submission again until it is answered with a 2xx."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer = send(site.citizen())
            if answer.status_code in (201, 202):
                return answer
            assert answer.status_code in (429, 503), answer.text
            assert answer.headers.get("Retry-After"), "a refusal says when to come back"
        except requests.exceptions.ConnectionError:
            pass
        assert time.monotonic() < deadline, "no 2xx in time"
        time.sleep(0.05)


@pytest.mark.parametrize("role", ["edge", "desk", "courier", "ops"])
def test_a_killed_role_is_back(deployment, role):
    killed = deployment.service.kill_role(role)
    until(lambda: len(deployment.service.roles(role)) >= len(killed), f"{role} started again", 20)
    deployment.service.wait_ready()
    assert not set(killed) & set(deployment.service.roles(role))
    _, case = register(deployment)
    assert deployment.citizen().check_in(people.check_in(case=case, status="need_help")).status_code == 201
    assert deployment.desk().case(case).status_code == 200


def test_no_answered_record_is_lost_when_edges_are_killed(deployment):
    _, case = register(deployment)
    sent, answered, stop = [], [], threading.Event()

    def citizen_program():
        while not stop.is_set():
            said = people.check_in(case=case, status="moving")
            sent.append(said["client_id"])
            insist(deployment, lambda citizen, said=said: citizen.check_in(said))
            answered.append(said["client_id"])

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        running = [pool.submit(citizen_program) for _ in range(8)]
        for _ in range(3):
            time.sleep(0.7)
            deployment.service.kill_role("edge")
        time.sleep(0.7)
        stop.set()
        for one in running:
            one.result()
    assert len(answered) > 20
    expect_stored_once(deployment, answered)


def expect_stored_once(site, client_ids, seconds=30):
    def counted():
        rows = site.query("SELECT client_id::text, count(*) FROM report.check_in WHERE client_id = ANY (%s::uuid[]) GROUP BY 1",
                          (list(client_ids),))
        return dict(rows)
    until(lambda: len(counted()) == len(set(client_ids)), f"all {len(set(client_ids))} in the register", seconds, 0.2)
    assert set(counted().values()) == {1}


def test_postgresql_away_the_journal_answers_and_the_courier_brings_it(deployment):
    _, case = register(deployment)
    deployment.cluster.stop("immediate")
    said = [people.check_in(case=case, status=status) for status in ("safe", "moving", "in_danger")]
    stranger = people.check_in(phone=people.phone(), status="need_help")
    newcomer = people.registration()
    first = [insist(deployment, lambda citizen, one=one: citizen.check_in(one)) for one in [*said, stranger]]
    registered = insist(deployment, lambda citizen: citizen.register(newcomer))
    assert {(answer.status_code, answer.json()["stored"]) for answer in [*first, registered]} == {(202, "journal")}
    again = insist(deployment, lambda citizen: citizen.register(newcomer))
    assert again.json()["case"] == registered.json()["case"] and again.json()["secret"] == registered.json()["secret"]
    insist(deployment, lambda citizen: citizen.check_in(said[2]))
    assert people.traces(b"".join(path.read_bytes() for path in (deployment.service.state / "journal").rglob("*")
                                  if path.is_file())) == [], "the journal holds nothing in the clear"

    deployment.cluster.start()
    expect_stored_once(deployment, [one["client_id"] for one in [*said, stranger]])
    assert {row[3] for one in said for row in deployment.check_ins_of(one["client_id"])} == {"journal"}
    number = (case_codes.number(registered.json()["case"]),)
    until(lambda: deployment.query("SELECT state FROM report.party WHERE registration_id = %s", number) == [("registered",)],
          "the registration is in the register", 30)
    deployment.service.wait_ready()
    late = deployment.citizen().register(newcomer)
    assert late.status_code in (201, 202) and late.json()["case"] == registered.json()["case"]
    assert deployment.citizen().check_in(said[0]).status_code in (201, 202)
    expect_stored_once(deployment, [one["client_id"] for one in [*said, stranger]])
    assert deployment.desk().case(case).json()["band"] == 2


def test_postgresql_that_hangs_does_not_hold_up_an_answer(deployment):
    """Stopped where it stands, it neither answers nor closes: the commit's deadline must pass, and the journal take it."""
    _, case = register(deployment)
    said = people.check_in(case=case, status="need_help")
    deployment.cluster.pause()
    try:
        started = time.monotonic()
        answer = insist(deployment, lambda citizen: citizen.check_in(said))
        assert answer.status_code == 202 and time.monotonic() - started < 20
    finally:
        deployment.cluster.resume()
    expect_stored_once(deployment, [said["client_id"]])


def test_a_lost_machine_loses_nothing_it_answered(deployment):
    _, case = register(deployment)
    deployment.cluster.stop("immediate")
    said = [people.check_in(case=case, status="safe") for _ in range(5)]
    for one in said:
        insist(deployment, lambda citizen, one=one: citizen.check_in(one))
    deployment.service.crash()
    deployment.cluster.start()
    deployment.service.start()
    expect_stored_once(deployment, [one["client_id"] for one in said])


def test_starting_before_postgresql(deployment):
    """Citizens are answered, from the journal, by a service whose database is not there yet."""
    _, case = register(deployment)
    deployment.service.stop()
    deployment.cluster.stop()
    deployment.service.start(wait=False)
    said = people.check_in(case=case, status="need_help")
    answer = insist(deployment, lambda citizen: citizen.check_in(said))
    assert answer.status_code == 202
    deployment.cluster.start()
    expect_stored_once(deployment, [said["client_id"]])


def test_sigterm_finishes_what_was_accepted(deployment):
    """A request whose last byte comes after SIGTERM is still answered, whole, and its connection closed."""
    sent = people.registration()
    whole = request("POST", "/api/v1/registrations", json.dumps(sent).encode())
    with RawConnection(deployment.service.public_port, deployment.service.certificate, timeout=30) as connection:
        connection.send(whole[:-10])
        time.sleep(0.3)
        stopping = threading.Thread(target=deployment.service.stop)
        stopping.start()
        time.sleep(0.5)
        connection.send(whole[-10:])
        answer = connection.answer()
        assert answer is not None and answer.status in (201, 202), answer
        assert connection.is_closed()
        stopping.join(60)
    case = json.loads(answer.body)["case"]
    deployment.service.start()
    until(lambda: deployment.query("SELECT count(*) FROM report.party WHERE registration_id = %s", (case_codes.number(case),))
          == [(1,)], "the record is there", 20)


def test_sighup_takes_a_new_certificate(deployment):
    service = deployment.service

    def served():
        with RawConnection(service.public_port, service.certificate) as connection:
            return connection.peer_certificate()

    before = served()
    with RawConnection(service.public_port, service.certificate) as old_connection:
        old_connection.send(request("GET", "/api/v1/crises"))
        assert old_connection.answer().status == 200
        keep = service.certificate.stat()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                        "-subj", "/CN=renewed", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
                        service.private_key, "-out", service.certificate], check=True, capture_output=True)
        assert service.certificate.stat().st_uid == keep.st_uid
        service.reload()
        until(lambda: _differs(served, before), "the new certificate is served", 15)
        old_connection.send(request("GET", "/api/v1/crises"))
        assert old_connection.answer().status == 200, "connections made before are kept"
    until(lambda: _is_known(f"{service.desk_url}/api/v1/me", service), "the desk, another process, serves it too", 15)


def _is_known(url, service):
    try:
        return requests.get(url, verify=str(service.certificate), timeout=10).status_code == 401
    except requests.exceptions.SSLError: # not yet
        return False


def _differs(served, before):
    try:
        return served() != before
    except OSError: # between the two, the file and the listener may disagree
        return False


def test_a_broken_certificate_is_not_taken(deployment):
    service = deployment.service
    good = service.certificate.read_bytes()
    service.certificate.write_bytes(b"-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n")
    try:
        service.reload()
        time.sleep(1)
    finally:
        service.certificate.write_bytes(good)
    register(deployment)
