# SPDX-License-Identifier: Apache-2.0
"""Who and where people are is nowhere outside the desk: not in a backup, not in the journal, not on any disk we write."""
import uuid

from harness import people


def say_everything(site):
    """A party with something in every sealed field; the texts that must stay sealed."""
    citizen = site.citizen()
    secret_words = [people.name() for _ in range(6)]
    email = f"{people.name().lower()}@example.org"
    people.remember(email)
    sent = people.registration(
        party=[people.member(needs=["medication"], needs_note=f"insulin, asks for {secret_words[0]}"), people.member()],
        contacts=[{"kind": "phone", "value": people.phone(), "primary": True}, {"kind": "email", "value": email}],
        location=people.location() | {"place": f"behind the {secret_words[1]} mosque"},
        emergency_contact={"name": people.name(), "relation": secret_words[2], "phone": people.phone()})
    registered = citizen.register(sent)
    assert registered.status_code == 201, registered.text
    case = registered.json()["case"]
    for sender in ({"case": case}, {"phone": sent["contacts"][0]["value"]}, {"phone": people.phone()}):
        said = citizen.check_in({"client_id": str(uuid.uuid4()), "status": "need_help", "message": f"ask for {secret_words[3]}",
                                 "location": people.location() | {"place": secret_words[4]}} | sender)
        assert said.status_code in (201, 202), said.text
    position = sent["location"]
    return sent, [str(position["lat"]), str(position["lon"])]


def test_a_backup_tells_nothing(site):
    _, position = say_everything(site)
    dump = site.cluster.dump()
    assert b"register.registration" in dump and len(dump) > 10_000
    assert people.traces(dump) == []
    assert people.traces(dump, position) == []


def test_the_secret_of_a_case_is_not_kept(site):
    sent = people.registration()
    secret = site.citizen().register(sent).json()["secret"]
    assert people.traces(site.cluster.dump(), [secret, secret.replace("-", "")]) == []


def test_the_same_name_twice_is_sealed_differently(site):
    person = people.member()
    for _ in range(2):
        assert site.citizen().register(people.registration(party=[person])).status_code == 201
    sealed = site.query("SELECT sealed_person FROM register.party_member ORDER BY registration_id", role="muster")
    assert len({bytes(row[0]) for row in sealed}) == len(sealed)


def test_sealed_text_hides_its_length(site):
    citizen = site.citizen()
    lengths = set()
    for size in (1, 2, 3, 5, 8, 13):
        sent = people.registration(party=[{"family_name": "Q" * size}], contacts=[], location=None)
        assert citizen.register(sent).status_code == 201
        lengths |= {row[0] for row in site.query(
            "SELECT length(sealed_person) FROM register.party_member JOIN register.registration USING (registration_id)"
            " WHERE client_id = %s", (sent["client_id"],), role="muster")}
    assert len(lengths) == 1


def test_the_state_folder_tells_nothing(site):
    say_everything(site)
    for path in site.service.state.rglob("*"):
        if path.is_file():
            assert people.traces(path.read_bytes()) == [], path


def test_keys_and_secrets_are_their_owners_alone(site):
    for folder in ("keys", "secrets", "tls", "journal"):
        for path in (site.service.state / folder).rglob("*"):
            public = path.name.endswith((".public", ".crt"))
            assert path.stat().st_mode & (0o022 if public else 0o077) == 0 or path.is_dir(), path
        assert (site.service.state / folder).stat().st_mode & 0o022 == 0, folder


def test_the_edge_cannot_open_what_it_sealed(site):
    """No process of the edge has the desk's secret key in a file it holds open or may read again."""
    for pid in site.service.roles("edge"):
        held = [str(link.readlink()) for link in _open_files(pid)]
        assert not any(name.endswith(".secret") for name in held), held


def _open_files(pid):
    import pathlib
    return list(pathlib.Path(f"/proc/{pid}/fd").iterdir())
