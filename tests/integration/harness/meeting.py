# SPDX-License-Identifier: Apache-2.0
"""Two things that meet in the register: somebody's lock is held until both wait, so that how they meet is not chance."""
import concurrent.futures
import contextlib

from . import case_codes
from .waiting import until

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND wait_event_type = 'Lock'"


@contextlib.contextmanager
def half_way(site, user=None):
    """A transaction of that member of staff; it holds what it locks to the end. Of a deadlock PostgreSQL ends the other one."""
    connection = site.cluster.connect("postgres", site.cluster.superuser_password)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '1min'")
            if user is not None:
                cursor.execute("SELECT set_config('muster.staff', staff_id::text, true) FROM register.staff WHERE name = %s", (user,))
            yield cursor
        connection.commit()
    finally:
        connection.close()


def lock(cursor, code, table="registration"):
    cursor.execute(f"SELECT FROM register.{table} WHERE registration_id = %s FOR UPDATE", (case_codes.number(code),))


def merge(cursor, kept, other):
    cursor.execute("SELECT kept, why FROM desk.merge_cases(%s, %s, NULL, 'test', NULL, NULL, NULL, NULL, NULL, NULL)",
                   (case_codes.number(kept), case_codes.number(other)))
    assert cursor.fetchone() == (case_codes.number(kept), None)


def unmerge(cursor, kept, other):
    cursor.execute("SELECT why FROM desk.unmerge_case(%s, %s, NULL, 'test')", (case_codes.number(kept), case_codes.number(other)))
    assert cursor.fetchone() == (None,)


class Meeting:
    """What is begun while something is held, and goes on when it is let go."""

    def __init__(self, site):
        self.site = site
        self.pool = concurrent.futures.ThreadPoolExecutor(8)
        self.begun_at = site.cluster.log.stat().st_size

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pool.shutdown()

    def begin(self, role, run, *arguments):
        """Returns once one more statement of the role waits for a lock."""
        cluster = self.site.cluster
        ask = lambda: cluster.query(_WAITING, (role,), "postgres", cluster.superuser_password)[0][0]
        before = ask()
        begun = self.pool.submit(run, *arguments)
        until(lambda: begun.done() or ask() > before, f"{role} waits")
        assert not begun.done(), f"it did not wait: {begun.result()}"
        return begun

    def deadlocks(self):
        """How often PostgreSQL had to end somebody."""
        with open(self.site.cluster.log, "rb") as log:
            log.seek(self.begun_at)
            return log.read().count(b"deadlock detected")
