-- Wardens' lists as the desk works them, who on them is overdue, and parties that have no case (docs/decisions/0024-wardens.md).

-- The warden of that name, whom the signed-in lead may give households to; else null.
CREATE FUNCTION desk.warden_to_give(warden text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET jit = off AS $$
  SELECT s.staff_id FROM register.staff AS s
  WHERE s.name = warden AND s.role = 'warden' AND s.disabled_at IS NULL AND desk.within('overrule')
    AND EXISTS (SELECT FROM register.staff AS l WHERE l.staff_id = desk.staff_id() AND l.role = 'lead' AND l.disabled_at IS NULL)
    AND EXISTS (SELECT FROM register.staff_access AS a JOIN register.staff_access AS b USING (crisis_id) WHERE a.staff_id = s.staff_id AND b.staff_id = desk.staff_id())
$$;

-- Adds households to a warden's list, all or none. No row where there is no such warden; else what cannot be given, as desk.set_warden_list judges it, and
-- whether the list would have more than `most`.
CREATE FUNCTION desk.add_to_warden_list(warden text, ids bigint[], most integer, origin text, OUT bad bigint[], OUT is_full boolean) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  me  bigint := desk.staff_id();
  who bigint := desk.warden_to_give(warden);
BEGIN
  IF who IS NULL THEN RETURN; END IF;
  PERFORM FROM register.staff AS s WHERE s.staff_id = who FOR NO KEY UPDATE; -- who adds at the same time counts after this
  SELECT coalesce(array_agg(i.id), '{}') INTO bad FROM unnest(ids) AS i (id) LEFT JOIN register.registration AS r ON r.registration_id = i.id
  WHERE r.registration_id IS NULL OR r.state NOT IN ('registered', 'merged') OR NOT desk.works(me, r.crisis_id, r.post_id)
    OR NOT EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = who AND a.crisis_id = r.crisis_id AND (a.post_id IS NULL OR a.post_id = r.post_id));
  is_full := (SELECT count(*) > most FROM (SELECT w.registration_id FROM register.warden_list AS w WHERE w.staff_id = who UNION SELECT unnest(ids)) AS u);
  IF bad = '{}' AND NOT is_full THEN
    WITH given AS (
      INSERT INTO register.warden_list (registration_id, staff_id, added_by) SELECT DISTINCT i.id, who, me FROM unnest(ids) AS i (id) ON CONFLICT DO NOTHING
      RETURNING registration_id)
    INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
    SELECT me, 'warden.give', g.registration_id, add_to_warden_list.origin, jsonb_build_object('warden', who) FROM given AS g;
  END IF;
  RETURN NEXT;
END $$;

-- Takes one household of the signed-in lead's off a warden's list. True when it is not on it then; false where there is no such warden, or it is not theirs.
CREATE FUNCTION desk.take_from_warden_list(warden text, id bigint, origin text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  me  bigint := desk.staff_id();
  who bigint := desk.warden_to_give(warden);
  home bigint := coalesce((SELECT m.case_id FROM register.merged AS m WHERE m.registration_id = id AND m.undone_at IS NULL), id);
BEGIN
  IF who IS NULL OR NOT EXISTS (SELECT FROM register.registration AS r WHERE r.registration_id = id AND desk.works(me, r.crisis_id, r.post_id)) THEN
    RETURN false;
  END IF;
  WITH taken AS (
    DELETE FROM register.warden_list AS w WHERE w.staff_id = who AND (w.registration_id = home OR w.registration_id IN (
      SELECT m.registration_id FROM register.merged AS m WHERE m.case_id = home AND m.undone_at IS NULL)) -- all that is one case now, however it was listed
    RETURNING w.registration_id)
  INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
  SELECT me, 'warden.take', k.registration_id, origin, jsonb_build_object('warden', who) FROM taken AS k;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION desk.warden_to_give, desk.add_to_warden_list, desk.take_from_warden_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.add_to_warden_list, desk.take_from_warden_list TO muster_desk;

-- As 0038_accounts.sql has it; and of a party that has no case, which is of the post that it registered at.
CREATE OR REPLACE FUNCTION desk.owes_why(id bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off AS $$
  SELECT coalesce(nullif(current_setting('muster.within', true), '') IS NULL AND c.claimed_by IS DISTINCT FROM desk.staff_id()
    AND (('resolved' = ANY (k.ask_why) AND c.state = 'resolved')
      OR ('other_post' = ANY (k.ask_why)
        AND EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.crisis_id = r.crisis_id AND a.post_id IS NOT NULL)
        AND NOT EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.crisis_id = r.crisis_id
          AND a.post_id = coalesce(c.post_id, r.post_id))))
    AND NOT EXISTS (SELECT FROM register.audit AS e WHERE e.registration_id = id AND e.staff_id = desk.staff_id()
      AND e.at > now() - interval '12 hours' AND e.action NOT IN ('audit.read', 'warden.give', 'warden.take')), false)
  FROM register.registration AS r JOIN register.crisis AS k USING (crisis_id) LEFT JOIN register.triage_case AS c USING (registration_id)
  WHERE r.registration_id = id
$$;

-- As 0003_desk.sql has it, of a party that has no case, too: who sees the one sees the other.
ALTER POLICY desk_writes ON register.case_note WITH CHECK (staff_id = desk.staff_id()
  AND EXISTS (SELECT 1 FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.role IN ('officer', 'lead'))
  AND EXISTS (SELECT 1 FROM register.registration AS r WHERE r.registration_id = case_note.registration_id));
