# SPDX-License-Identifier: Apache-2.0
"""edge.store_check_ins called twice at once with some of the same: the second waits for the first, and both tell the truth."""
import concurrent.futures
import os
import uuid

from harness import case_codes, people
from harness.waiting import until

STORED, AGAIN, OTHER = 0, 1, 2

STORE = """SELECT outcome, registration_id, known FROM edge.store_check_ins(%(ids)s::uuid[], %(parties)s::bigint[],
  array_fill(NULL::bytea, ARRAY[%(n)s]), %(parties)s::bigint[], array_fill(NULL::text, ARRAY[%(n)s]), %(macs)s::bytea[],
  array_fill('safe'::text, ARRAY[%(n)s]), array_fill(0, ARRAY[%(n)s]), array_fill(NULL::smallint, ARRAY[%(n)s]),
  array_fill(NULL::smallint, ARRAY[%(n)s]), array_fill(0, ARRAY[%(n)s]), array_fill(NULL::text, ARRAY[%(n)s]),
  array_fill(NULL::timestamptz, ARRAY[%(n)s]), array_fill('en'::text, ARRAY[%(n)s]), array_fill('api'::text, ARRAY[%(n)s]),
  array_fill(NULL::text, ARRAY[%(n)s]), array_fill(%(epoch)s::uuid, ARRAY[%(n)s]), array_fill(NULL::bytea, ARRAY[%(n)s]),
  array_fill(NULL::bytea, ARRAY[%(n)s]), array_fill(NULL::bytea, ARRAY[%(n)s]), array_fill(NULL::timestamptz, ARRAY[%(n)s]),
  array_fill(now(), ARRAY[%(n)s]), array_fill('database'::text, ARRAY[%(n)s]), 0, 240,
  '{}'::uuid[], '{}'::text[], '{}'::timestamptz[], '{}'::uuid[], '{}'::text[], '{}'::bytea[])"""


class Batch:
    def __init__(self, site, records):
        """(client_id, party, content_mac) of each."""
        epoch, = site.query("SELECT epoch_id FROM register.epoch LIMIT 1", role="muster")[0]
        self.connection = site.cluster.connect("muster_courier", site.service.password_of("muster_courier"))
        self.parameters = {"ids": [str(one[0]) for one in records], "parties": [one[1] for one in records],
                           "macs": [one[2] for one in records], "n": len(records), "epoch": str(epoch)}

    def store(self):
        with self.connection.cursor() as cursor:
            cursor.execute(STORE, self.parameters)
            return [row[0] for row in cursor.fetchall()]

    def commit(self):
        self.connection.commit()
        self.connection.close()


def parties(site, citizen, count):
    answers = [citizen.register(people.registration()).json() for _ in range(count)]
    return [case_codes.number(answer["case"]) for answer in answers]


def waits_for_lock(site, batch):
    return site.query("SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'",
                      (batch.connection.info.backend_pid,), role="muster_courier") == [(1,)]


def together(site, first, second, end):
    """The outcomes of both, when the second begins before the first ends by `end`."""
    one, other = Batch(site, first), Batch(site, second)
    before = one.store()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pending = pool.submit(other.store)
        until(lambda: waits_for_lock(site, other), "the second waits", 10)
        end(one)
        after = pending.result(20)
    other.commit()
    return before, after


def stored(site, records):
    return site.query("SELECT client_id::text FROM register.check_in WHERE client_id = ANY (%s::uuid[])",
                      ([str(one[0]) for one in records],), role="muster")


def test_what_another_batch_is_storing_is_stored_once_and_the_rest_with_it(site, citizen):
    a, b, c = ((uuid.uuid4(), party, os.urandom(32)) for party in parties(site, citizen, 3))
    before, after = together(site, [a, b], [b, c, c], Batch.commit)
    assert before == [STORED, STORED] and after == [AGAIN, STORED, AGAIN]
    assert sorted(row[0] for row in stored(site, [a, b, c])) == sorted(str(one[0]) for one in (a, b, c))


def test_other_content_under_an_id_that_another_batch_is_storing(site, citizen):
    (party,) = parties(site, citizen, 1)
    mine = (uuid.uuid4(), party, os.urandom(32))
    before, after = together(site, [mine], [(mine[0], party, os.urandom(32))], Batch.commit)
    assert before == [STORED] and after == [OTHER] and len(stored(site, [mine])) == 1


def test_what_another_batch_gave_up_is_stored(site, citizen):
    (party,) = parties(site, citizen, 1)
    mine = (uuid.uuid4(), party, os.urandom(32))

    def give_up(batch):
        batch.connection.rollback()
        batch.connection.close()
    before, after = together(site, [mine], [mine], give_up)
    assert before == [STORED] and after == [STORED] and len(stored(site, [mine])) == 1


def test_copies_in_one_batch_are_one(site, citizen):
    (party,) = parties(site, citizen, 1)
    mine, other = ((uuid.uuid4(), party, os.urandom(32)) for _ in range(2))
    batch = Batch(site, [mine, other, mine, mine, (other[0], party, os.urandom(32))])
    assert batch.store() == [STORED, STORED, AGAIN, AGAIN, OTHER]
    batch.commit()
    assert len(stored(site, [mine, other])) == 2
