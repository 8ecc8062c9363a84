# SPDX-License-Identifier: Apache-2.0
"""What each role of the database may do, tried with its own password; above all, that the front door can list nothing."""
import psycopg2
import pytest

from harness import case_codes, people

PUBLIC = {"crisis", "post", "crisis_post", "place", "gateway", "triage_policy", "danger", "place_edition", "assembly"} # reference tables: nobody's data
READING = "SELECT"
CHANGING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def relations(site):
    return site.query("SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
                      " WHERE c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')",
                      role="muster")


def attempt(site, role, statement, parameters=None):
    """None when refused for want of privilege, else the rows."""
    try:
        return site.query(statement, parameters, role=role)
    except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ObjectNotInPrerequisiteState): # or a view that nobody can change
        return None


def test_the_edge_lists_nothing(site):
    names = relations(site)
    assert len(names) > 15
    for schema, name in names:
        allowed = schema == "register" and name in PUBLIC
        rows = attempt(site, "muster_edge", f'SELECT * FROM "{schema}"."{name}" LIMIT 1')
        assert (rows is not None) == allowed, f"{schema}.{name}"


def test_the_edge_reads_no_column_of_the_register(site):
    columns = site.query("SELECT table_schema, table_name, column_name FROM information_schema.columns"
                         " WHERE table_schema = 'register'", role="muster")
    for schema, table, column in columns:
        if table not in PUBLIC:
            assert attempt(site, "muster_edge", f'SELECT "{column}" FROM "{schema}"."{table}" LIMIT 1') is None, (table, column)


@pytest.mark.parametrize("role", ["muster_edge", "muster_report"])
def test_changes_nothing_by_itself(site, role):
    granted = site.query("SELECT table_schema, table_name, privilege_type FROM information_schema.role_table_grants"
                         " WHERE grantee = %s", (role,), role="muster")
    assert [row for row in granted if row[2] in CHANGING] == []
    for schema, name in relations(site):
        assert attempt(site, role, f'DELETE FROM "{schema}"."{name}"') is None, f"{schema}.{name}"


@pytest.mark.parametrize("role", ["muster_edge", "muster_desk", "muster_courier", "muster_report"])
def test_no_way_around(site, role):
    """What would widen a role's reach, each tried."""
    attributes = site.query("SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s",
                            (role,), role="muster")
    assert attributes == [(False,) * 5]
    memberships = site.query("SELECT count(*) FROM pg_auth_members AS m JOIN pg_roles AS r ON r.oid = m.member WHERE r.rolname = %s",
                             (role,), role="muster")
    assert memberships == [(0,)]
    for statement in ("SET ROLE muster", "CREATE ROLE other", "CREATE TABLE register.mine (x int)", "CREATE SCHEMA mine",
                      "COPY register.registration TO PROGRAM 'cat'", "SELECT pg_read_file('/etc/passwd')",
                      "CREATE FUNCTION edge.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", "SELECT * FROM pg_authid",
                      "CREATE TABLE public.mine (x int)", "COPY register.registration TO STDOUT",
                      "ALTER TABLE register.registration DISABLE ROW LEVEL SECURITY"):
        assert attempt(site, role, statement) is None, statement


def test_the_edges_functions_are_the_few_it_needs(site):
    functions = site.query("SELECT n.nspname || '.' || p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace"
                           " WHERE n.nspname IN ('register', 'edge', 'desk', 'report')"
                           " AND has_function_privilege('muster_edge', p.oid, 'EXECUTE')"
                           " AND has_schema_privilege('muster_edge', n.oid, 'USAGE')", role="muster")
    assert {row[0] for row in functions} <= {"edge.store_registrations", "edge.store_check_ins", "edge.own_record", "edge.sms_heard",
                                             "edge.store_replies", "edge.send_codes", "edge.store_receipts", "edge.list_parcels", "edge.take_parcels", "edge.parcels_out",
                                             "register.need_names", "register.check_in_every_in_danger"}


def test_functions_that_act_for_others_cannot_be_led_astray(site):
    """A SECURITY DEFINER function must fix its search path."""
    loose = site.query("SELECT p.oid::regprocedure::text FROM pg_proc AS p WHERE p.prosecdef AND NOT EXISTS"
                       " (SELECT 1 FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search_path=%%')", role="muster")
    assert loose == []


def test_own_record_needs_the_secret(site, registered):
    _, told = registered
    number = case_codes.number(told["case"])
    assert site.query("SELECT * FROM edge.own_record(%s, %s)", (number, b"\0" * 32), role="muster_edge") == []


def test_the_desk_sees_nothing_unless_it_says_for_whom(site, registered):
    _, told = registered
    number = (case_codes.number(told["case"]),)
    for table in ("registration", "party_member", "contact", "check_in", "triage_case", "case_note"):
        rows = site.query(f"SELECT registration_id FROM register.{table} WHERE registration_id = %s", number, role="muster_desk")
        assert rows == [], table


def test_a_report_has_nothing_personal(site, registered):
    for schema, name in relations(site):
        allowed = schema == "report"
        assert (attempt(site, "muster_report", f'SELECT * FROM "{schema}"."{name}" LIMIT 1') is not None) == allowed, name
    sealed = site.query("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'report'"
                        " AND (data_type = 'bytea' OR column_name ~ 'sealed|name|phone|secret|_mac|_index')", role="muster")
    assert sealed == []
    for name in ("party", "check_in", "triage_case", "message"):
        rows = site.query(f"SELECT * FROM report.{name}")
        assert people.traces(repr(rows).encode()) == []


def test_the_views_keep_their_columns(site):
    promised = {"party": "registration_id crisis post size intent needs cell last_status next_check_in",
                "check_in": "registration_id client_id status band channel received_at stored_via",
                "triage_case": "registration_id queue band state respond_by answered_at resolved_at", "message": "registration_id"}
    for view, columns in promised.items():
        there = {row[0] for row in site.query("SELECT column_name FROM information_schema.columns WHERE table_schema = 'report'"
                                              " AND table_name = %s", (view,), role="muster")}
        assert set(columns.split()) <= there, view


def test_a_wrong_password_is_refused(site):
    for role in ("muster", "muster_edge", "muster_desk", "postgres"):
        for password in ("", "wrong", role):
            with pytest.raises(psycopg2.OperationalError):
                site.cluster.connect(role, password or " ").close()


def test_the_functions_that_store_keep_their_plans(site):
    """Replacing a function drops its settings: without this one each call plans anew."""
    rows = site.query("SELECT proname FROM pg_proc WHERE pronamespace = 'edge'::regnamespace AND proname IN ('store_check_ins', 'store_registrations')"
                      " AND proconfig @> ARRAY['plan_cache_mode=force_generic_plan', 'jit=off']", role="muster")
    assert sorted(name for name, in rows) == ["store_check_ins", "store_registrations"]
