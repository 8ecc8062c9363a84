# SPDX-License-Identifier: Apache-2.0
"""Text messages through every kind of gateway: stored once, answered as that gateway wants, and refused from anybody else."""
import json
import time
import uuid
import xml.etree.ElementTree as ElementTree

import pytest

from harness import case_codes, gateways, people
from harness.service import CRISIS
from harness.waiting import until

ALL = list(gateways.KINDS)


@pytest.fixture(scope="module")
def made(site):
    """A gateway of each kind, known to the edges."""
    found = {kind: gateways.add(site, kind, CRISIS) for kind in ALL}
    for kind, gateway in found.items(): # the edges read them every few seconds
        until(lambda kind=kind, gateway=gateway: all(call(kind, gateway, people.phone(), "SAFE").send(site).status_code == 200 for _ in range(8)),
              f"{kind} is known to every edge", 20)
    return found


def call(kind, gateway, phone, text, message_id=None, **more):
    return gateways.KINDS[kind](gateway, phone, text, message_id or str(uuid.uuid4()), **more)


def messages_of(site, case):
    return site.query("SELECT status, channel, at FROM report.check_in WHERE registration_id = %s ORDER BY received_at",
                      (case_codes.number(case),))


def refused(site):
    return site.service.metric_sum("muster_gateway_refused_total")


@pytest.mark.parametrize("kind", ALL)
def test_a_message_is_stored_whole_and_once(site, made, desk, registered, kind):
    sent, told = registered
    words = people.words("AIDE bébé très malade & ɗa النجدة 100% a+b=c")
    phone, message_id = sent["contacts"][0]["value"], str(uuid.uuid4())
    for _ in range(3):
        answer = call(kind, made[kind], phone, words, message_id).send(site)
        assert answer.status_code == 200, (kind, answer.text)
    (status, channel, _), = messages_of(site, told["case"])
    assert status == "need_help" and channel == "sms"
    listed = desk.act("GET", f"/cases/{told['case']}/check-ins").json()["check_ins"]
    assert [one["message"] for one in listed] == [words]


@pytest.mark.parametrize("kind", ALL)
def test_two_texts_that_share_an_id_are_two(site, made, registered, kind):
    sent, told = registered
    phone, message_id = sent["contacts"][0]["value"], str(uuid.uuid4())
    for text in ("SAFE", "HELP now"):
        assert call(kind, made[kind], phone, text, message_id).send(site).status_code == 200
    assert sorted(row[0] for row in messages_of(site, told["case"])) == ["need_help", "safe"]


def spoil(kind, request):
    """The request from somebody who does not have the secret."""
    if kind in gateways.SIGNED:
        for name in request.headers:
            if "Signature" in name and not name.endswith("Nonce"):
                value = request.headers[name]
                request.headers[name] = value[:-3] + ("0" if value[-3] != "0" else "1") + value[-2:]
        where = request.body.find(b"sig=") + 4 # vonage
        if where > 4:
            request.body = request.body[:where] + (b"1" if request.body[where:where + 1] == b"0" else b"0") + request.body[where + 1:]
    request.url = request.url.replace("secret=", "secret=0")
    request.body = request.body.replace(b"secret=", b"secret=0")
    return request


@pytest.mark.parametrize("kind", ALL)
def test_from_anybody_else_nothing_is_stored(site, made, registered, kind):
    sent, told = registered
    before = refused(site)
    answer = spoil(kind, call(kind, made[kind], sent["contacts"][0]["value"], "HELP")).send(site)
    assert answer.status_code == 403 and "problem+json" in answer.headers["Content-Type"]
    assert "secret" in answer.json()["detail"] and "role" not in answer.json()["detail"], "it is a machine"
    assert messages_of(site, told["case"]) == []
    until(lambda: refused(site) > before, "it is counted", 10)


@pytest.mark.parametrize("kind", [kind for kind in gateways.SIGNED if kind != "plivo-v2"]) # which says openly that it does not cover it
def test_what_is_signed_cannot_be_changed(site, made, registered, kind):
    sent, told = registered
    request = call(kind, made[kind], sent["contacts"][0]["value"], "SAFE")
    assert b"SAFE" in request.body
    request.body = request.body.replace(b"SAFE", b"HELP")
    assert request.send(site).status_code == 403
    assert messages_of(site, told["case"]) == []


@pytest.mark.parametrize("kind, late", [("android", 301), ("messagebird", 62), ("vonage", 25 * 3600 + 1)])
def test_an_old_request_is_not_taken_again(site, made, registered, kind, late):
    sent, told = registered
    for at in (time.time() - late - 5, time.time() + late + 5):
        assert call(kind, made[kind], sent["contacts"][0]["value"], "HELP", at=at).send(site).status_code == 403
    assert messages_of(site, told["case"]) == []


@pytest.fixture(scope="module")
def others(site, made):
    """Another gateway of each kind that signs, with another key."""
    found = {kind: gateways.add(site, kind, CRISIS, f"other-{kind}", f"another-key-{kind}") for kind in gateways.SIGNED}
    for kind, gateway in found.items():
        until(lambda kind=kind, gateway=gateway: all(call(kind, gateway, people.phone(), "SAFE").send(site).status_code == 200 for _ in range(8)),
              f"{kind} is known to every edge", 20)
    return found


@pytest.mark.parametrize("kind", gateways.SIGNED)
def test_one_gateways_signature_is_not_anothers(site, made, others, registered, kind):
    sent, told = registered
    request = call(kind, made[kind], sent["contacts"][0]["value"], "HELP")
    request.url = others[kind]["messages_url"]
    assert request.send(site).status_code == 403
    assert messages_of(site, told["case"]) == []


def test_a_gateway_is_not_turned_to_another_kind_by_a_slip(site):
    add = ("gateway", "add", "--name", "slip", "--crisis", CRISIS)
    first = site.service.muster_json(*add, "--kind", "kannel")
    refused_ = site.service.muster(*add, "--kind", "jasmin", check=False)
    assert refused_.returncode == 1 and b"--replace" in refused_.stderr
    kind = lambda: site.query("SELECT kind FROM register.gateway WHERE name = 'slip'", role="muster")[0][0]
    assert kind() == "kannel"
    assert site.service.muster_json(*add, "--kind", "kannel")["secret"] != first["secret"], "a new secret is no other kind"
    site.service.muster(*add, "--kind", "jasmin", "--replace")
    assert kind() == "jasmin"


def test_two_gateways_cannot_have_one_key(site, made):
    with pytest.raises(AssertionError, match="of-vonage.* has this key"):
        gateways.add(site, "vonage", CRISIS, "second-vonage", made["vonage"]["key"])


def reply_in(kind, answer):
    """The text that the gateway will send back, taken out of its answer; None when its answer cannot carry one."""
    if kind in ("kannel", "generic"):
        return answer.text
    if kind == "twilio":
        assert answer.headers["Content-Type"] == "text/xml"
        return ElementTree.fromstring(answer.text).findtext("Message")
    if kind == "smssync":
        payload = json.loads(answer.text)["payload"]
        assert payload["success"] is True and payload["error"] is None and payload["task"] == "send"
        return payload["messages"][0]["message"]
    expected = {"jasmin": "ACK/Jasmin", "messagebird": "OK", "plivo": "<Response></Response>", "plivo-v2": "<Response></Response>"}
    assert answer.text == expected.get(kind, "")
    return None


@pytest.mark.parametrize("kind", ALL)
def test_the_answer_is_what_the_gateway_wants(site, made, registered, kind):
    sent, _ = registered
    answer = call(kind, made[kind], sent["contacts"][0]["value"], "HELP water").send(site)
    assert answer.status_code == 200
    assert reply_in(kind, answer) in (None, reply_in("kannel", call("kannel", made["kannel"], sent["contacts"][0]["value"], "HELP water").send(site)))


def test_many_messages_in_one_request(site, made, citizen):
    parties = []
    for _ in range(5):
        sent = people.registration()
        parties.append((sent["contacts"][0]["value"], citizen.register(sent).json()["case"]))
    batch = [(phone, "HELP" if number % 2 else "SAFE", str(uuid.uuid4())) for number, (phone, _) in enumerate(parties)]
    nobody = ("", "who sent this?", str(uuid.uuid4()))
    for _ in range(2):
        assert gateways.infobip_batch(made["infobip"], [*batch, nobody]).send(site).status_code == 200
    for number, (_, case) in enumerate(parties):
        assert [row[0] for row in messages_of(site, case)] == ["need_help" if number % 2 else "safe"]


def test_a_piece_of_a_message_never_says_that_all_is_well(site, made, registered):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    for number, text in enumerate(("we are all ", "safe and well ", "HELP")):
        parts = {"concat": "true", "concat-ref": "17", "concat-total": "3", "concat-part": str(number + 1)}
        assert call("vonage", made["vonage"], phone, text, **parts).send(site).status_code == 200
    assert [row[0] for row in messages_of(site, told["case"])] == [None, None, "need_help"]


def test_other_events_and_tests_of_the_connection_are_answered_and_not_stored(site, made):
    before = site.query("SELECT count(*) FROM report.check_in")[0][0]
    for event in ("sms:delivered", "system:ping", "mms:received"):
        assert call("android", made["android"], people.phone(), "x", event=event).send(site).status_code == 200
    assert gateways.infobip_batch(made["infobip"], []).send(site).status_code == 200
    assert site.query("SELECT count(*) FROM report.check_in")[0][0] == before


@pytest.mark.parametrize("kind, status", [("infobip", 400), ("clickatell", 400), ("android", 403)])
def test_what_cannot_be_read_is_told_to_the_gateway_alone(site, made, kind, status):
    """Who has shown the secret hears what is wrong; where the content itself has to prove, it looks like any other refusal."""
    request = call(kind, made[kind], people.phone(), "HELP")
    request.body = b'{"results":['
    assert request.send(site).status_code == status
    if status == 400:
        assert spoil(kind, request).send(site).status_code == 403


@pytest.mark.parametrize("kind", ["infobip", "africastalking", "clickatell", "generic"])
def test_content_of_another_type_is_not_taken_for_nothing(site, made, registered, kind):
    sent, _ = registered
    request = call(kind, made[kind], sent["contacts"][0]["value"], "HELP")
    request.headers["Content-Type"] = "text/plain"
    assert request.send(site).status_code == 400


def test_a_batch_of_the_phone(site, made, registered):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    document = {"event": "sms:batch:received", "id": str(uuid.uuid4()), "deviceId": "d", "payload": {"messages": [
        {"sender": phone, "message": text, "receivedAt": f"2026-11-24T10:00:0{number}.000Z", "messageId": "same"}
        for number, text in enumerate(("SAFE", "HELP", "HELP"))]}}
    request, sent_at = gateways.Call(made["android"]["messages_url"], document=document), str(int(time.time()))
    request.headers |= {"X-Timestamp": sent_at,
                        "X-Signature": gateways.mac("sha256", request.body + sent_at.encode(), made["android"]["secret"]).hexdigest()}
    assert request.send(site).status_code == 200
    assert sorted(row[0] for row in messages_of(site, told["case"])) == ["need_help", "need_help", "safe"], "another time is another cry"


def test_the_apps_own_test_is_nobodys_cry(site, made):
    before = site.query("SELECT count(*) FROM report.check_in")[0][0]
    request = gateways.Call(made["smssync"]["messages_url"], form={"secret": made["smssync"]["secret"], "from": "+000000000000",
                                                                   "message": "Test Message From SMSSync Integration"})
    assert json.loads(request.send(site).text)["payload"]["success"] is True
    assert site.query("SELECT count(*) FROM report.check_in")[0][0] == before


def open_crises(site):
    """How many each edge knows: of new connections each edge takes some."""
    found = set()
    for _ in range(24):
        client = site.citizen()
        found.add(len(client.get("/api/v1/crises").json()["crises"]))
        client.close()
    return found


def test_a_cry_outlives_its_crisis(site, made):
    """Kept as a stranger's: whose it was stands in a crisis that is over."""
    site.query("UPDATE register.crisis SET closed_at = now() WHERE crisis_id = %s", (CRISIS,), role="muster")
    try:
        until(lambda: open_crises(site) == {0}, "every edge knows that it is closed", 20)
        before = site.query("SELECT count(*) FROM report.check_in WHERE status = 'need_help'")[0][0]
        assert call("kannel", made["kannel"], people.phone(), "HELP").send(site).status_code == 200
        assert site.query("SELECT count(*) FROM report.check_in WHERE status = 'need_help'")[0][0] == before + 1
        assert case_of(site)[0] <= 3
    finally:
        site.query("UPDATE register.crisis SET closed_at = NULL WHERE crisis_id = %s", (CRISIS,), role="muster")
        until(lambda: 0 not in open_crises(site), "every edge knows that it is open again", 20)


def test_without_the_database_a_message_is_answered_by_the_journal(site, made, registered):
    sent, told = registered
    site.cluster.stop("immediate")
    try:
        answer = call("twilio", made["twilio"], sent["contacts"][0]["value"], "HELP").send(site)
        assert answer.status_code == 200 and ElementTree.fromstring(answer.text).findtext("Message")
    finally:
        site.cluster.start()
    until(lambda: [row[0] for row in messages_of(site, told["case"])] == ["need_help"], "the courier brings it", 60)
    until(site.edges_have_the_database, "every edge is back at the database", 60)


# --- the operator ------------------------------------------------------------------------------------------------------------

def test_every_kind_is_listed(site):
    assert {kind["kind"] for kind in site.service.muster_json("gateway", "kinds")["kinds"]} == set(ALL)
    assert all(kind in site.service.muster("gateway", "kinds").stdout.decode() for kind in ALL)


@pytest.mark.parametrize("kind", ALL)
def test_what_is_printed_is_what_is_entered(site, made, kind):
    gateway = made[kind]
    assert gateway["messages_url"].startswith(f"{site.service.public_url}/gateway/of-{kind}/messages")
    assert ("secret" in gateway) == (kind not in gateways.THEIRS)
    assert ("secret=" in gateway["messages_url"]) == (kind not in (*gateways.SIGNED, "smssync"))
    keys = site.query("SELECT signing_key FROM register.gateway WHERE name = %s", (f"of-{kind}",), role="muster")
    assert (keys[0][0] is not None) == (kind in gateways.SIGNED)
    assert keys[0][0] is None or made[kind]["key"].encode() not in bytes(keys[0][0])


@pytest.mark.parametrize("arguments, said", [
    (["--kind", "twilio"], "--secret-file"),
    (["--kind", "pigeon"], 'no kind "pigeon"'),
    (["--kind", "generic", "--fields", "sender=x"], "--fields"),
    (["--kind", "twilio", "--secret-file", "/nowhere/key"], "cannot read /nowhere/key"),
    (["--kind", "vonage", "--secret-file", "/dev/null", "--fields", "text=a/b"], "--fields is not for it"),
    (["--kind", "kannel", "--secret-file", "/dev/null"], "leave out --secret-file"),
], ids=["their key", "kind", "fields", "file", "fields of what is signed", "a secret of ours"])
def test_what_is_wrong_is_said(site, arguments, said):
    done = site.service.muster("gateway", "add", "--name", "wrong", "--crisis", CRISIS, *arguments, check=False)
    assert done.returncode == 1 and said in done.stderr.decode()
    assert site.query("SELECT count(*) FROM register.gateway WHERE name = 'wrong'", role="muster") == [(0,)]


# --- a stranger is asked -------------------------------------------------------------------------------------------------------

def talk(site, made, phone, *texts):
    """What a stranger is answered to each of these."""
    return [call("kannel", made["kannel"], phone, text).send(site).text for text in texts]


def case_of(site):
    """The open case of the stranger who wrote last, with what it told."""
    return site.query("""SELECT t.band, t.queue, count(c.*), max(c.people), count(c.sealed_location)
        FROM register.check_in AS c JOIN register.triage_case AS t USING (registration_id)
        JOIN register.registration AS r USING (registration_id)
        WHERE r.state = 'unidentified' AND c.channel = 'sms' GROUP BY t.registration_id, t.band, t.queue
        ORDER BY max(c.received_at) DESC LIMIT 1""", role="muster")[0]


def test_a_stranger_who_cries_for_help_is_in_the_queue_and_asked_one_thing_at_a_time(site, made):
    phone = people.phone()
    first, = talk(site, made, phone, "HELP")
    band, queue, heard, _, _ = case_of(site)
    assert band <= 3 and queue in ("emergency", "assistance", "identification") and heard == 1, "in the queue from the first message on"
    second, third, fourth = talk(site, made, phone, "Zinder near the stadium", "WE ARE 4", people.words("my name is"))
    assert "Where are you?" in first and "How many" not in first
    assert "How many people" in second and "noted" in second
    assert "full name" in third and "How many" not in third
    assert "?" not in fourth and "noted" in fourth
    assert case_of(site) == (band, queue, 4, 4, 1)


def test_what_a_stranger_tells_at_once_is_not_asked(site, made):
    assert "How many people" in talk(site, made, people.phone(), "HELP we are in Zinder")[0]
    assert "full name" in talk(site, made, people.phone(), "HELP we are 4 in Zinder")[0]


def test_an_answer_that_is_not_understood_is_kept_and_not_asked_for_again(site, made):
    replies = talk(site, made, people.phone(), "AIDE", "derrière la mosquée bleue", "beaucoup", "au revoir")
    assert ["Où vous trouvez-vous" in reply for reply in replies] == [True, False, False, False]
    assert ["Combien de personnes" in reply for reply in replies] == [False, True, False, False]
    assert "nom complet" in replies[2] and "?" not in replies[3]


def test_the_same_message_delivered_again_is_answered_the_same(site, made):
    phone = people.phone()
    request = gateways.kannel(made["kannel"], phone, "HELP", "the-same")
    first = request.send(site).text
    talk(site, made, phone, "Zinder")
    assert request.send(site).text == first


def test_of_registered_parties_the_edge_is_told_nothing(site, made, registered):
    sent, told = registered
    assert "?" not in talk(site, made, sent["contacts"][0]["value"], "HELP")[0]
    client_id, = site.query("SELECT client_id FROM report.check_in WHERE registration_id = %s", (case_codes.number(told["case"]),))[0]
    assert site.query("SELECT * FROM edge.sms_heard(%s, %s)", (case_codes.number(told["case"]), client_id), role="muster_edge") == []


def test_a_stranger_who_is_safe_is_not_questioned(site, made):
    reply, = talk(site, made, people.phone(), "SAFE")
    assert "Where are you?" not in reply and "Text your full name and where you are" in reply


def test_by_the_journal_nobody_is_told_a_code_that_may_be_anothers(site, made, registered):
    sent, told = registered
    site.cluster.stop("immediate")
    try:
        known, stranger = (talk(site, made, phone, "HELP")[0] for phone in (sent["contacts"][0]["value"], people.phone()))
    finally:
        site.cluster.start()
    assert known == stranger and "It is stored" in known and told["case"] not in known and "-" not in known
    until(lambda: [row[0] for row in messages_of(site, told["case"])] == ["need_help"], "the courier brings it", 60)
    until(site.edges_have_the_database, "every edge is back at the database", 60)


def test_two_machines_do_not_answer_each_other_for_ever(site, made):
    phone = people.phone()
    replies = talk(site, made, phone, *(f"HELP {number}" for number in range(40)))
    assert 12 <= sum(reply != "" for reply in replies) <= 24, "a dozen an hour, of each of two edges"
    assert replies[0] != "" and replies[-1] == ""
    assert case_of(site)[2] == 40, "all of it is stored"


def test_our_own_number_is_not_replied_to(site, made):
    for own in ("+22720722661", "22720722661"):
        request = gateways.Call(made["kannel"]["messages_url"], query={"from": own, "to": "+22720722661", "id": str(uuid.uuid4()), "text": "HELP"})
        answer = request.send(site)
        assert answer.status_code == 200 and answer.text == ""
