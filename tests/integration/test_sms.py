# SPDX-License-Identifier: Apache-2.0
"""Text messages through Debian's Kannel, from a handset to the register and back."""
import json
import uuid

import pytest

from harness import case_codes, people
from harness.kannel import COULD_NOT_FETCH, SHORT_CODE, Kannel
from harness.waiting import until


@pytest.fixture(scope="module")
def gateway(site):
    return site.gateway()


@pytest.fixture(scope="module")
def kannel(site, gateway):
    running = Kannel(site.directory / "kannel", gateway["messages_url"], site.service.certificate)
    try:
        yield running.start()
    finally:
        running.stop()


def messages_of(site, case):
    return site.query("SELECT status, band, channel FROM report.check_in WHERE registration_id = %s ORDER BY received_at",
                      (case_codes.number(case),))


def strangers(site):
    return site.query("SELECT count(*) FROM report.party WHERE state = 'unidentified'")[0][0]


def test_a_known_phone(site, kannel, registered):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    kannel.send(phone, "SAFE with my sister")
    reply = kannel.texts_to(phone)[0]
    assert reply.text and reply.text != COULD_NOT_FETCH
    assert [row[0] for row in messages_of(site, told["case"])] == ["safe"]
    assert messages_of(site, told["case"])[0][2] == "sms"


def test_without_the_plus(site, kannel, registered):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    kannel.send(phone.lstrip("+"), "HELP no insulin left, medicine needed")
    kannel.texts_to(phone)
    (status, band, _), = messages_of(site, told["case"])
    assert status == "need_help" and band == 2


def test_an_unknown_phone(site, kannel):
    phone, before = people.phone(), strangers(site)
    kannel.send(phone, "HELP")
    assert kannel.texts_to(phone)[0].text
    until(lambda: strangers(site) == before + 1, "the sender is in identification", 10)


def test_a_case_code_from_another_phone(site, kannel, registered):
    _, told = registered
    phone = people.phone()
    kannel.send(phone, f"{told['case'].lower()} SOS shooting near us")
    kannel.texts_to(phone)
    (status, band, channel), = messages_of(site, told["case"])
    assert status in ("need_help", "in_danger") and band in (1, 2) and channel == "sms"


@pytest.mark.parametrize("ucs2", [False, True], ids=["gsm", "ucs-2"])
def test_accents(site, kannel, desk, registered, ucs2):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    words = people.words("AIDE bébé très malade à côté du marché")
    kannel.send(phone, words, ucs2=ucs2)
    kannel.texts_to(phone)
    listed = desk.act("GET", f"/cases/{told['case']}/check-ins").json()["check_ins"]
    assert [one["message"] for one in listed] == [words]
    assert listed[0]["status"] == "need_help"


def test_another_script(site, kannel, desk, registered):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    words = "النجدة نحن في البيت"
    kannel.send(phone, words, ucs2=True)
    kannel.texts_to(phone)
    listed = desk.act("GET", f"/cases/{told['case']}/check-ins").json()["check_ins"]
    assert [one["message"] for one in listed] == [words]


def test_the_reply_is_in_the_senders_language(kannel, citizen):
    texts = {}
    for word in ("HELP", "AIDE"):
        phone = people.phone()
        kannel.send(phone, word)
        texts[word] = kannel.texts_to(phone)[0].text
    assert texts["HELP"] != texts["AIDE"]


def test_two_messages_are_two(site, kannel, registered):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    kannel.send(phone, "SAFE")
    kannel.texts_to(phone)
    kannel.send(phone, "AIDE")
    kannel.texts_to(phone, count=2)
    assert [row[0] for row in messages_of(site, told["case"])] == ["safe", "need_help"]


def deliver(site, gateway, phone, text, **changes):
    """As smsbox posts it, which lets a test choose the message's id."""
    fields = {"from": phone, "to": "8888", "id": str(uuid.uuid4()), "ts": "1795487363", "coding": "0", "charset": "UTF-8",
              "smsc": "FAKE", "udh": "", "text": text} | changes
    path = gateway["messages_url"].removeprefix(site.service.public_url)
    return site.citizen().post(path, params=fields, data=text.encode(), headers={"Content-Type": 'text/plain; charset="UTF-8"'})


def test_the_same_message_delivered_often_is_one(site, gateway, registered):
    sent, told = registered
    phone, message_id = sent["contacts"][0]["value"], str(uuid.uuid4())
    answers = [deliver(site, gateway, phone, "HELP water", id=message_id) for _ in range(6)]
    assert {answer.status_code for answer in answers} == {200}
    assert len(messages_of(site, told["case"])) == 1
    replies = [answer.text for answer in answers if answer.text]
    assert len(set(replies)) <= 1


def test_two_texts_that_share_an_id_are_two(site, gateway, registered):
    sent, told = registered
    phone, message_id = sent["contacts"][0]["value"], str(uuid.uuid4())
    for text in ("SAFE", "HELP now"):
        assert deliver(site, gateway, phone, text, id=message_id).status_code == 200
    assert sorted(row[0] for row in messages_of(site, told["case"])) == ["need_help", "safe"]


def test_no_reply_to_what_is_no_phone(site, gateway):
    for sender in ("MyBank", "8888", "12345"):
        answer = deliver(site, gateway, sender, "HELP")
        assert answer.status_code in (200, 202, 204) and answer.text == "", (sender, answer.text)


def test_a_wrong_secret_is_refused(site, gateway, registered):
    sent, told = registered
    spoilt = gateway | {"messages_url": gateway["messages_url"][:-4] + "zzzz"}
    assert deliver(site, spoilt, sent["contacts"][0]["value"], "HELP").status_code in (401, 403, 404)
    assert messages_of(site, told["case"]) == []


def test_stop_never_ends_a_cry_for_help(site, kannel, registered):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    kannel.send(phone, "STOP they are shooting HELP")
    kannel.texts_to(phone)
    (status, band, _), = messages_of(site, told["case"])
    assert status in ("need_help", "in_danger") and band in (1, 2, 3)


def test_a_message_that_says_nothing_we_know(site, kannel, desk, registered):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    words = people.words("the blue house behind the well")
    kannel.send(phone, words)
    assert kannel.texts_to(phone)[0].text
    (status, band, _), = messages_of(site, told["case"])
    assert status is None and band is not None, "a person must read it"
    assert desk.act("GET", f"/cases/{told['case']}/check-ins").json()["check_ins"][0]["message"] == words


# --- what handsets and networks send --------------------------------------------------------------------------------------------

def words_of(desk, case):
    return [one["message"] for one in desk.act("GET", f"/cases/{case}/check-ins").json()["check_ins"]]


@pytest.mark.parametrize("text", ["AIDE a & b + c = d", "HELP 100% of our water", "HELP\nwe are\r\nat the mill", "HELP \"quoted\" <b>",
                                  "HELP %41 %zz +1", "HELP?text=SAFE&from=+15550100"],
                         ids=["and plus equals", "percent", "line breaks", "quotes", "escapes", "a query"])
def test_characters_that_something_on_the_way_could_take_for_its_own(site, kannel, desk, registered, text):
    sent, told = registered
    kannel.send_octets(sent["contacts"][0]["value"], text)
    kannel.texts_to(sent["contacts"][0]["value"])
    assert words_of(desk, told["case"]) == [text]
    assert [row[0] for row in messages_of(site, told["case"])] == ["need_help"]


@pytest.mark.parametrize("text", ["taimako ɗana ba shi da lafiya, ƙasa da ɓera", "نحتاج المساعدة الآن", "SOS 🆘 на помощь"], ids=["hausa", "arabic", "emoji"])
def test_letters_outside_the_gsm_alphabet(site, kannel, desk, registered, text):
    sent, told = registered
    kannel.send(sent["contacts"][0]["value"], text, ucs2=True)
    kannel.texts_to(sent["contacts"][0]["value"])
    assert words_of(desk, told["case"]) == [text]
    assert [row[0] for row in messages_of(site, told["case"])] == ["need_help"]


def test_an_empty_text_is_somebody_who_wrote(site, kannel, desk, registered):
    sent, told = registered
    kannel.send_octets(sent["contacts"][0]["value"], "")
    kannel.texts_to(sent["contacts"][0]["value"])
    (status, band, _), = messages_of(site, told["case"])
    assert status is None and band is not None, "a person must look"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)], ids=["in order", "out of order"])
def test_a_long_message_in_pieces_is_read_whole(site, kannel, desk, registered, order):
    sent, told = registered
    pieces = [("HELP we are seven people in the cellar of the old mill " + "and it is dark " * 6)[:153], ("x" * 20 + " " + "no water " * 14)[:153],
              "and my son needs insulin"]
    kannel.send_in_parts(sent["contacts"][0]["value"], pieces, reference=17 + order[0], order=order)
    kannel.texts_to(sent["contacts"][0]["value"])
    assert words_of(desk, told["case"]) == ["".join(pieces)]
    (status, band, _), = messages_of(site, told["case"])
    assert status == "need_help" and band == 2, "the need stands in the last piece"


def test_a_long_message_of_good_news_is_believed_when_it_is_whole(site, kannel, registered):
    sent, told = registered
    kannel.send_in_parts(sent["contacts"][0]["value"], ["we are all well and ", "safe in Dosso"], reference=33)
    kannel.texts_to(sent["contacts"][0]["value"])
    assert [row[0] for row in messages_of(site, told["case"])] == ["safe"]


def test_a_piece_whose_others_were_lost_never_says_that_all_is_well(site, kannel, registered):
    """Kannel waits for the others, and then posts what it has as it is."""
    sent, told = registered
    kannel.send_in_parts(sent["contacts"][0]["value"], ["we are not ", "safe"], reference=34, order=[1])
    kannel.texts_to(sent["contacts"][0]["value"], seconds=40)
    assert [row[0] for row in messages_of(site, told["case"])] == [None]


# --- out ------------------------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def sending(site, kannel, gateway):
    """The gateway sends, too."""
    account = site.directory / "kannel.account"
    account.write_text(json.dumps(kannel.account))
    site.service.muster("gateway", "account", "--name", gateway["name"], "--account-file", account)
    yield
    site.query("UPDATE register.gateway SET sealed_account = NULL, account_epoch = NULL", role="muster")


def outbound(site, message):
    return site.query("SELECT state, attempts, reason FROM register.message WHERE message_id = %s", (message,), role="muster")[0]


@pytest.mark.parametrize("text", [
    "A car comes at four. Bring water & your papers + 1 bag: 100% sure?", "Restez à l'intérieur, ça va aller à 4 h", "Ku tsaya a ɗaki, ƙofa a rufe",
    "ابقوا في الداخل", "Stay inside \U0001F697 at 4", "Line one\nline two\n\nline four", "x" * 160, "Répétition. " * 70], ids=range(8))
def test_an_officers_text_reaches_the_handset_and_is_told_delivered(site, kannel, sending, desk, citizen, registered, text):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    assert citizen.check_in(people.check_in(case=told["case"], status="need_help")).status_code == 201
    written = desk.do(told["case"], "messages", {"text": text})
    assert written.status_code == 201, written.text
    until(lambda: outbound(site, written.json()["id"])[0] == "delivered", lambda: f"it is {outbound(site, written.json()['id'])}", 30)
    assert outbound(site, written.json()["id"])[1] == 1
    got = kannel.texts_to(phone)
    while sum(len(piece.text) for piece in got) < len(text):
        got = kannel.texts_to(phone, len(got) + 1)
    assert "".join(piece.text for piece in got) == text
    assert {piece.sender for piece in got} == {SHORT_CODE}


def test_a_gateway_that_was_dead_takes_the_text_when_it_is_back(site, kannel, sending, desk, citizen, registered):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    assert citizen.check_in(people.check_in(case=told["case"], status="need_help")).status_code == 201
    kannel.kill()
    written = desk.do(told["case"], "messages", {"text": "A car comes at four."}).json()["id"]
    until(lambda: outbound(site, written)[0] == "queued" and outbound(site, written)[1] > 0, lambda: f"it is {outbound(site, written)}")
    kannel.start()
    site.query("UPDATE register.message SET due_at = now() WHERE state = 'queued'", role="muster")
    until(lambda: outbound(site, written)[0] == "delivered", lambda: f"it is {outbound(site, written)}", 60)
    kannel.is_quiet(phone, 2)
    assert [text.text for text in kannel.texts_to(phone)].count("A car comes at four.") == 1


# --- when something is away ---------------------------------------------------------------------------------------------------

def test_what_we_cannot_take_the_gateway_brings_again_and_it_is_one(site, kannel, registered):
    """Started without PostgreSQL the edges know no gateway yet, and answer 503."""
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    site.service.stop()
    site.cluster.stop("immediate")
    site.service.start(wait=False)
    until(site.service.listens, "an edge and the operators' side listen", 30)
    kannel.send(phone, "HELP water")
    until(lambda: site.service.metric_sum("muster_answers_total", 'role="edge"', 'status="5xx"') > 1, "it was refused, and again", 30)
    site.cluster.start()
    site.service.wait_ready(60)
    kannel.texts_to(phone, seconds=60)
    assert [row[0] for row in messages_of(site, told["case"])] == ["need_help"]
    kannel.is_quiet(phone, 3)
    texts = [text.text for text in kannel.texts_to(phone)] # a long reply comes as two
    assert len(set(texts)) == len(texts), "one reply"
    until(site.edges_have_the_database, "every edge is back at the database", 60)


def test_while_the_service_is_away_the_gateway_keeps_the_message(site, kannel, registered):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    site.service.stop()
    kannel.send(phone, "HELP no food")
    assert kannel.is_quiet(phone, 3), "nobody is told what is not true"
    site.service.start()
    kannel.texts_to(phone, seconds=60)
    assert [row[0] for row in messages_of(site, told["case"])] == ["need_help"]


def test_the_gateway_is_killed_and_comes_back(site, kannel, registered):
    sent, told = registered
    phone = sent["contacts"][0]["value"]
    kannel.kill()
    kannel.start()
    kannel.send(phone, "SAFE")
    kannel.texts_to(phone)
    assert [row[0] for row in messages_of(site, told["case"])] == ["safe"]
