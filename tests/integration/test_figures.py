# SPDX-License-Identifier: Apache-2.0
"""The dashboard's figures: the same as the lists they link to, each registered party in one of five, only of what one may see."""
import pytest

from harness import people
from harness.service import CRISIS
from harness.waiting import until
from test_map import cry
from test_openapi import api, assert_as_described # noqa: F401: a fixture

PEOPLE = ("accounted_for", "not_heard_from", "need_help", "departed", "stale")


def figures(desk, **parameters):
    answer = desk.act("GET", "/figures", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def now(desk):
    series = figures(desk)["series"]
    return {name: series[-1][name] for name in PEOPLE} if series else None


def comes_to_be_counted(site, desk):
    """True figures, by the register's own rows, of those that are registered."""
    def agree():
        rows = site.query("SELECT CASE WHEN greatest(last_check_in_at, received_at) < now() - interval '7 days' AND last_status IS DISTINCT FROM 'departed' THEN 'stale' END, last_status,"
                          " check_in_by < now() FROM register.registration WHERE state = 'registered' AND NOT register.is_exercise(client_id)", role="muster")
        how = {"departed": "departed", "need_help": "need_help", "injured": "need_help", "in_danger": "need_help"}
        counted = [how.get(status, stale or ("not_heard_from" if status is None or late else "accounted_for")) for stale, status, late in rows]
        return now(desk) == {name: counted.count(name) for name in PEOPLE}
    until(agree, "the courier has counted who is accounted for")
    return now(desk)


def test_each_registered_party_is_one_of_five(site, desk, citizen, api): # noqa: F811
    codes = [citizen.register(people.registration()).json()["case"] for _ in range(5)]
    before = comes_to_be_counted(site, desk)
    for code, status in zip(codes, ("safe", "moving", "injured", "departed")):
        assert citizen.check_in(people.check_in(case=code, status=status)).status_code == 201
    after = comes_to_be_counted(site, desk)
    assert {name: after[name] - before[name] for name in PEOPLE} == {"accounted_for": 2, "not_heard_from": -4, "need_help": 1, "departed": 1, "stale": 0}
    site.query("UPDATE register.registration SET check_in_by = now() - interval '1 minute' WHERE registration_id = (SELECT registration_id FROM register.registration"
               " WHERE last_status = 'safe' ORDER BY received_at DESC LIMIT 1)", role="muster")
    assert comes_to_be_counted(site, desk)["not_heard_from"] == after["not_heard_from"] + 1, "silent when it was time"
    assert_as_described(api, "get", "/api/v1/figures", desk.act("GET", "/figures"))


def test_figures_are_the_lengths_of_their_lists(site, desk, citizen):
    cry(citizen, 13.5, 2.1, needs=["medication", "pets"])
    cry(citizen, 13.5, 2.1, "injured", needs=["medication"])

    def agree():
        told = figures(desk)
        return len(told["needs"]) >= 2 and all(
            len(desk.cases(one["queue"])) == one["open"] for one in told["queues"]) and all(
            len(desk.cases(queue, post=one["post"])) == count for one in told["posts"] for queue, count in one["queues"].items()) and all(
            len(desk.cases(queue, need=one["need"])) == count for one in told["needs"] for queue, count in one["queues"].items()) and all(
            sum(one["queues"].values()) == one["open"] for one in told["posts"] + told["needs"])
    until(agree, "the figures and the lists say the same")
    told, queues = figures(desk), desk.act("GET", "/queues").json()["queues"]
    assert [(one["queue"], one["open"], one["unclaimed"]) for one in told["queues"]] == [(one["queue"], one["open"], one["unclaimed"]) for one in queues]


def test_over_time(site, desk):
    """Old moments are kept, few enough to draw, and of a length asked for."""
    until(lambda: figures(desk)["series"], "there is a first")
    site.query("INSERT INTO register.figure SELECT %s, 'niamey', date_bin('5 minutes', now(), '2020-01-01') - i * interval '5 minutes', i, 1, 2, 3, 4, 5, 6, 7"
               " FROM generate_series(1, 3000) AS i ON CONFLICT DO NOTHING", (CRISIS,), role="muster")
    since = site.query("SELECT to_char((now() - interval '10 days') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", role="muster")[0][0]
    long, day = figures(desk, since=since)["series"], figures(desk)["series"]
    assert 280 <= len(long) <= 292 and 280 <= len(day) <= 292
    assert long[-1] == day[-1] and long == sorted(long, key=lambda one: one["at"]) and long[0]["at"] < day[0]["at"]
    site.query("DELETE FROM register.figure WHERE at < now() - interval '10 minutes'", role="muster")


def test_only_what_one_may_see(site):
    other = site.desk("officer", 72)
    site.query("UPDATE register.staff_access SET post_id = 'algiers' WHERE staff_id = (SELECT staff_id FROM register.staff WHERE name = 'officer.72')", role="muster")
    told = figures(other)
    assert told["posts"] == [] and told["needs"] == [] and all(one["open"] == 0 for one in told["queues"])
    assert all(one[name] == 0 for one in told["series"] for name in PEOPLE)
    assert site.desk("admin").act("GET", "/figures").status_code == 403
    for table in ("figure", "need_count"):
        assert site.query(f"SELECT count(*) FROM register.{table}", role="muster_desk") == [(0,)], "without an officer nothing is visible"


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-01-01T00:00:00Z"])
def test_what_cannot_be_asked(desk, query):
    answer = desk.act("GET", f"/figures?{query}")
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == query.split("=")[0]
