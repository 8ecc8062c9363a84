# SPDX-License-Identifier: Apache-2.0
"""Citizens one by one, for tests that ask about a single record."""
import psycopg2
import requests

from harness import people
from harness.waiting import until


def register(site):
    """A party in the register: its case."""
    def committed():
        answer = insist(lambda sent=people.registration(): site.citizen().register(sent))
        return answer.json()["case"] if answer.status_code == 201 else None
    return until(committed, "a registration is committed", 30)


def insist(send):
    """As a citizen's program does: the same again until it is answered with a 2xx."""
    def answered():
        try:
            answer = send()
        except requests.exceptions.ConnectionError:
            return None
        assert answer.status_code in (201, 202, 429, 503), answer.text
        return [answer] if answer.status_code in (201, 202) else None # an answer is false when it is an error
    return until(answered, "a 2xx", 40)[0]


def stored(site, said):
    """By which way a check-in is in the register: a list, of one when it is there once; None while PostgreSQL recovers."""
    try:
        return [via for _, _, _, via in site.check_ins_of(said["client_id"])]
    except psycopg2.OperationalError:
        return None
