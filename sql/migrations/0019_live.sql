-- What changed of which case, for the consoles that are open. See docs/decisions/0010-live.md.
-- Not in the write-ahead log: a crash empties it, and consoles that are then told so load their lists anew. The sequence is: its numbers never
-- come twice.
CREATE SEQUENCE register.case_change_id;
CREATE UNLOGGED TABLE register.case_change (
  change_id        bigint PRIMARY KEY DEFAULT nextval('register.case_change_id'),
  registration_id  bigint NOT NULL,
  crisis_id        text NOT NULL,
  post_id          text NOT NULL,
  queue            text NOT NULL,
  band             smallint NOT NULL,
  state            text NOT NULL,
  version          integer NOT NULL
);

-- Once a statement, however many cases it changes: one row more for each case, and no NOTIFY, whose lock all that commit would wait for.
CREATE FUNCTION register.log_case_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO register.case_change (registration_id, crisis_id, post_id, queue, band, state, version)
  SELECT m.registration_id, m.crisis_id, m.post_id, m.queue, m.band, m.state, m.version FROM made AS m;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION register.log_case_changes FROM PUBLIC; -- the triggers need no grant
CREATE TRIGGER log_new AFTER INSERT ON register.triage_case REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION register.log_case_changes();
CREATE TRIGGER log_changed AFTER UPDATE ON register.triage_case REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION register.log_case_changes();

-- For the desk's process, not for one of its callers: who may hear of a change is asked for all of them at once (change_audience.sql).
CREATE FUNCTION desk.case_changes(after bigint, missed bigint[], most integer) RETURNS SETOF register.case_change
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.* FROM unnest(missed) AS m (change_id) JOIN register.case_change AS c USING (change_id)
  UNION ALL
  (SELECT c.* FROM register.case_change AS c WHERE c.change_id > after ORDER BY c.change_id LIMIT most)
$$;
CREATE FUNCTION desk.case_change_ends(OUT newest bigint, OUT oldest bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(max(c.change_id), 0), coalesce(min(c.change_id), 0) FROM register.case_change AS c
$$;
REVOKE ALL ON FUNCTION desk.case_changes, desk.case_change_ends FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.case_changes, desk.case_change_ends TO muster_desk;
GRANT SELECT (change_id), DELETE ON register.case_change TO muster_courier;

-- What is deleted is not spoken of any more.
CREATE FUNCTION register.forget_case_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM register.case_change AS c USING gone AS g WHERE c.registration_id = g.registration_id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION register.forget_case_changes FROM PUBLIC;
CREATE TRIGGER forget_changes AFTER DELETE ON register.triage_case REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION register.forget_case_changes();
