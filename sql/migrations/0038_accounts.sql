-- Reading the audit at the desk, why a case is looked at, and accounts: see docs/decisions/0020-access.md.

CREATE INDEX audit_at ON register.audit (at, audit_id);
CREATE INDEX audit_staff ON register.audit (staff_id, at, audit_id);

-- Which looks ask for a reason: at a case that is resolved, and at one of a post that is none of one's own (of who works a post).
ALTER TABLE register.crisis ADD COLUMN ask_why text[] NOT NULL DEFAULT '{resolved,other_post}'
  CHECK (ask_why <@ ARRAY['resolved', 'other_post']);

-- Whether the signed-in member of staff says why before this case opens. Not of one's own case, nor of one they looked at or worked in the last twelve
-- hours: a shift is asked once, and nothing that stands open is taken away from under who reads it. A program is not asked: it has nobody to ask, and the audit names its token's owner.
CREATE FUNCTION desk.owes_why(id bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off AS $$
  SELECT coalesce(nullif(current_setting('muster.within', true), '') IS NULL AND c.claimed_by IS DISTINCT FROM desk.staff_id()
    AND (('resolved' = ANY (k.ask_why) AND c.state = 'resolved')
      OR ('other_post' = ANY (k.ask_why)
        AND EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.crisis_id = c.crisis_id AND a.post_id IS NOT NULL)
        AND NOT EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.crisis_id = c.crisis_id AND a.post_id = c.post_id)))
    AND NOT EXISTS (SELECT FROM register.audit AS e WHERE e.registration_id = id AND e.staff_id = desk.staff_id()
      AND e.at > now() - interval '12 hours' AND e.action <> 'audit.read'), false)
  FROM register.triage_case AS c JOIN register.crisis AS k USING (crisis_id) WHERE c.registration_id = id
$$;

-- The entries before this one, newest first, as many as `most` of those that the signed-in member of staff may read: a lead of a crisis or post, what was done
-- with its cases and, beside cases, by who works there; an admin all, without the cases, so that none of it is about a person. It walks an index and
-- looks at some thousands at a time: a last row without an action says from where to go on, when there may be more.
CREATE FUNCTION desk.audit_page(before_at timestamptz, before_id bigint, most integer, of_case bigint, of_user text, of_action text, since timestamptz,
  until timestamptz, OUT audit_id bigint, OUT at timestamptz, OUT name text, OUT action text, OUT registration_id bigint, OUT origin text, OUT detail text)
RETURNS SETOF record LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  me     bigint := desk.staff_id();
  mine   text := (SELECT s.role FROM register.staff AS s WHERE s.staff_id = me AND s.disabled_at IS NULL AND s.role IN ('lead', 'admin') AND desk.within('audit'));
  who    bigint := (SELECT s.staff_id FROM register.staff AS s WHERE s.name = of_user);
  looked integer := 0;
  shown  integer := 0;
  e      register.audit;
BEGIN
  IF mine IS NULL OR (of_user IS NOT NULL AND who IS NULL) OR (mine = 'admin' AND of_case IS NOT NULL) THEN RETURN; END IF;
  FOR e IN EXECUTE 'SELECT * FROM register.audit AS a WHERE (a.at, a.audit_id) < ($1, $2) AND a.at >= $3'
    || CASE WHEN of_case IS NOT NULL THEN ' AND a.registration_id = $4' ELSE '' END || CASE WHEN who IS NOT NULL THEN ' AND a.staff_id = $5' ELSE '' END
    || ' ORDER BY a.at DESC, a.audit_id DESC'
    USING least(before_at, until), CASE WHEN before_at <= until THEN before_id ELSE 9223372036854775807 END, since, of_case, who
  LOOP
    looked := looked + 1;
    IF (of_action IS NULL OR e.action = of_action OR starts_with(e.action, of_action || '.')) AND (mine = 'admin' OR CASE
        WHEN e.registration_id IS NOT NULL THEN EXISTS (
          SELECT FROM register.registration AS r JOIN register.staff_access AS m ON m.staff_id = me AND m.crisis_id = r.crisis_id
            AND (m.post_id IS NULL OR m.post_id = r.post_id) WHERE r.registration_id = e.registration_id)
        ELSE EXISTS (
          SELECT FROM register.staff_access AS o JOIN register.staff_access AS m ON m.staff_id = me AND m.crisis_id = o.crisis_id
            AND (m.post_id IS NULL OR m.post_id = o.post_id) WHERE o.staff_id = e.staff_id) END) THEN
      shown := shown + 1;
      audit_id := e.audit_id; at := e.at; action := e.action; origin := e.origin; detail := e.detail::text;
      registration_id := CASE mine WHEN 'lead' THEN e.registration_id END;
      name := (SELECT s.name FROM register.staff AS s WHERE s.staff_id = e.staff_id);
      RETURN NEXT;
    END IF;
    IF shown = most OR looked = 5000 THEN
      audit_id := e.audit_id; at := e.at; action := NULL; name := NULL; registration_id := NULL; origin := NULL; detail := NULL;
      RETURN NEXT;
      RETURN;
    END IF;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION desk.owes_why, desk.audit_page FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.owes_why, desk.audit_page TO muster_desk;
