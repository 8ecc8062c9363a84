# SPDX-License-Identifier: Apache-2.0
"""Every role against every route, and against the database itself: what somebody must not see or change is refused by PostgreSQL, whatever the desk's code does."""
import pathlib
import re
import uuid
from collections import namedtuple

import psycopg2
import pytest

from harness import case_codes, people
from harness.clients import Desk
from harness.service import CRISIS

DESK = pathlib.Path(__file__).resolve().parents[2] / "lib" / "desk" / "desk.c"
ELSEWHERE = "xk-280" # another crisis: a closed one, so that no citizen is asked which they mean

Actor = namedtuple("Actor", "client staff_id session within")

# Who tries: of the whole crisis a (v)iewer, (o)fficer, (l)ead, w(arden), (a)dmin; (s)tranger; an officer of another crisis (x); an officer (p) and a lead (q) of
# another post; a lead's token that may only look (n), and one that may nothing (e); an officer whose
# account is disabled (d).
ROLES = {"v": ("viewer", 280), "o": ("officer", 281), "l": ("lead", 282), "w": ("warden", 283), "a": ("admin", 284), "x": ("officer", 285),
         "p": ("officer", 286), "q": ("lead", 287), "n": ("lead", 288), "d": ("officer", 289),
         "e": ("lead", 291)}
EVERYBODY = "svolwaxpqned"
SIGNED_IN = "volwaxpqne"
PEOPLE = "volwaxpq"  # sessions of their own, not a token
AT_WORK = "volxpqn"  # who looks at cases, be it elsewhere
SEE_IT = "voln"      # this case


class World:
    """The case that they try for, and who they are."""

    def __init__(self, site):
        self.site = site
        citizen, alike = site.citizen(), people.registration()
        self.other = citizen.register(people.registration(contacts=alike["contacts"])).json()["case"]
        self.code = citizen.register(alike).json()["case"]
        for code in (self.other, self.code):
            assert citizen.check_in(people.check_in(case=code, status="need_help", needs=["medication"])).status_code == 201
        self.id, self.other_id = case_codes.number(self.code), case_codes.number(self.other)
        self._make_elsewhere()
        self.actors = {key: self._make(key, *ROLES[key]) for key in ROLES} | {"s": Actor(site.browser(), None, None, "")}
        self.broadcast = self.draft()
        self.zone = self.client("l").act("POST", "/zones", json=self.area()).json()["id"]
        assert self.client("l").act("PUT", f"/wardens/{ROLES['w'][0]}.{ROLES['w'][1]}/households", json={"cases": [self.other]}).status_code == 204
        self.idle = site.staff("warden", 292).user
        self.shift = self.client("o").act("POST", "/hand-over", json={"note": "one waits for a doctor"}).json()["id"]
        self.reset()
        site.query("SELECT register.count_cases(), register.count_figures(), register.count_reasons()", role="muster")

    def _make_elsewhere(self):
        for statement in ("INSERT INTO register.crisis (crisis_id, country, name, posture, advisory_level, routine_services, emergency_services, evacuation,"
                          " message, languages, opened_at, closed_at) SELECT %s, 'XK', name, posture, advisory_level, routine_services, emergency_services,"
                          " evacuation, message, languages, opened_at, now() FROM register.crisis WHERE crisis_id = %s",
                          "INSERT INTO register.crisis_post (crisis_id, post_id, part) SELECT %s, post_id, part FROM register.crisis_post WHERE crisis_id = %s"):
            self.site.query(statement, (ELSEWHERE, CRISIS), role="muster")

    def _make(self, key, role, number):
        staff = self.site.staff(role, number)
        browser = self.site.browser()
        assert browser.sign_in(staff.user, staff.password).status_code == 200
        staff_id = self.site.query("SELECT staff_id FROM register.staff WHERE name = %s", (staff.user,), role="muster")[0][0]
        client, kind, within = browser, "browser", ""
        if key in "ne":
            scopes = ["look"] if key == "n" else []
            token = browser.act("POST", "/tokens", json={"name": "narrow", "scopes": scopes}).json()["token"]
            client, kind, within = self.site._keep(Desk(self.site.service.desk_url, self.site.service.certificate, token)), "token", " ".join(["be_here", *scopes])
        session = self.site.query("SELECT session_id FROM register.staff_session WHERE staff_id = %s AND kind = %s ORDER BY created_at DESC LIMIT 1",
                                  (staff_id, kind), role="muster")[0][0]
        if key == "x":
            self.site.query("UPDATE register.staff_access SET crisis_id = %s WHERE staff_id = %s", (ELSEWHERE, staff_id), role="muster")
        if key in "pq":
            self.site.query("UPDATE register.staff_access SET post_id = 'cotonou' WHERE staff_id = %s", (staff_id,), role="muster")
        if key == "d":
            self.site.query("UPDATE register.staff SET disabled_at = now() WHERE staff_id = %s", (staff_id,), role="muster")
        return Actor(client, staff_id, str(session), within)

    def area(self):
        return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [12.5, 20.5]},
                "properties": {"crisis": CRISIS, "kind": "danger", "name": "the old quarry", "radius_m": 2000}}

    def draft(self):
        return self.client("o").act("POST", "/broadcasts", json={"crisis": CRISIS, "texts": {"en": "stay inside"}}).json()["id"]

    def reset(self):
        self.site.staff("viewer", 290)
        return self.client("a").act("POST", "/resets", json={"user": "viewer.290", "what": "totp"}).json()["id"]

    def client(self, key):
        return self.actors[key].client

    def try_sql(self, key, statement):
        """How many rows it told or changed, undone again; 0 when PostgreSQL refused it."""
        actor = self.actors[key]
        if actor.staff_id is None and "%(me)s" in statement:
            return 0
        connection = self.site.cluster.connect("muster_desk", self.site.service.password_of("muster_desk"))
        try:
            with connection.cursor() as cursor:
                if actor.staff_id is not None:
                    cursor.execute("SELECT set_config('muster.staff', %s, true), set_config('muster.session', %s, true), set_config('muster.within', %s, true)",
                                   (str(actor.staff_id), actor.session, actor.within))
                cursor.execute(statement, {"id": self.id, "other": self.other_id, "low": min(self.id, self.other_id), "high": max(self.id, self.other_id),
                                           "me": actor.staff_id, "them": self.actors["v" if key != "v" else "o"].staff_id, "crisis": CRISIS,
                                           "broadcast": self.broadcast, "zone": self.zone, "shift": self.shift, "warden": f"warden.{ROLES['w'][1]}",
                                           "new": str(uuid.uuid4())})
                return cursor.rowcount
        except psycopg2.errors.InsufficientPrivilege:
            return 0
        except (psycopg2.IntegrityError, psycopg2.DataError): # it was let in, and what it brought was no good
            return 1
        finally:
            connection.rollback()
            connection.close()


@pytest.fixture(scope="module")
def world(site):
    made = World(site)
    yield made
    site.query("DELETE FROM register.zone WHERE name = 'the old quarry'", role="muster")
    site.query("SELECT register.turn_zones(%s)", (CRISIS,), role="muster")
    for key in "op":
        site.query("DELETE FROM register.kept_apart WHERE staff_id = %s", (made.actors[key].staff_id,), role="muster")


# --- the table ------------------------------------------------------------------------------------------------------------

# `may`: for whom the route does what it is for; the rest are refused. `sql`: what the database would be asked, or worse, and for whom it does it.
Row = namedtuple("Row", "may call sql refusals", defaults=({}, (401, 403, 404)))


def get(path, **parameters):
    return lambda w, c: c.act("GET", path.format(w=w), params=parameters)


def post(path, body=None):
    return lambda w, c: c.act("POST", path.format(w=w), json=body(w) if body else {})


def page(path):
    return lambda w, c: c.get(path)


OWN_SECRET = "INSERT INTO register.staff_totp (staff_id, epoch_id, sealed_secret) VALUES (%({})s, %(new)s, 'x') ON CONFLICT (staff_id) DO UPDATE SET sealed_secret = 'x'"
SESSION = "INSERT INTO register.staff_session (session_mac, staff_id, kind, expires_at) VALUES (sha256(%(new)s::bytea), %({})s, 'token', now() + interval '1 day')"
OF_CASE = {f"SELECT FROM register.{table} WHERE registration_id = %(id)s": SEE_IT
           for table in ("triage_case", "registration", "party_member", "contact", "check_in")}
STORE = ("SELECT * FROM desk.store_registration(ids => ARRAY[1::bigint], client_ids => ARRAY[%(new)s::uuid], crises => ARRAY[%(crisis)s], channels => ARRAY['staff'], "
         + ", ".join(f"{name} => NULL" for name in
                     "content_macs secret_macs languages party_sizes party_needs intents cells consents_family consents_partners epochs sealed_locations"
                     " sealed_emergencies receiveds stored_vias bands cry_reasons queues respond_bys member_records member_ordinals member_categories"
                     " member_needs member_sealed member_documents contact_records contact_ordinals contact_kinds contact_primaries contact_sealed"
                     " contact_indexes epoch_ids epoch_crises epoch_times wrap_epochs wrap_recipients wraps member_names origin".split()) + ")")
PASS = ("SELECT FROM desk.pass_case(%(id)s, NULL, 'cotonou', NULL, '', %(new)s, %(new)s, 'x', now(), '{{}}', '{{}}') AS passed WHERE passed > 0").replace("{{}}", "{}")
NOTE = "INSERT INTO register.case_note (registration_id, note_id, staff_id, epoch_id, sealed_text) VALUES (%(id)s, %(new)s, %({})s, %(new)s, 'x')"

ROUTES = {
    ("GET", "/"): Row(EVERYBODY, page("/")),
    ("GET", "/broadcasts"): Row(EVERYBODY, page("/broadcasts")),
    ("GET", "/account"): Row(EVERYBODY, page("/account"), {
        "SELECT FROM register.staff_totp WHERE staff_id <> %(me)s": "", "SELECT FROM register.staff_recovery WHERE staff_id <> %(me)s": ""}),
    ("POST", "/account/totp"): Row(PEOPLE + "sd", lambda w, c: c.post("/account/totp", data={"csrf": c.csrf, "action": "begin"}, headers={}), {
        OWN_SECRET.format("me"): PEOPLE + "d", OWN_SECRET.format("them"): ""}),
    ("GET", "/map"): Row(EVERYBODY, page("/map")),
    ("GET", "/intake"): Row(EVERYBODY, page("/intake")),
    ("GET", "/dashboard"): Row(EVERYBODY, page("/dashboard")),
    ("GET", "/audit"): Row(EVERYBODY, page("/audit")),
    ("GET", "/policy"): Row(EVERYBODY, page("/policy")),
    ("GET", "/warden"): Row(EVERYBODY, page("/warden")),
    ("GET", "/wardens"): Row(EVERYBODY, page("/wardens")),
    ("GET", "/sign-in"): Row(EVERYBODY, page("/sign-in")),
    ("GET", "/assets/{name}"): Row(EVERYBODY, page("/assets/console.js")),
    ("POST", "/sign-in"): Row(None, None, {"SELECT password_hash FROM register.staff": ""}),
    ("POST", "/sign-in/card"): Row("", lambda w, c: c.post("/sign-in/card"), {
        "SELECT FROM register.staff_certificate": "",
        "INSERT INTO register.staff_session (session_mac, staff_id, kind, expires_at, card) VALUES (sha256(%(new)s::bytea), %(them)s, 'browser', now(), 'x')": ""}),
    ("POST", "/api/v1/session"): Row(None, None, {"SELECT FROM desk.password_hash(%(them)s) AS hash WHERE hash IS NOT NULL": "s",
                                                  "SELECT FROM desk.password_hash(%(me)s) AS hash WHERE hash IS NOT NULL": PEOPLE + "d",
                                                  "INSERT INTO register.audit (staff_id, action) VALUES (%(them)s, 'session.open')": "s",
                                                  "INSERT INTO register.audit (staff_id, action) VALUES (%(them)s, 'case.read')": "",
                                                  "INSERT INTO register.audit (staff_id, action) VALUES (NULL, 'case.read')": ""}),
    ("DELETE", "/api/v1/session"): Row(None, None, {
        "DELETE FROM register.staff_session WHERE session_id = desk.session_id()": SIGNED_IN + "d",
        "DELETE FROM register.staff_session WHERE staff_id = %(me)s AND session_id <> desk.session_id()": PEOPLE + "d"}),
    ("GET", "/api/v1/sessions"): Row(PEOPLE, get("/sessions"), {"SELECT FROM register.staff_session WHERE staff_id = %(them)s": "as"}),
    ("DELETE", "/api/v1/sessions/{session}"): Row("a", lambda w, c: c.act("DELETE", f"/sessions/{made_session(w)}"), {
        "DELETE FROM register.staff_session WHERE staff_id = %(them)s": "a"}),
    ("POST", "/api/v1/tokens"): Row(PEOPLE, post("/tokens", lambda w: {"name": "mine"}), {
        SESSION.format("me"): PEOPLE + "d", SESSION.format("them"): "", SESSION.format("them").replace("token", "browser"): "s"}),
    ("POST", "/api/v1/password"): Row(PEOPLE, post("/password", lambda w: {"old": "not mine at all", "new": "something else here"}), {
        "UPDATE register.staff SET password_hash = 'x' WHERE staff_id = %(me)s": "",
        "SELECT WHERE desk.change_password('x', NULL, NULL, '')": PEOPLE}),
    ("GET", "/api/v1/resets"): Row("a", get("/resets"), {"SELECT FROM register.staff_reset": "a", "DELETE FROM register.staff_reset": ""}),
    ("POST", "/api/v1/resets"): Row("a", post("/resets", lambda w: {"user": "viewer.290", "what": "totp"}), {
        "SELECT WHERE desk.ask_reset('viewer.290', 'totp', '') IS NOT NULL": "a",
        "INSERT INTO register.staff_reset (staff_id, what, asked_by) VALUES (%(them)s, 'totp', %(me)s)": ""}),
    ("POST", "/api/v1/resets/{reset}/approve"): Row("a", lambda w, c: c.act("POST", f"/resets/{w.reset()}/approve"), {
        "SELECT FROM desk.approve_reset(desk.ask_reset('viewer.290', 'totp', ''), 'x', '') WHERE outcome = 2": "a",
        "UPDATE register.staff_reset SET approved_by = %(me)s": ""}),
    ("DELETE", "/api/v1/resets/{reset}"): Row("a", lambda w, c: c.act("DELETE", f"/resets/{w.reset()}"), {
        "SELECT WHERE desk.drop_reset(desk.ask_reset('viewer.290', 'totp', ''), '')": "a"}),
    ("GET", "/api/v1/me"): Row(SIGNED_IN, get("/me")),
    ("GET", "/api/v1/queues"): Row(AT_WORK, get("/queues")),
    ("GET", "/api/v1/queues/{queue}/cases"): Row(AT_WORK, get("/queues/assistance/cases", limit=100), {
        "SELECT FROM register.triage_case WHERE registration_id = %(id)s": SEE_IT}),
    ("GET", "/api/v1/search"): Row(AT_WORK, lambda w, c: c.act("GET", "/search", params={"q": w.code}), {
        "SELECT FROM desk.find_parties(ARRAY[%(id)s::bigint], '{}', '{}', '{}', '{}', 10)": SEE_IT,
        "SELECT FROM desk.scope WHERE (crisis_id, post_id) = (%(crisis)s, 'niamey')": SEE_IT}),
    ("POST", "/api/v1/search"): Row(AT_WORK, post("/search", lambda w: {"q": w.code})),
    ("GET", "/api/v1/cases/{case}"): Row(SEE_IT, get("/cases/{w.code}"), OF_CASE),
    ("GET", "/api/v1/cases/{case}/check-ins"): Row(SEE_IT, get("/cases/{w.code}/check-ins")),
    ("GET", "/api/v1/cases/{case}/duplicates"): Row(SEE_IT, get("/cases/{w.code}/duplicates"), {
        "SELECT FROM desk.find_alike(%(id)s, '{}', '{}', 10)": SEE_IT}),
    ("POST", "/api/v1/cases/{case}/keep-apart"): Row("ol", post("/cases/{w.code}/keep-apart", lambda w: {"with": w.other}), {
        "INSERT INTO register.kept_apart (registration_id, other_id, staff_id) VALUES (%(low)s, %(high)s, %(me)s)": "ol"}),
    ("POST", "/api/v1/cases/{case}/maybe-same"): Row("ol", post("/cases/{w.code}/maybe-same", lambda w: {"with": w.other}), {
        "DELETE FROM register.kept_apart WHERE registration_id = %(low)s": "ol"}),
    ("POST", "/api/v1/cases/{case}/{action}"): Row("ol", post("/cases/{w.code}/notes", lambda w: {"text": "called back"}), {
        NOTE.format("me"): "ol", NOTE.format("them"): "", PASS: "ol",
        "UPDATE register.triage_case SET state = 'resolved', resolved_at = now() WHERE registration_id = %(id)s": "ol",
        "SELECT WHERE desk.works(%(me)s, %(crisis)s, 'niamey')": "ol"}),
    ("POST", "/api/v1/queues/{queue}/claim"): Row("olxpq", post("/queues/inquiry/claim"), {
        "UPDATE register.triage_case SET claimed_by = %(me)s, state = 'claimed' WHERE registration_id = %(id)s": "ol"}),
    ("POST", "/api/v1/registrations"): Row("olxpq", post("/registrations", lambda w: {"crisis": CRISIS}), {STORE: "olpq"}),
    ("GET", "/api/v1/events"): Row(AT_WORK, lambda w, c: streamed(c), {
        "SELECT FROM desk.case_changes(0, '{}', 1000000) WHERE registration_id = %(id)s": SEE_IT + "s"}),
    ("POST", "/api/v1/presence"): Row("ol", post("/presence", lambda w: {"case": w.code, "doing": "looking"})),
    ("GET", "/api/v1/map"): Row(AT_WORK, get("/map", bbox="0,11,16,24", zoom=6), {
        "SELECT FROM register.case_count WHERE crisis_id = %(crisis)s AND post_id = 'niamey'": SEE_IT}),
    ("GET", "/api/v1/figures"): Row(AT_WORK, get("/figures"), {
        "SELECT FROM register.figure WHERE crisis_id = %(crisis)s AND post_id = 'niamey'": SEE_IT,
        "SELECT FROM register.need_count WHERE crisis_id = %(crisis)s AND post_id = 'niamey'": SEE_IT}),
    ("GET", "/api/v1/places"): Row(AT_WORK, get("/places", bbox="0,11,16,24", zoom=6)),
    ("GET", "/api/v1/audit"): Row("laq", get("/audit"), {
        "SELECT FROM desk.audit_page('infinity', 1, 10, %(id)s, NULL, NULL, '-infinity', 'infinity')": "l",
        "SELECT FROM desk.audit_page('infinity', 1, 10, NULL, NULL, NULL, '-infinity', 'infinity')": "laq",
        "SELECT FROM desk.audit_page('infinity', 1, 1000, NULL, NULL, NULL, '-infinity', 'infinity') WHERE registration_id IS NOT NULL": "l",
        "SELECT FROM register.audit": "", "SELECT FROM register.audit_link": ""}),
    ("GET", "/api/v1/policy"): Row("volpqn", get("/policy", crisis=CRISIS)),
    ("PUT", "/api/v1/policy"): Row("l", lambda w, c: c.act("PUT", "/policy", params={"crisis": CRISIS}, json={}, headers={"If-Match": '"0"'}), {
        "INSERT INTO register.triage_policy (crisis_id, bands, answer_minutes) VALUES (%(crisis)s, '{}', '{1,2,3,4,5}')": "l",
        "SELECT WHERE desk.leads(%(crisis)s)": "l"}),
    ("PATCH", "/api/v1/policy"): Row("l", lambda w, c: c.act("PATCH", "/policy", params={"crisis": CRISIS}, json={"x": 1}, headers={"If-Match": '"0"'})),
    ("GET", "/api/v1/policy/history"): Row(AT_WORK, get("/policy/history", crisis=CRISIS), {
        "INSERT INTO register.triage_policy_change (crisis_id, version, staff_id, bands, answer_minutes) VALUES (%(crisis)s, 999, %(me)s, '{}', '{1,2,3,4,5}')": "l",
        "INSERT INTO register.triage_policy_change (crisis_id, version, staff_id, bands, answer_minutes) VALUES (%(crisis)s, 999, %(them)s, '{}', '{1,2,3,4,5}')": ""}),
    ("POST", "/api/v1/policy/preview"): Row("l", lambda w, c: c.act("POST", "/policy/preview", params={"crisis": CRISIS}, json={"reasons": {}}), {
        "SELECT FROM register.reason_count WHERE crisis_id = %(crisis)s": "l"}),
    ("GET", "/api/v1/colleagues"): Row("olxpq", get("/colleagues")),
    ("GET", "/api/v1/zones"): Row(AT_WORK, get("/zones"), {"SELECT FROM register.zone WHERE zone_id = %(zone)s": "volpqn",
                                                           "SELECT FROM register.zone_cell WHERE zone_id = %(zone)s": "volpqn"}),
    ("GET", "/api/v1/zones/{zone}"): Row("volpqn", get("/zones/{w.zone}")),
    ("POST", "/api/v1/zones"): Row("l", lambda w, c: c.act("POST", "/zones", json=w.area()), {
        "SELECT FROM desk.put_zone(%(new)s::uuid, %(crisis)s, 0, 'danger', 'x', '{}', 1, '{s1z0g}', NULL, NULL, false, 1, 1, 's1z0g')": "l"}),
    ("POST", "/api/v1/zones/preview"): Row("l", lambda w, c: c.act("POST", "/zones/preview", json=w.area())),
    ("PUT", "/api/v1/zones/{zone}"): Row("l", lambda w, c: c.act("PUT", f"/zones/{w.zone}", json=w.area(), headers={"If-Match": '"99"'}), {
        "SELECT FROM desk.put_zone(%(zone)s::uuid, %(crisis)s, 1, 'danger', 'x', '{}', 1, '{s1z0g}', NULL, NULL, false, 1, 1, 's1z0g')": "l"}),
    ("DELETE", "/api/v1/zones/{zone}"): Row("l", lambda w, c: c.act("DELETE", f"/zones/{w.zone}", headers={"If-Match": '"99"'}), {
        "SELECT FROM desk.remove_zone(%(zone)s::uuid, 1)": "l"}),
    ("POST", "/api/v1/cases/{case}/check-ins"): Row("ol", post("/cases/{w.code}/check-ins", lambda w: {"status": "x"}), {}),
    ("POST", "/api/v1/cases/{case}/merge"): Row("ol", lambda w, c: c.act("POST", f"/cases/{w.code}/merge", json={"with": w.other}, headers={"If-Match": '"999"'}), {
        "SELECT FROM desk.merge_cases(%(id)s, %(other)s, NULL, '', NULL, %(new)s, NULL, now(), '{}', '{}') AS m WHERE m.kept IS NOT NULL": "ol",
        "SELECT FROM register.merged": "", "SELECT FROM desk.party_of WHERE case_id = %(id)s": SEE_IT}),
    ("POST", "/api/v1/cases/{case}/unmerge"): Row("ol", lambda w, c: c.act("POST", f"/cases/{w.code}/unmerge", json={"with": w.other}, headers={"If-Match": '"999"'}), {
        "SELECT FROM desk.unmerge_case(%(id)s, %(other)s, NULL, '') AS m WHERE m.version IS NOT NULL": ""}),
    ("GET", "/api/v1/hand-over"): Row(AT_WORK, get("/hand-over"), {"SELECT FROM register.hand_over WHERE hand_over_id = %(shift)s": SEE_IT}),
    ("POST", "/api/v1/hand-over"): Row("olxpq", post("/hand-over", lambda w: {}), {
        "SELECT FROM desk.hand_over(%(new)s, NULL, '', %(new)s, now(), '{}', '{}', 'x', '{}', '{}', '{}') AS h WHERE h.outcome = 0": "olxpq"}),
    ("POST", "/api/v1/hand-over/{hand_over}/read"): Row("ol", post("/hand-over/{w.shift}/read"), {
        "INSERT INTO register.hand_over_read (hand_over_id, staff_id) VALUES (%(shift)s, %(them)s)": "",
        "INSERT INTO register.hand_over_read (hand_over_id, staff_id) VALUES (%(shift)s, %(me)s)": "ol"}),
    ("GET", "/api/v1/warden"): Row("w", get("/warden"), {
        "SELECT FROM desk.my_household": "w", "SELECT FROM desk.my_household WHERE registration_id = %(id)s": "",
        "SELECT FROM desk.my_household_member": "w", "SELECT FROM desk.my_household_phone": "w"}),
    ("POST", "/api/v1/warden/{case}/words"): Row("w", post("/warden/{w.other}/words", lambda w: {})),
    ("DELETE", "/api/v1/warden/{case}/words/{word}"): Row("", lambda w, c: c.act("DELETE", f"/warden/{w.other}/words/{uuid.uuid4()}"), {
        "SELECT WHERE desk.undo_word(%(other)s, %(new)s::uuid, '')": ""}),
    ("GET", "/api/v1/wardens/{user}/households"): Row("volpqn", get(f"/wardens/{ROLES['w'][0]}.{ROLES['w'][1]}/households"), {
        "SELECT FROM register.warden_list WHERE registration_id = %(other)s": SEE_IT}),
    ("GET", "/api/v1/wardens"): Row(AT_WORK, get("/wardens"), {"SELECT FROM desk.warden_household WHERE registration_id = %(other)s": SEE_IT}),
    ("POST", "/api/v1/wardens/{user}/households"): Row("l", lambda w, c: c.act("POST", f"/wardens/{ROLES['w'][0]}.{ROLES['w'][1]}/households", json={"cases": [w.other]}), {
        "SELECT FROM desk.add_to_warden_list(%(warden)s, ARRAY[%(id)s::bigint], 500, '') WHERE bad = '{}'": "l"}, (401, 403, 404, 422)),
    ("DELETE", "/api/v1/wardens/{user}/households/{case}"): Row("l", lambda w, c: c.act("DELETE", f"/wardens/{ROLES['w'][0]}.{ROLES['w'][1]}/households/{w.code}"), {
        "SELECT WHERE desk.take_from_warden_list(%(warden)s, %(other)s, '')": "l"}, (401, 403, 404)),
    ("PUT", "/api/v1/wardens/{user}/households"): Row("l", lambda w, c: c.act("PUT", f"/wardens/{ROLES['w'][0]}.{ROLES['w'][1]}/households",
                                                                          json={"cases": [w.other]}), {
        "SELECT WHERE desk.set_warden_list(%(warden)s, ARRAY[%(id)s::bigint], '') = '{}'": "l"}, (401, 403, 404, 422)),
    ("DELETE", "/api/v1/wardens/{user}/households"): Row("lq", lambda w, c: c.act("DELETE", f"/wardens/{w.idle}/households"), {
        "SELECT FROM register.registration WHERE registration_id = %(id)s": SEE_IT}),
    ("GET", "/api/v1/broadcasts"): Row(AT_WORK, get("/broadcasts"), {"SELECT FROM register.broadcast WHERE broadcast_id = %(broadcast)s": SEE_IT + "pq"}),
    ("POST", "/api/v1/broadcasts"): Row("ol", post("/broadcasts", lambda w: {"crisis": CRISIS, "texts": {"en": "stay"}, "audience": {"posts": ["niamey"]}}), {
        "SELECT WHERE desk.may_broadcast(%(crisis)s, NULL)": "ol"}, (401, 403, 404, 422)),
    ("GET", "/api/v1/broadcasts/{broadcast}"): Row(SEE_IT + "pq", get("/broadcasts/{w.broadcast}"), {
        "SELECT FROM register.broadcast_text WHERE broadcast_id = %(broadcast)s": SEE_IT + "pq"}),
    ("POST", "/api/v1/broadcasts/{broadcast}/{action}"): Row("ol", lambda w, c: c.act("POST", f"/broadcasts/{w.draft()}/stop"), {
        "UPDATE register.broadcast SET state = 'stopped' WHERE broadcast_id = %(broadcast)s": "ol"}, (401, 403, 404, 409)),
}


def made_session(world):
    """The id of a viewer's session of its own."""
    officer = world.site.staff("viewer", 290)
    browser = world.site.browser()
    assert browser.sign_in(officer.user, officer.password).status_code == 200
    return next(one["id"] for one in browser.act("GET", "/sessions").json()["sessions"] if one["current"])


def streamed(client):
    answer = client.act("GET", "/events", stream=True)
    answer.close()
    answer._content = b""
    return answer


def sees(answer, world):
    return world.code in answer.text or bool(people.traces(answer.content))


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_what_each_may_over_the_wire(world, route):
    row = ROUTES[route]
    for key in EVERYBODY if row.call else "":
        answer = row.call(world, world.client(key))
        assert answer.status_code < 500, (route, key, answer.text)
        assert (answer.status_code not in row.refusals) == (key in row.may), (route, key, answer.status_code, answer.text[:300])
        own = route == ("GET", "/api/v1/warden") and key == "w" # their list is what they are for
        assert own or key in SEE_IT or not sees(answer, world), (route, key)


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_what_each_may_in_the_database(world, route):
    if route[1].endswith("maybe-same"):
        world.client("o").do(world.code, "keep-apart", {"with": world.other})
    for statement, may in ROUTES[route].sql.items():
        for key in EVERYBODY:
            assert (world.try_sql(key, statement) > 0) == (key in may), (key, statement)


def test_every_route_stands_in_the_table():
    """A new route makes this red until somebody has said who may what of it."""
    table = re.search(r"struct http_route routes\[\] = \{(.*?)\n\};", DESK.read_text(), re.S)[1]
    assert set(re.findall(r'\{\s*HTTP_(\w+),\s*"([^"]+)"', table)) == ROUTES.keys()
