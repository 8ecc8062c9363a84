-- What officers do with a case beside working it themselves: let it wait, pass it to another post or person, or one post up. See
-- docs/decisions/0015-case-actions.md.

-- Above the lead post stands the capital, where a crisis has it among its posts: its task force sees the cases that were passed up to it.
ALTER TABLE register.crisis_post DROP CONSTRAINT crisis_post_part_check,
  ADD CONSTRAINT crisis_post_part_check CHECK (part IN ('lead', 'helper', 'capital'));
CREATE UNIQUE INDEX crisis_capital ON register.crisis_post (crisis_id) WHERE part = 'capital';

ALTER TABLE register.triage_case ADD COLUMN waiting_on text CHECK (waiting_on IN ('citizen', 'partner')); -- as last waited on
GRANT UPDATE (waiting_on) ON register.triage_case TO muster_desk;

-- Whether a member of staff works the cases of a post: what the policies say of the signed-in one.
CREATE FUNCTION desk.works(staff bigint, crisis text, post text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = staff AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead') AND a.crisis_id = crisis
      AND (a.post_id IS NULL OR a.post_id = post))
$$;

-- Passes a case on, with a note: to a post of its crisis (`to_post`), to a member of staff who works its post (`to_name`), or, when neither is said, one
-- post up: from a helper to the lead post, from there to the capital. Only who holds it does, or anyone of its post when nobody holds it, or a lead. It
-- acts for the desk because the case may leave what the caller sees. Returns the version that it has then; 0 when there is no such post or
-- person, or no post above; null when it could not be changed.
CREATE FUNCTION desk.pass_case(id bigint, seen integer, to_post text, to_name text, origin text, note_id uuid, note_epoch uuid, sealed bytea,
  epoch_opened_at timestamptz, recipient_ids text[], wraps bytea[])
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
#variable_conflict use_variable
DECLARE
  c      register.triage_case;
  me     bigint := desk.staff_id();
  target text;
  taker  bigint;
  after  integer;
BEGIN
  PERFORM FROM register.registration AS r WHERE r.registration_id = id FOR UPDATE; -- first, as who stores a check-in locks them
  SELECT * INTO c FROM register.triage_case AS t WHERE t.registration_id = id AND t.state <> 'resolved' FOR UPDATE;
  IF NOT FOUND OR NOT desk.works(me, c.crisis_id, c.post_id) OR c.version <> coalesce(seen, c.version)
      OR (c.claimed_by <> me AND NOT EXISTS (SELECT FROM register.staff AS s WHERE s.staff_id = me AND s.role = 'lead')) THEN
    RETURN NULL;
  END IF;
  target := c.post_id;
  IF to_name IS NOT NULL THEN
    SELECT s.staff_id INTO taker FROM register.staff AS s WHERE s.name = to_name AND s.staff_id <> me;
    IF taker IS NULL OR NOT desk.works(taker, c.crisis_id, c.post_id) THEN RETURN 0; END IF;
  ELSE
    SELECT p.post_id INTO target FROM register.crisis_post AS p WHERE p.crisis_id = c.crisis_id
      AND (to_post IS NULL OR p.post_id = to_post) AND p.post_id <> c.post_id
      AND (to_post IS NOT NULL OR p.part = (
        SELECT CASE h.part WHEN 'helper' THEN 'lead' WHEN 'lead' THEN 'capital' END
        FROM register.crisis_post AS h WHERE h.crisis_id = c.crisis_id AND h.post_id = c.post_id));
    IF target IS NULL THEN RETURN 0; END IF;
  END IF;
  INSERT INTO register.epoch (epoch_id, opened_at) VALUES (note_epoch, epoch_opened_at) ON CONFLICT DO NOTHING;
  INSERT INTO register.epoch_wrap SELECT note_epoch, w.recipient_id, w.wrapped FROM unnest(recipient_ids, wraps) AS w (recipient_id, wrapped)
  ON CONFLICT DO NOTHING;
  INSERT INTO register.case_note (registration_id, note_id, staff_id, epoch_id, sealed_text) VALUES (id, note_id, me, note_epoch, sealed);
  -- The party goes with its case: what is visible of one is of the other.
  UPDATE register.registration AS r SET post_id = target WHERE r.registration_id = id AND r.post_id <> target;
  UPDATE register.triage_case AS t SET post_id = target, state = CASE WHEN taker IS NULL THEN 'open' ELSE 'claimed' END, claimed_by = taker,
    claimed_at = CASE WHEN taker IS NOT NULL THEN now() END, waiting_until = NULL,
    lease_until = CASE WHEN taker IS NOT NULL THEN now() + interval '15 minutes' END, version = t.version + 1
  WHERE t.registration_id = id RETURNING t.version INTO after;
  INSERT INTO register.audit (staff_id, action, registration_id, origin, detail) VALUES (me,
    CASE WHEN to_post IS NULL AND to_name IS NULL THEN 'case.escalate' ELSE 'case.transfer' END, id, origin,
    jsonb_strip_nulls(jsonb_build_object('from', c.post_id, 'post', nullif(target, c.post_id), 'to', taker)));
  RETURN after;
END $$;
REVOKE ALL ON FUNCTION desk.works, desk.pass_case FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.works, desk.pass_case TO muster_desk;
