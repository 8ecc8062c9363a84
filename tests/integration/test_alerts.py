# SPDX-License-Identifier: Apache-2.0
"""/alerts.cap as another warning system reads it: one crisis is an alert, several are an Atom feed of alerts."""
import re
import xml.etree.ElementTree as ElementTree

from harness.waiting import until

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ATOM = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-00:00")
ORDER = ["language", "category", "event", "responseType", "urgency", "severity", "certainty", "headline", "description", "area"]


def tags(element, space):
    return [child.tag.removeprefix(space) for child in element]


def check_alert(alert):
    """What CAP 1.2 section 3.2 demands of one alert."""
    infos = alert.findall(f"{CAP}info")
    assert tags(alert, CAP) == ["identifier", "sender", "sent", "status", "msgType", "scope"] + ["info"] * len(infos) and infos
    for name in ("identifier", "sender"):
        assert re.fullmatch(r"[^\s,<&]+", alert.findtext(f"{CAP}{name}"))
    assert TIME.fullmatch(alert.findtext(f"{CAP}sent"))
    for info in infos:
        assert tags(info, CAP) == ORDER and info.findtext(f"{CAP}category") == "Safety"
        assert tags(info.find(f"{CAP}area"), CAP) == ["areaDesc", "geocode"]


def test_one_crisis_is_one_alert(lone_site):
    citizen = lone_site.citizen()
    answer = citizen.get("/alerts.cap")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/cap+xml"
    assert answer.headers["Cache-Control"] == "public, max-age=10"
    alert = ElementTree.fromstring(answer.content)
    assert alert.tag == f"{CAP}alert"
    check_alert(alert)
    said = {info.findtext(f"{CAP}language"): info for info in alert.findall(f"{CAP}info")}
    crisis = citizen.get("/api/v1/crises").json()["crises"][0]
    assert said.keys() == crisis["message"].keys()
    for language, info in said.items():
        assert info.findtext(f"{CAP}description") == crisis["message"][language]
        assert (info.findtext(f"{CAP}severity"), info.findtext(f"{CAP}urgency")) == ("Extreme", "Immediate")
        assert info.findtext(f"{CAP}area/{CAP}areaDesc") == {"ha": "Nijar", "dje": "Nizer", "ar": "النيجر"}.get(language, "Niger")
        assert info.findtext(f"{CAP}area/{CAP}geocode/{CAP}value") == "NE"
    assert said["fr"].findtext(f"{CAP}event") != said["en"].findtext(f"{CAP}event")


def test_several_crises_are_a_feed(lone_site):
    citizen = lone_site.citizen()
    lone_site.cluster.query("""
        INSERT INTO register.crisis (crisis_id, country, name, posture, advisory_level, routine_services, emergency_services,
            evacuation, message, languages, opened_at)
        SELECT 'xk-test', 'XK', '{"en": "<Elsewhere> & more"}', 'normal', 2, routine_services, emergency_services, 'evacuation',
            '{"en": "a < b && \\"c\\" ]]>"}', ARRAY['en'], now() FROM register.crisis WHERE crisis_id = 'ner-2023';
        INSERT INTO register.crisis_post (crisis_id, post_id, part) VALUES ('xk-test', 'niamey', 'lead')""")
    until(lambda: len(citizen.get("/api/v1/crises").json()["crises"]) == 2, "the edge knows the second crisis", 20)
    answer = citizen.get("/alerts.cap")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/atom+xml"
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert feed.tag == f"{ATOM}feed" and len(entries) == 2
    assert TIME.fullmatch(feed.findtext(f"{ATOM}updated")) and feed.findtext(f"{ATOM}author/{ATOM}name")
    ids = {entry.findtext(f"{ATOM}id") for entry in entries} | {feed.findtext(f"{ATOM}id")}
    assert len(ids) == 3
    for entry in entries:
        assert entry.find(f"{ATOM}content").get("type") == "application/cap+xml"
        check_alert(entry.find(f"{ATOM}content/{CAP}alert"))
    other = next(entry for entry in entries if "xk-test" in entry.findtext(f"{ATOM}id"))
    info = other.find(f"{ATOM}content/{CAP}alert/{CAP}info")
    assert info.findtext(f"{CAP}description") == 'a < b && "c" ]]>'
    assert info.findtext(f"{CAP}area/{CAP}areaDesc") == other.findtext(f"{ATOM}title") == "<Elsewhere> & more"
    assert info.findtext(f"{CAP}responseType") == "Evacuate"
