-- Where what came in several migrations meets. What a session is narrowed to (0037_access.sql) holds for zones and what is in them, counts, the ends of
-- shifts and wardens' lists, too; who passes on a case locks all its parties.
CREATE POLICY within_look ON register.zone AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.zone_cell AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.zone_count AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.party_count AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.queue_count AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.triage_policy_change AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.hand_over AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_work ON register.hand_over_read AS RESTRICTIVE FOR INSERT TO muster_desk WITH CHECK ((SELECT desk.within('work')));

-- As 0026_case_actions.sql has it, with every party of the case locked first.
CREATE OR REPLACE FUNCTION desk.pass_case(id bigint, seen integer, to_post text, to_name text, origin text, note_id uuid, note_epoch uuid, sealed bytea,
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
  PERFORM register.lock_parties(id, id); -- first, in the order of who stores check-ins: those that were merged into it go along
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
