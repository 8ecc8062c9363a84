# SPDX-License-Identifier: Apache-2.0
"""A whole deployment in a private folder: cluster, service, staff, gateway; and the checks that end it."""
import os
import pathlib
import secrets
import shutil
import tempfile
from collections import namedtuple

from . import people
from .clients import Citizen, Desk
from .cluster import Cluster
from .places import BUILD
from .service import CRISIS, Service

Staff = namedtuple("Staff", "user password token")


class Site:
    """`disk`: a folder for all that must survive, PostgreSQL's data and the service's state; None: in the site's own."""

    def __init__(self, settings=None, cluster_settings=None, disk=None, cluster_options=()):
        assert (BUILD / "musterd").exists(), f"{BUILD}/musterd is not built: make VARIANT=asan"
        # short: a unix socket's path holds 107 bytes; reachable by the service's account
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="muster-test-"))
        os.chmod(self.directory, 0o755)
        self.cluster = Cluster(self.directory, cluster_settings, disk, cluster_options)
        self.service = Service(self.directory, self.cluster.url(), settings, disk)
        self._staff = {}
        self._clients = []

    def start(self):
        self.cluster.make()
        self.service.set_up()
        self.service.start()
        return self

    def close(self):
        """Stops everything, then holds the service to what it must leave: status 0, clean logs, nobody's data in them."""
        for client in self._clients:
            client.close()
        try:
            if self.service.process is not None:
                self.service.stop()
            self.service.check_log()
            assert people.traces(self.cluster.log.read_bytes()) == [], "personal data in PostgreSQL's log"
        finally:
            if self.service.process is not None:
                self.service.crash()
            self.cluster.stop("immediate")
            if "MUSTER_TEST_KEEP" not in os.environ:
                shutil.rmtree(self.directory)

    # --- people ---------------------------------------------------------------------------------------------------------

    def citizen(self):
        return self._keep(Citizen(self.service.public_url, self.service.certificate))

    def staff(self, role="officer", number=1):
        """A member of staff, made at the first call."""
        key = (role, number)
        if key not in self._staff:
            user, password = f"{role}.{number}", secrets.token_urlsafe(15)
            password_file = self.directory / f"{user}.password"
            password_file.write_text(password + "\n")
            self.service.muster("staff", "add", "--user", user, "--role", role, "--crisis", CRISIS, "--password-file", password_file)
            token = self.service.muster_json("staff", "token", "--user", user)["token"]
            self._staff[key] = Staff(user, password, token)
        return self._staff[key]

    def desk(self, role="officer", number=1):
        """Signed in by an API token."""
        return self._keep(Desk(self.service.desk_url, self.service.certificate, self.staff(role, number).token))

    def browser(self):
        """Not signed in."""
        return self._keep(Desk(self.service.desk_url, self.service.certificate))

    def gateway(self, name="kannel", kind="kannel"):
        return self.service.muster_json("gateway", "add", "--name", name, "--kind", kind, "--crisis", CRISIS)

    def query(self, statement, parameters=None, role="muster_report"):
        """As a reporting tool, or as another role of the database; the owner is `muster`."""
        password = None if role == "muster" else self.service.password_of(role)
        return self.cluster.query(statement, parameters, role, password)

    def edges_have_the_database(self):
        """All of them: after an outage each comes back in its own time, and answers 202 until then. Of new connections each takes some."""
        for _ in range(16):
            client = Citizen(self.service.public_url, self.service.certificate)
            status = client.register(people.registration()).status_code
            client.close()
            if status != 201:
                return False
        return True

    def check_ins_of(self, client_id):
        """What the register holds of one submission: a list, of one when it took effect once."""
        return self.query("SELECT registration_id, status, band, stored_via FROM report.check_in WHERE client_id = %s", (client_id,))

    def _keep(self, client):
        self._clients.append(client)
        return client
