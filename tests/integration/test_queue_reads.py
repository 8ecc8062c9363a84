# SPDX-License-Identifier: Apache-2.0
"""How much of a large register the desk reads: the page of a queue and not the queue, a party's rows and not everybody's. By the plans of the desk's own
statements with the settings of its own sessions, among 60,000 open cases that are never committed."""
import json
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SETTINGS = re.findall(r'"(SET [a-z_]+ = [a-z_0-9]+)"', (ROOT / "lib/desk/desk.c").read_text())
CASES, PAGE, POSTS = 60_000, 20, 7
FILL = """WITH party AS (
  INSERT INTO register.registration (registration_id, crisis_id, post_id, state, language, channel, stored_via, received_at, check_in_by)
  SELECT 10000000 + n, p.crisis_id, p.post_id, 'unidentified', 'fr', 'sms', 'database', now(), now() + interval '1 day'
  FROM generate_series(1, %s) AS n JOIN (SELECT *, row_number() OVER () AS place FROM register.crisis_post) AS p ON p.place = 1 + n %% 3
  RETURNING registration_id, crisis_id, post_id, registration_id - 10000000 AS n)
  INSERT INTO register.triage_case (registration_id, crisis_id, post_id, queue, band, reasons, state, respond_by, received_at, opened_at, needs, cell)
  SELECT registration_id, crisis_id, post_id, 'assistance', 3, 1, 'open', now() + interval '1 second' * n, now(), now(), (n %% 8)::integer, 's1z0g' FROM party"""

OF_PARTIES = ("""INSERT INTO register.check_in (registration_id, client_id, content_mac, status, needs, reasons, channel, epoch_id, received_at, stored_via)
  SELECT 10000000 + n, gen_random_uuid(), sha256(int8send(n)), 'need_help', 0, 0, 'api', gen_random_uuid(), now() + interval '1 second' * n, 'database'
  FROM generate_series(1, %s) AS n, generate_series(1, 3)""",
"""INSERT INTO register.party_member SELECT 10000000 + n, 1, 'citizen', 0, gen_random_uuid(), sha256(int8send(n)), NULL, '{}' FROM generate_series(1, %s) AS n""",
"""INSERT INTO register.contact SELECT 10000000 + n, 1, 'phone', true, gen_random_uuid(), sha256(int8send(n)), sha256(int8send(-n)) FROM generate_series(1, %s) AS n""",
"""INSERT INTO register.audit (staff_id, action, registration_id, origin) SELECT 1, 'case.view', 10000000 + n, 'test' FROM generate_series(1, %s) AS n""")
LARGE = ("registration", "triage_case", "check_in", "party_member", "contact", "audit")


def nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


@pytest.fixture(scope="module")
def crowded(site):
    """A cursor of the desk's in a transaction that has filled a queue."""
    officer = site.staff()
    me, = site.query("SELECT staff_id FROM register.staff WHERE name = %s", (officer.user,), role="muster")[0]
    connection = site.cluster.connect("postgres", site.cluster.superuser_password)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for filling in (FILL, *OF_PARTIES):
            cursor.execute(filling, (CASES,))
        cursor.execute("INSERT INTO register.queue_count (crisis_id, post_id, queue, cases, unclaimed, late) SELECT crisis_id, post_id, 'assistance', 9, 9, 0"
                       " FROM register.crisis_post ON CONFLICT DO NOTHING")
        cursor.execute(f"ANALYZE {', '.join('register.' + table for table in LARGE)}")
        cursor.execute("LOAD 'auto_explain'") # what a function runs is told as a notice
        for option in ("log_min_duration = 0", "log_nested_statements = on", "log_analyze = on", "log_buffers = on", "log_format = json", "log_level = notice"):
            cursor.execute(f"SET auto_explain.{option}")
        cursor.execute("SET ROLE muster_desk")
        cursor.execute("SELECT set_config('muster.staff', %s, true)", (str(me),))
        for setting in SETTINGS:
            cursor.execute(setting)
        yield cursor
    connection.close()


@pytest.mark.parametrize("query, given", [
    ("case_list", ("'assistance'", str(PAGE), *["NULL"] * 7, "'none'", "NULL", "NULL")),
    ("case_list", ("'assistance'", str(PAGE), "true", "now()", "0", *["NULL"] * 4, "'none'", "NULL", "NULL")),
    ("case_list", ("'assistance'", str(PAGE), *["NULL"] * 3, "3", *["NULL"] * 3, "'none'", "NULL", "NULL")),
    ("case_list", ("'assistance'", str(PAGE), *["NULL"] * 6, "'s1'", "'none'", "NULL", "NULL")),
    ("case_list", ("'assistance'", str(PAGE), *["NULL"] * 7, "'none'", "NULL", "ARRAY['s1z0e', 's1z0g', 's1z0h']")),
    ("case_candidates", ("'assistance'", str(PAGE))),
], ids=["first page", "next page", "of a band", "of a cell", "of a place by its name", "to claim"])
def test_a_page_reads_a_page(crowded, query, given):
    assert "SET plan_cache_mode = force_generic_plan" in SETTINGS
    crowded.execute(f"PREPARE looks AS {(ROOT / f'sql/queries/{query}.sql').read_text()}")
    crowded.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE looks ({', '.join(given)})")
    plan = crowded.fetchone()[0][0]["Plan"]
    crowded.execute("DEALLOCATE looks")
    read = [node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) for node in nodes(plan)
            if node.get("Relation Name") in ("triage_case", "registration") and node["Node Type"] != "Bitmap Index Scan"]
    assert read and PAGE <= sum(read) <= PAGE * (POSTS), f"{sum(read)} cases are read for {PAGE}"


def test_the_counts_of_the_queues_read_no_queue(crowded):
    """What became late since it was counted is looked for place by place."""
    crowded.execute("SELECT count(*) FROM register.case_count_mark")
    assert crowded.fetchone() == (1,), "else nothing is looked for"
    crowded.connection.notices.clear()
    crowded.execute((ROOT / "sql/queries/queue_list.sql").read_text())
    plans = [json.loads(notice[notice.index("{"):])["Plan"] for notice in crowded.connection.notices if "plan:" in notice]
    blocks = [node["Shared Hit Blocks"] + node["Shared Read Blocks"] for plan in plans for node in nodes(plan) if node.get("Relation Name") == "triage_case"]
    assert blocks and sum(blocks) < 150, f"{sum(blocks)} pages of the cases are read to count what is late"


QUERIES = sorted(path for path in (ROOT / "sql/queries").glob("*.sql")
                 if re.search(r"^-- role:.*muster_desk", path.read_text(), re.MULTILINE) and "LISTEN" not in path.read_text())


def test_nothing_is_looked_for_in_all_of_it(crowded):
    """Each statement finds what it reads of a large table by a condition on an index."""
    whole = {}
    for path in QUERIES:
        statement = path.read_text()
        count = max((int(number) for number in re.findall(r"\$([0-9]+)", re.sub(r"^--.*", "", statement, flags=re.MULTILINE))), default=0)
        crowded.execute(f"PREPARE looks AS {statement}")
        crowded.execute("EXPLAIN (FORMAT JSON) EXECUTE looks" + (f" ({', '.join(['NULL'] * count)})" if count else ""))
        for node in nodes(crowded.fetchone()[0][0]["Plan"]):
            if node.get("Relation Name") in LARGE and not node.get("Index Cond") and node["Node Type"] not in ("ModifyTable", "Bitmap Heap Scan"):
                whole.setdefault(path.stem, []).append((node["Node Type"], node["Relation Name"], node.get("Index Name"), node["Plan Rows"]))
        crowded.execute("DEALLOCATE looks")
    assert whole == {}
