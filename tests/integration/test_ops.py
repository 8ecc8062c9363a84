# SPDX-License-Identifier: Apache-2.0
"""What operators and their monitors see, and the pages for programs."""
import json
import pathlib
import re
import resource
import time

import requests

from harness import people
from harness.waiting import until


def scrape(site):
    answer = requests.get(f"{site.service.ops_url}/metrics", timeout=10)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain")
    return answer.text


def total(text, name):
    """The sum over all labels."""
    found = re.findall(rf"^{re.escape(name)}(?:\{{[^}}]*\}})? ([0-9.e+-]+)$", text, re.MULTILINE)
    assert found, f"no metric {name}"
    return sum(float(value) for value in found)


def test_alive_and_ready(site):
    for path in ("/livez", "/readyz"):
        answer = requests.get(site.service.ops_url + path, timeout=10)
        assert answer.status_code == 200, answer.text


def test_as_many_open_files_as_the_system_allows(site):
    """Though it is started with a low soft limit, as everything is."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    site.service.stop()
    site.service.start(open_files=900)
    for pid in site.service.roles("edge"):
        limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
        assert re.search(r"^Max open files +(\d+)", limits, re.MULTILINE).group(1) == str(hard)


def test_metrics_are_prometheus_text(site):
    for line in scrape(site).splitlines():
        assert line == "" or line.startswith(("# HELP ", "# TYPE ")) or re.fullmatch(
            r"[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*=\"[^\"\\\n]*\",?)*\})? [0-9.eE+-]+(Inf|NaN)?", line), line


def test_metrics_count(site, citizen):
    before = total(scrape(site), "muster_requests_total")
    for _ in range(20):
        assert citizen.register(people.registration()).status_code == 201
    deadline = time.monotonic() + 10
    while total(scrape(site), "muster_requests_total") < before + 20:
        assert time.monotonic() < deadline, "the requests are not counted"
        time.sleep(0.2)


def counted_as(site, name):
    return total("\n".join(line for line in scrape(site).splitlines() if f'class="{name}"' in line and 'role="edge"' in line), "muster_requests_total")


def test_a_registration_that_cries_is_counted_as_help(site, citizen):
    """By its class it is let past the others, and never shed."""
    before = {name: counted_as(site, name) for name in ("help", "registration")}
    crying = people.registration(party=[people.member() | {"needs": ["medical_emergency"]}])
    for sent in (crying, crying, people.registration(), people.registration(), people.registration()):
        assert citizen.register(sent).status_code in (200, 201, 202)
    until(lambda: counted_as(site, "registration") == before["registration"] + 3 and counted_as(site, "help") == before["help"] + 2,
          lambda: f"2 as help and 3 as registrations: {[(name, counted_as(site, name) - before[name]) for name in before]}", 10)


def test_metrics_have_what_is_promised(site):
    text = scrape(site)
    for word in ("requests", "duration", "batch", "journal", "shed"):
        assert re.search(rf"^muster_\w*{word}\w*", text, re.MULTILINE), word
    assert people.traces(text.encode()) == []


def test_ops_is_not_on_the_public_side(site, citizen):
    for path in ("/metrics", "/livez", "/readyz"):
        assert citizen.get(path).status_code == 404


def test_the_desk_is_not_on_the_public_side(site, citizen):
    token = site.staff().token
    answer = citizen.get("/api/v1/queues", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 404


def test_open_crises(citizen):
    answer = citizen.get("/api/v1/crises")
    assert answer.status_code == 200
    body = answer.json()
    crises = body["crises"] if isinstance(body, dict) else body
    niger = next(crisis for crisis in crises if crisis["id"] == "ner-2023")
    assert niger["country"] == "NE" and niger["advisory_level"] == 4
    assert niger["posture"] == "ordered_departure" and niger["routine_services"] == "suspended"
    assert {"en", "fr"} <= set(niger["message"]) and niger["updated_at"]


def test_what_programs_look_for(citizen):
    description = citizen.get("/openapi.json")
    assert description.status_code == 200
    api = json.loads(description.text)
    assert api["openapi"].startswith("3.1") and "/api/v1/check-ins" in api["paths"]
    security = citizen.get("/.well-known/security.txt")
    assert security.status_code == 200 and "Contact:" in security.text and "Expires:" in security.text
    alerts = citizen.get("/alerts.cap")
    assert alerts.status_code == 200 and "urn:oasis:names:tc:emergency:cap:1.2" in alerts.text


def test_doctor_finds_nothing_wrong(site):
    done = site.service.muster("doctor", check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def test_the_command_line_is_idempotent(site):
    crises = "SELECT crisis_id FROM register.crisis ORDER BY crisis_id"
    before = site.query(crises, role="muster")
    for command in (("init",), ("migrate",), ("crisis", "open", "--sample", "niger-2023")):
        site.service.muster(*command)
    assert site.query(crises, role="muster") == before


def test_a_wrong_command_says_so(site):
    assert site.service.muster("no-such-command", check=False).returncode == 2
    assert site.service.muster("staff", "add", "--user", "x", "--role", "emperor", check=False).returncode in (1, 2)
    assert site.service.muster("--help", check=False).returncode == 0
