-- The head of a queue is read by index however many cases wait behind it, by whoever: an officer of one post finds their own at the head of
-- an index, and an officer of the whole crisis merges the heads of its posts. See docs/performance.md.

-- The posts whose cases the signed-in officer may see, one row each; what may be seen is for row-level security to say.
CREATE VIEW desk.scope AS
  SELECT a.crisis_id, a.post_id FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL
  UNION
  SELECT p.crisis_id, p.post_id FROM register.staff_access AS a JOIN register.crisis_post AS p USING (crisis_id)
  WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL;
GRANT SELECT ON desk.scope TO muster_desk;

-- A post that has cases stays a post of their crisis, or the officers of the whole crisis would not find them.
CREATE FUNCTION register.keep_post_of_cases() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM register.triage_case AS c WHERE c.crisis_id = old.crisis_id AND c.post_id = old.post_id AND c.state <> 'resolved')
    AND (TG_OP = 'DELETE' OR (new.crisis_id, new.post_id) <> (old.crisis_id, old.post_id)) THEN
    RAISE EXCEPTION 'post % has cases of crisis %', old.post_id, old.crisis_id USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN old ELSE new END;
END $$;
REVOKE ALL ON FUNCTION register.keep_post_of_cases FROM PUBLIC; -- the trigger needs no grant
CREATE TRIGGER keep_post_of_cases BEFORE DELETE OR UPDATE ON register.crisis_post
  FOR EACH ROW EXECUTE FUNCTION register.keep_post_of_cases();

DROP INDEX register.triage_case_order, register.triage_case_unclaimed;
CREATE INDEX triage_case_order ON register.triage_case (crisis_id, post_id, queue, (band > 1), respond_by, registration_id)
  WHERE state <> 'resolved';
CREATE INDEX triage_case_unclaimed ON register.triage_case (crisis_id, post_id, queue, (band > 1), respond_by, registration_id)
  WHERE state = 'open';
-- Without it the sweep for cases whose waiting time is over would read every case.
CREATE INDEX triage_case_waiting ON register.triage_case (waiting_until) WHERE state = 'waiting';

-- The same rules as before, put so that the officer's places are looked up once a statement and not once a row.
ALTER POLICY desk_reads ON register.registration USING (
  crisis_id IN (
    SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead'))
  OR (crisis_id, post_id) IN (
    SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')));
ALTER POLICY desk_reads ON register.triage_case USING (
  crisis_id IN (
    SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead'))
  OR (crisis_id, post_id) IN (
    SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')));
ALTER POLICY desk_works ON register.triage_case USING (
  crisis_id IN (
    SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead'))
  OR (crisis_id, post_id) IN (
    SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead')));
