# SPDX-License-Identifier: Apache-2.0
"""openapi.json against the code's tables and against what the service really answers."""
import pathlib
import re
import uuid

import pytest

from harness import people

LIB = pathlib.Path(__file__).resolve().parents[2] / "lib"
LISTENERS = {"edge/edge.c": "public", "desk/desk.c": "desk"}
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
TYPES = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "object": dict, "array": list,
         "null": type(None)}


@pytest.fixture(scope="module")
def api(site):
    answer = site.citizen().get("/openapi.json")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/json"
    return answer.json()


def resolve(api, schema):
    while "$ref" in schema:
        node = api
        for step in schema["$ref"].removeprefix("#/").split("/"):
            node = node[step]
        schema = node
    return schema


def is_of(value, name):
    return isinstance(value, TYPES[name]) and (name in ("boolean", "null") or not isinstance(value, bool))


def faults_of_object(api, schema, value, where):
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name in set(schema.get("required", [])) - value.keys():
        yield f"{where}/{name} is missing"
    for name, member in value.items():
        if name in properties or isinstance(others, dict):
            yield from faults(api, properties.get(name, others), member, f"{where}/{name}")
        elif others is False:
            yield f"{where}/{name} is not described"


def faults(api, schema, value, where="answer"):
    """What JSON Schema 2020-12 finds wrong with a value, by the keywords that the description uses."""
    schema = resolve(api, schema)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_of(value, name) for name in types):
        yield f"{where}: {type(value).__name__}, not {types}"
        return
    if "oneOf" in schema and sum(not list(faults(api, one, value, where)) for one in schema["oneOf"]) != 1:
        yield f"{where} is not exactly one of {schema['oneOf']}"
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{where}: {value!r} is no such word"
    if isinstance(value, str) and not (re.search(schema.get("pattern", ""), value)
                                       and len(value) <= schema.get("maxLength", len(value))):
        yield f"{where}: {value!r} does not fit"
    if is_of(value, "number") and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{where}: {value} is out of range"
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{where} has {len(value)} items"
        for index, item in enumerate(value):
            yield from faults(api, schema.get("items", {}), item, f"{where}/{index}")
    if isinstance(value, dict):
        yield from faults_of_object(api, schema, value, where)


def assert_as_described(api, method, path, answer):
    response = resolve(api, api["paths"][path][method]["responses"][str(answer.status_code)])
    kind = answer.headers["Content-Type"].split(";")[0]
    assert not list(faults(api, response["content"][kind]["schema"], answer.json())), answer.text


def routes(file):
    table = re.search(r"struct http_route routes\[\] = \{(.*?)\n\};", (LIB / file).read_text(), re.S)[1]
    found = re.findall(r'\{\s*HTTP_(\w+),\s*"([^"]+)"', table)
    assert len(found) == table.count("HTTP_") > 10
    return {(path, method.lower()) for method, path in found}


def words(file, table):
    body = re.search(rf"\b{table}\[\w*\] = \{{(.*?)\n\}};", (LIB / file).read_text(), re.S)[1]
    return re.findall(r'"(\w+)"', body)


# --- the document against the code -------------------------------------------------------------------------------------------

def test_every_route_and_no_other(api):
    assert api["openapi"].startswith("3.1")
    described = {listener: set() for listener in LISTENERS.values()}
    for path, item in api["paths"].items():
        for server in item["servers"]:
            assert server in api["servers"]
            described[re.fullmatch(r"https://\{(\w+)\}", server["url"])[1]] |= {(path, m) for m in item.keys() & METHODS}
    assert described == {listener: routes(file) for file, listener in LISTENERS.items()}


def test_every_closed_list(api):
    lists = [("domain/vocabulary.c", name) for name in ("party_categories", "contact_kinds", "intents", "statuses", "channels",
                                                         "queues", "case_states", "look_reasons", "postures", "needs")]
    lists += [("domain/triage.c", "reason_names"), ("domain/field_error.c", "codes")]
    names = ["PartyCategory", "ContactKind", "Intent", "CheckInStatus", "Channel", "QueueName", "CaseState", "LookReason", "Posture", "Need",
             "TriageReason", "FieldFault"]
    for (file, table), name in zip(lists, names, strict=True):
        assert api["components"]["schemas"][name]["enum"] == words(file, table), name
    actions = re.findall(r'\{SLICE_INIT\("(\w+)"\), PG_', (LIB / "desk/case_actions.c").read_text())
    assert actions and api["components"]["schemas"]["CaseAction"]["enum"] == actions
    assert api["components"]["schemas"]["ZoneDrawn"]["properties"]["properties"]["properties"]["kind"]["enum"] == words("domain/zone.c", "kind_names")
    assert api["components"]["schemas"]["BroadcastState"]["enum"] == words("domain/broadcast.c", "state_names")
    assert api["components"]["schemas"]["BroadcastAction"]["enum"] == re.findall(
        r'\{SLICE_INIT\("(\w+)"\), BROADCAST_', (LIB / "desk/broadcast_action.c").read_text())


def test_nothing_dangles(api):
    """Every reference leads somewhere, every component is used, every path parameter is described, every id is its own."""
    used, ids = set(), []

    def walk(node):
        if isinstance(node, dict):
            if "$ref" in node:
                assert resolve(api, node)
                used.add(tuple(node["$ref"].split("/")[2:]))
            if "operationId" in node:
                ids.append(node["operationId"])
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(api)
    kinds = ("parameters", "responses", "schemas")
    assert used == {(kind, name) for kind in kinds for name in api["components"][kind]}
    assert len(ids) == len(set(ids)) > 35
    for path, item in api["paths"].items():
        in_path = {parameter["name"] for parameter in item.get("parameters", []) if parameter["in"] == "path"}
        for method in item.keys() & METHODS:
            own = {resolve(api, p)["name"] for p in item[method].get("parameters", []) if resolve(api, p)["in"] == "path"}
            assert in_path | own == set(re.findall(r"\{(\w+)\}", path)), path
            for requirement in item[method].get("security", []):
                assert requirement.keys() <= api["components"]["securitySchemes"].keys()


# --- the document against answers ----------------------------------------------------------------------------------------------

def test_the_validator_sees_faults(api):
    schema = {"$ref": "#/components/schemas/CheckIn"}
    good = people.check_in(phone=people.phone(), needs=["medication"])
    assert not list(faults(api, schema, good))
    for spoilt in ({**good, "colour": "blue"}, {**good, "case": "K7M2Q-9QXD4"}, {**good, "status": "fine"}, {**good, "people": 0},
                   {**good, "needs": "medication"}, {name: value for name, value in good.items() if name != "client_id"}):
        assert list(faults(api, schema, spoilt)), spoilt


def test_a_registration_its_record_and_a_check_in(api, citizen):
    sent = people.registration()
    assert not list(faults(api, {"$ref": "#/components/schemas/Registration"}, sent, "sent"))
    answer = citizen.register(sent)
    assert answer.status_code == 201
    assert_as_described(api, "post", "/api/v1/registrations", answer)
    told = answer.json()
    check_in = citizen.check_in(people.check_in(case=told["case"], status="need_help", needs=["medication"]))
    assert check_in.status_code == 201
    assert_as_described(api, "post", "/api/v1/check-ins", check_in)
    own = citizen.own_record(told["case"], told["secret"])
    assert own.status_code == 200
    assert_as_described(api, "get", "/api/v1/registrations/{case}", own)
    assert_as_described(api, "get", "/api/v1/registrations/{case}", citizen.own_record(told["case"], "wrong"))
    assert_as_described(api, "get", "/api/v1/crises", citizen.get("/api/v1/crises"))


def test_a_field_error(api, citizen):
    answer = citizen.register(people.registration(intent="perhaps", colour="blue"))
    assert answer.status_code == 422 and len(answer.json()["errors"]) == 2
    assert_as_described(api, "post", "/api/v1/registrations", answer)


def test_an_inquiry(api, citizen):
    sent = {"crisis": "ner-2023", "client_id": people.check_in()["client_id"], "about": {"family_name": people.name()},
            "asker": {"name": people.name(), "relation": "mother", "phone": people.phone()}}
    assert not list(faults(api, {"$ref": "#/components/schemas/Inquiry"}, sent, "sent"))
    answer = citizen.post("/api/v1/inquiries", json=sent)
    assert answer.status_code == 201
    assert_as_described(api, "post", "/api/v1/inquiries", answer)


def test_the_desk(api, citizen, desk):
    told = citizen.register(people.registration()).json()
    assert citizen.check_in(people.check_in(case=told["case"], status="injured", message=people.words("my leg"))).status_code == 201
    path = f"/cases/{told['case']}"
    for template, answer in (("/api/v1/me", desk.act("GET", "/me")), ("/api/v1/queues", desk.act("GET", "/queues")),
                             ("/api/v1/queues/{queue}/cases", desk.act("GET", "/queues/emergency/cases")),
                             ("/api/v1/queues/{queue}/cases", desk.act("GET", "/queues/emergency/cases?band=9")),
                             ("/api/v1/cases/{case}", desk.act("GET", path)),
                             ("/api/v1/cases/{case}/check-ins", desk.act("GET", f"{path}/check-ins"))):
        assert_as_described(api, "get", template, answer)
    for action, body in (("claim", {}), ("claim", {}), ("notes", {"text": people.words("called back")}), ("notes", {}),
                         ("resolve", {})):
        assert_as_described(api, "post", "/api/v1/cases/{case}/{action}", desk.do(told["case"], action, body))
    assert_as_described(api, "get", "/api/v1/cases/{case}", desk.act("GET", path))  # with a note
    for body in (people.check_in(), {}):
        assert_as_described(api, "post", "/api/v1/cases/{case}/check-ins", desk.do(told["case"], "check-ins", body))
    other = citizen.register(people.registration(intent="wants_evacuation")).json()["case"]
    for action in ("merge", "merge"):
        assert_as_described(api, "post", f"/api/v1/cases/{{case}}/{action}", desk.do(told["case"], action, {"with": other}))
    assert_as_described(api, "get", "/api/v1/cases/{case}", desk.act("GET", f"/cases/{other}"))  # which leads to the other
    assert_as_described(api, "post", "/api/v1/cases/{case}/unmerge", desk.do(told["case"], "unmerge", {"with": other}))


def test_the_policy(api, site, desk):
    path, lead = "/policy?crisis=ner-2023", site.desk("lead")
    told = desk.act("GET", path)
    for answer in (told, desk.act("GET", "/policy"), desk.act("GET", "/policy?crisis=none")):
        assert_as_described(api, "get", "/api/v1/policy", answer)
    for method in ("PUT", "PATCH"):
        seen = {"If-Match": told.headers["ETag"]}
        for answer in (desk.act(method, path, json={}), lead.act(method, path, json={}), lead.act(method, path, json={}, headers={"If-Match": '"99"'}),
                       lead.act(method, path, json={"reasons": {"injured": 5}}, headers=seen)):
            assert_as_described(api, method.lower(), "/api/v1/policy", answer)


def test_the_audit(api, site):
    lead = site.desk("lead")
    for answer in (lead.act("GET", "/audit", params={"limit": 20}), lead.act("GET", "/audit", params={"case": "nothing"}), site.desk().act("GET", "/audit")):
        assert_as_described(api, "get", "/api/v1/audit", answer)


def test_broadcasts(api, citizen, desk):
    assert citizen.register(people.registration()).status_code == 201
    sent = {"crisis": "ner-2023", "texts": {"en": people.words("Stay inside"), "fr": people.words("Restez")}, "asks": True, "texts_a_second": 5, "hours": 2,
            "audience": {"languages": ["en", "fr"], "bands": [1, 5], "needs": ["medication"], "intents": ["staying"], "statuses": ["safe", "none"],
                         "overdue": True, "zone": {"lat": 13.5, "lon": 2.1, "km": 5}}}
    assert not list(faults(api, {"$ref": "#/components/schemas/BroadcastDraft"}, sent, "sent"))
    drafted = desk.act("POST", "/broadcasts", json=sent)
    assert drafted.status_code == 201, drafted.text
    assert_as_described(api, "post", "/api/v1/broadcasts", drafted)
    assert_as_described(api, "post", "/api/v1/broadcasts", desk.act("POST", "/broadcasts", json={"crisis": "ner-2023", "texts": {"en": ""}}))
    path = f"/broadcasts/{drafted.json()['id']}"
    assert_as_described(api, "get", "/api/v1/broadcasts", desk.act("GET", "/broadcasts"))
    assert_as_described(api, "get", "/api/v1/broadcasts/{broadcast}", desk.act("GET", path))
    assert_as_described(api, "get", "/api/v1/broadcasts/{broadcast}", desk.act("GET", "/broadcasts/nowhere"))
    for action, status in (("send", 409), ("stop", 200), ("stop", 409)): # nobody is of all that
        answer = desk.act("POST", f"{path}/{action}")
        assert answer.status_code == status, answer.text
        assert_as_described(api, "post", "/api/v1/broadcasts/{broadcast}/{action}", answer)


def test_asked_again_it_is_not_sent_again(citizen):
    first = citizen.get("/openapi.json")
    tag = first.headers["ETag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = citizen.get("/openapi.json", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag), known
    assert citizen.get("/openapi.json", headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_wardens(api, site, citizen):
    code = citizen.register(people.registration()).json()["case"]
    lead, warden, user = site.desk("lead", 204), site.desk("warden", 219), site.staff("warden", 219).user
    assert lead.act("PUT", f"/wardens/{user}/households", json={"cases": [code]}).status_code == 204
    assert_as_described(api, "get", "/api/v1/wardens", lead.act("GET", "/wardens", params={"case": code}))
    assert_as_described(api, "get", "/api/v1/wardens", lead.act("GET", "/wardens", params={"case": "x"}))
    assert_as_described(api, "post", "/api/v1/wardens/{user}/households", lead.act("POST", f"/wardens/{user}/households", json={"cases": ["x"]}))
    assert_as_described(api, "delete", "/api/v1/wardens/{user}/households/{case}", lead.act("DELETE", f"/wardens/{user}/households/x"))
    fresh = citizen.register(people.registration(intent="staying")).json()["case"]
    assert_as_described(api, "get", "/api/v1/cases/{case}", site.desk(number=205).case(fresh)) # it has no case
    assert_as_described(api, "put", "/api/v1/wardens/{user}/households", lead.act("PUT", f"/wardens/{user}/households", json={"cases": ["x"]}))
    sent = {"client_id": str(uuid.uuid4()), "word": "safe"}
    for body in (sent, {}):
        assert_as_described(api, "post", "/api/v1/warden/{case}/words", warden.act("POST", f"/warden/{code}/words", json=body))
    assert_as_described(api, "get", "/api/v1/warden", warden.act("GET", "/warden"))
    assert_as_described(api, "get", "/api/v1/wardens/{user}/households", lead.act("GET", f"/wardens/{user}/households"))
    assert_as_described(api, "delete", "/api/v1/warden/{case}/words/{word}", warden.act("DELETE", f"/warden/{code}/words/x"))
    assert_as_described(api, "delete", "/api/v1/wardens/{user}/households", lead.act("DELETE", "/wardens/nobody/households"))
