# SPDX-License-Identifier: Apache-2.0
"""The people who call the service: a citizen's program, and an officer's."""
import requests


class Client:
    """One HTTPS session that trusts the service's own certificate and nothing else."""

    def __init__(self, base, certificate):
        self.base, self.certificate = base, certificate
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(certificate)

    def request(self, method, path, **options):
        options.setdefault("timeout", 40)
        options.setdefault("allow_redirects", False)
        return self.session.request(method, self.base + path, **options)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, **options):
        return self.request("POST", path, **options)

    def close(self):
        self.session.close()


class Citizen(Client):
    def register(self, body, **options):
        return self.post("/api/v1/registrations", json=body, **options)

    def check_in(self, body, **options):
        return self.post("/api/v1/check-ins", json=body, **options)

    def own_record(self, case, secret):
        return self.get(f"/api/v1/registrations/{case}", headers={"Authorization": f"Bearer {secret}"})


class Desk(Client):
    """An officer's program, by token; `Desk.sign_in` is a browser's way."""

    def __init__(self, base, certificate, token=None):
        super().__init__(base, certificate)
        self.csrf = None
        if token is not None:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def sign_in(self, user, password):
        answer = self.post("/api/v1/session", json={"user": user, "password": password})
        if answer.ok:
            self.csrf = answer.json()["csrf"]
        return answer

    def act(self, method, path, **options):
        """A request with the session's CSRF token, when there is one."""
        headers = dict(options.pop("headers", {}))
        if self.csrf is not None:
            headers.setdefault("X-CSRF-Token", self.csrf)
        return self.request(method, f"/api/v1{path}", headers=headers, **options)

    def queues(self):
        answer = self.act("GET", "/queues")
        assert answer.status_code == 200, answer.text
        return {queue["queue"]: queue for queue in answer.json()["queues"]}

    def cases(self, queue, **filters):
        """Every case of a queue, over all pages, in the order the desk gives."""
        found, path, parameters = [], f"/queues/{queue}/cases", {"limit": 100} | filters
        while path is not None:
            answer = self.act("GET", path, params=parameters)
            assert answer.status_code == 200, answer.text
            found += answer.json()["cases"]
            following = answer.links.get("next", {}).get("url")
            path, parameters = (following.split("/api/v1", 1)[1] if following else None), None
            assert len(found) < 100_000, "pages without an end"
        return found

    def claim_next(self, queue):
        return self.act("POST", f"/queues/{queue}/claim")

    def case(self, code):
        return self.act("GET", f"/cases/{code}")

    def do(self, code, action, body=None, **options):
        return self.act("POST", f"/cases/{code}/{action}", json=body or {}, **options)
