# SPDX-License-Identifier: Apache-2.0
"""Two days of Niger for a few hundred invented households, over the web, by program and by SMS; then the queues are held against
a model of them that was written from the domain page alone."""
import concurrent.futures
import json
import pathlib
import random

import pytest

from harness import case_codes, people
from harness.kannel import Kannel
from harness.waiting import until
from model import Register

STORY = json.loads((pathlib.Path(__file__).parent / "niger_two_days.json").read_text(encoding="utf-8"))
AT_ONCE = 8


class Household:
    def __init__(self, sent, code, needs, intent):
        self.code, self.number = code, case_codes.number(code)
        self.phone = sent["contacts"][0]["value"]
        self.needs, self.intent = needs, intent


class Play:
    """One telling of the story: what was said to the service, and the model that heard the same."""

    def __init__(self, site, kannel):
        self.site, self.kannel = site, kannel
        self.random = random.Random(20230803)
        self.register = Register()
        self.households = []
        self.said = [] # (key, client_id or None for a text, status, needs, known)
        self.strangers = set()
        self.pool = concurrent.futures.ThreadPoolExecutor(AT_ONCE)
        self.citizens = [site.citizen() for _ in range(AT_ONCE)]

    def pick(self, rows):
        return self.random.choices(rows, [row["weight"] for row in rows])[0]

    def all_at_once(self, jobs):
        """Each job gets a citizen's connection of its own; results in the order of the jobs."""
        def part(index):
            return [(i, jobs[i](self.citizens[index])) for i in range(index, len(jobs), AT_ONCE)]
        done = dict(sum(self.pool.map(part, range(AT_ONCE)), []))
        return [done[i] for i in range(len(jobs))]

    # --- what happens ---------------------------------------------------------------------------------------------------

    def play(self, wave):
        self.welcome(wave["register"], wave["again"])
        # a household speaks once a wave, so that within a wave the order does not matter
        speakers = self.random.sample(self.households, wave["check_in"] + wave["text"])
        self.check_in(speakers[:wave["check_in"]], wave["again"])
        self.text(speakers[wave["check_in"]:])
        self.strangers_call(wave["strangers"])
        self.mistype(wave["mistyped"])

    def welcome(self, count, again):
        jobs, made = [], []
        for _ in range(count):
            kind = self.pick(STORY["people"]["households"])
            first = people.member(needs=kind["needs"])
            sent = people.registration(party=[first, *(people.member() for _ in range(kind["members"] - 1))],
                                       intent=kind["intent"], language=self.pick(STORY["people"]["languages"])["tag"])
            made.append((sent, kind))
            jobs.append(lambda citizen, sent=sent, times=self.times(again): self.insist(citizen.register, sent, times))
        for (sent, kind), told in zip(made, self.all_at_once(jobs)):
            self.households.append(Household(sent, told["case"], kind["needs"], kind["intent"]))

    def check_in(self, speakers, again):
        jobs = []
        for household in speakers:
            report = self.pick(STORY["reports"])
            by = self.random.choice(({"case": household.code}, {"case": household.code.lower()}, {"phone": household.phone}))
            sent = people.check_in(status=report["status"], needs=report["needs"], **by)
            self.said.append((household.number, sent["client_id"], report["status"], report["needs"], True))
            jobs.append(lambda citizen, sent=sent, times=self.times(again): self.insist(citizen.check_in, sent, times))
        self.all_at_once(jobs)

    def text(self, speakers):
        for household in speakers:
            words = self.pick(STORY["texts"])
            sender = household.phone if self.random.random() < 0.7 else household.phone.lstrip("+")
            self.said.append((household.number, None, words["status"], words["needs"], True))
            self.kannel.send(sender, words["text"])
        for household in speakers:
            assert self.kannel.texts_to(household.phone)[0].text

    def strangers_call(self, count):
        for i in range(count):
            if i % 2:
                phone = people.phone()
                self.strangers.add(phone)
                self.kannel.send(phone, "HELP")
                assert self.kannel.texts_to(phone)[0].text
            else:
                unknown = self.random.randrange(2**45)
                self.strangers.add(unknown)
                sent = people.check_in(case=case_codes.code(unknown), status="need_help")
                self.said.append((unknown, sent["client_id"], "need_help", [], False))
                self.insist(self.citizens[0].check_in, sent, 2)

    def mistype(self, count):
        for household in self.random.sample(self.households, count):
            code = self.random.choice(list(case_codes.wrong_symbols(household.code)))
            answer = self.citizens[0].check_in(people.check_in(case=code, status="in_danger"))
            assert answer.status_code == 422, code

    def times(self, again):
        return 1 + (self.random.random() < again) + (self.random.random() < again / 2)

    @staticmethod
    def insist(send, body, times):
        """Sent several times, as by a telephone with a bad line; answered alike each time."""
        answers = [send(body) for _ in range(times)]
        assert {answer.status_code for answer in answers} == {201}, answers[0].text
        assert len({answer.text for answer in answers}) == 1
        return answers[0].json()

    # --- what must be -----------------------------------------------------------------------------------------------------

    def listen(self):
        """Tells the model everything that was said, in the order in which the service received it."""
        heard = []
        registered = dict(self.site.query("SELECT registration_id, received_at FROM report.party"))
        received = dict(self.site.query("SELECT client_id::text, received_at FROM report.check_in"))
        texts = {}
        for number, at in self.site.query("SELECT registration_id, received_at FROM report.check_in WHERE channel = 'sms'"
                                          " ORDER BY received_at"):
            texts.setdefault(number, []).append(at)
        for household in self.households:
            heard.append((registered[household.number], household.number, None, household.needs, True, household.intent))
        for key, client_id, status, needs, known in self.said:
            at = received[client_id] if client_id is not None else texts[key].pop(0)
            heard.append((at, key, status, needs, known, None))
        return sorted(heard, key=lambda one: (one[0], one[1]))

    def expect(self, after=None):
        """A model of every cry received after a moment (each party's own), on top of what it already held."""
        for at, key, status, needs, known, intent in self.listen():
            if after is None or at > after:
                self.register.hear(key, at, status, needs, known, intent)

    def now(self):
        return self.site.query("SELECT clock_timestamp()")[0][0]


@pytest.fixture(scope="module")
def play(lone_site):
    gateway = lone_site.gateway()
    kannel = Kannel(lone_site.directory / "kannel", gateway["messages_url"], lone_site.service.certificate)
    try:
        yield Play(lone_site, kannel.start())
    finally:
        kannel.stop()


def actual(site):
    rows = site.query("SELECT registration_id, queue, band, state FROM report.triage_case")
    return {number: (queue, band, state) for number, queue, band, state in rows}


def check_queues(play):
    """Every case is where the model has it, and no case is there that the model has not (but strangers who sent texts, whose
    numbers only the register knows)."""
    there = actual(play.site)
    wanted = {key: (case.queue, case.band, case.state) for key, case in play.register.cases.items()}
    wrong = {key: (there.get(key), wanted[key]) for key in wanted if there.get(key) != wanted[key]}
    assert wrong == {}, f"{len(wrong)} cases differ from the model (there, wanted)"
    texting_strangers = len([stranger for stranger in play.strangers if isinstance(stranger, str)])
    others = [case for key, case in there.items() if key not in wanted]
    assert others == [("identification", 3, "open")] * texting_strangers


def check_order(play, desk):
    for queue in ("emergency", "assistance", "departure"):
        listed = [case_codes.number(case["case"]) for case in desk.cases(queue) if case["state"] == "open"]
        assert listed == play.register.order(queue), queue


def work(play, desk, count):
    """An officer takes the most urgent cases one by one, as the model orders them, and resolves them."""
    expected = play.register.order("emergency")[:count]
    taken = []
    for _ in expected:
        answer = desk.claim_next("emergency")
        assert answer.status_code == 200, answer.text
        code = answer.json()["case"]
        taken.append(case_codes.number(code))
        assert desk.do(code, "resolve").status_code == 200
    assert taken == expected
    for key in taken:
        play.register.cases[key].state = "resolved"


def test_two_days_of_niger(play):
    site, desk = play.site, play.site.desk()
    heard_until = None
    for wave in STORY["waves"]:
        play.play(wave)
        until(lambda: len(site.query("SELECT client_id FROM report.check_in")) >= len(play.said), "everything is in the register")
        moment = play.now()
        play.expect(after=heard_until)
        heard_until = moment
        check_queues(play)
        check_order(play, desk)
        work(play, desk, wave.get("work", 0))
    assert len(site.query("SELECT 1 FROM report.party WHERE state = 'registered'")) == len(play.households)
    assert len(site.query("SELECT 1 FROM report.party WHERE state = 'unidentified'")) == len(play.strangers)
    texts_of_strangers = len([stranger for stranger in play.strangers if isinstance(stranger, str)])
    assert len(site.query("SELECT 1 FROM report.check_in")) == len(play.said) + texts_of_strangers
    figures = desk.queues()
    for queue in ("emergency", "assistance", "departure"):
        assert figures[queue]["open"] == len(play.register.order(queue)), queue
