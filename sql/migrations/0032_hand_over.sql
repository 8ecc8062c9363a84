-- The end of a shift: an officer leaves a note for who comes next, and what they held goes back to its queues or to a named colleague. See
-- docs/decisions/0017-overdue.md.

CREATE TABLE register.hand_over (
  hand_over_id  uuid PRIMARY KEY,
  staff_id      bigint NOT NULL REFERENCES register.staff,
  to_staff      bigint REFERENCES register.staff,  -- null: to whoever comes
  at            timestamptz NOT NULL DEFAULT now(),
  given         integer NOT NULL,                  -- cases that went to the colleague
  returned      integer NOT NULL,                  -- cases that went back to their queues
  epoch_id      uuid NOT NULL,
  sealed_text   bytea NOT NULL
);
CREATE INDEX hand_over_at ON register.hand_over (at);

-- Where its author worked then (a post that is null: all of the crisis): who works less of it does not read what may be of elsewhere.
CREATE TABLE register.hand_over_place (
  hand_over_id  uuid NOT NULL REFERENCES register.hand_over,
  crisis_id     text NOT NULL REFERENCES register.crisis,
  post_id       text REFERENCES register.post,
  UNIQUE NULLS NOT DISTINCT (hand_over_id, crisis_id, post_id)
);

CREATE TABLE register.hand_over_read (
  hand_over_id  uuid NOT NULL REFERENCES register.hand_over,
  staff_id      bigint NOT NULL REFERENCES register.staff,
  at            timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (hand_over_id, staff_id)
);

-- Whether the signed-in member of staff may read a note: their own, one that names them, or one of who worked nowhere that they do not.
CREATE FUNCTION desk.may_read_hand_over(id uuid, author bigint, taker bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead'))
    AND (desk.staff_id() IN (author, taker)
      OR (EXISTS (SELECT FROM register.hand_over_place AS p WHERE p.hand_over_id = id)
        AND NOT EXISTS (SELECT FROM register.hand_over_place AS p WHERE p.hand_over_id = id AND NOT EXISTS (
          SELECT FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.crisis_id = p.crisis_id
            AND (a.post_id IS NULL OR a.post_id = p.post_id)))))
$$;

ALTER TABLE register.hand_over ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.hand_over_place ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.hand_over_read ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.hand_over FOR SELECT TO muster_desk USING (desk.may_read_hand_over(hand_over_id, staff_id, to_staff));
CREATE POLICY desk_reads ON register.hand_over_read FOR SELECT TO muster_desk
  USING (EXISTS (SELECT FROM register.hand_over AS h WHERE h.hand_over_id = hand_over_read.hand_over_id));
CREATE POLICY desk_reads_it ON register.hand_over_read FOR INSERT TO muster_desk WITH CHECK (staff_id = desk.staff_id()
  AND EXISTS (SELECT FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead'))
  AND EXISTS (SELECT FROM register.hand_over AS h WHERE h.hand_over_id = hand_over_read.hand_over_id));
GRANT SELECT ON register.hand_over, register.hand_over_read TO muster_desk;
GRANT INSERT (hand_over_id, staff_id) ON register.hand_over_read TO muster_desk;

-- Ends the signed-in officer's shift. What they hold goes to the colleague, who has a lease of it, where that one works its post; else back to its queue. What
-- waits on somebody goes on waiting, the colleague's or nobody's. Notes on cases are kept where the case is theirs. Said again with the same id it has one effect.
-- `outcome`: 0 done, 1 there is no such colleague, 2 a note is on a case that is not theirs, 3 they may not.
CREATE FUNCTION desk.hand_over(id uuid, to_name text, origin text, note_epoch uuid, epoch_opened_at timestamptz, recipient_ids text[], wraps bytea[], sealed bytea,
  case_ids bigint[], note_ids uuid[], sealed_notes bytea[], OUT outcome smallint, OUT given integer, OUT returned integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
#variable_conflict use_variable
DECLARE
  me    bigint := desk.staff_id();
  taker bigint;
  held  bigint[];
  c     register.triage_case;
  gives boolean;
BEGIN
  SELECT h.given, h.returned INTO given, returned FROM register.hand_over AS h WHERE h.hand_over_id = id AND h.staff_id = me;
  outcome := 0;
  IF FOUND THEN RETURN; END IF;
  given := 0; returned := 0;
  IF NOT desk.within('work')
      OR NOT EXISTS (SELECT FROM register.staff AS s WHERE s.staff_id = me AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead')) THEN
    outcome := 3;
    RETURN;
  END IF;
  IF to_name IS NOT NULL THEN
    SELECT s.staff_id INTO taker FROM register.staff AS s
    WHERE s.name = to_name AND s.staff_id <> me AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead')
      AND EXISTS (SELECT FROM register.staff_access AS a JOIN register.staff_access AS b ON b.crisis_id = a.crisis_id
                  WHERE a.staff_id = s.staff_id AND b.staff_id = me);
    IF taker IS NULL THEN
      outcome := 1;
      RETURN;
    END IF;
  END IF;
  held := ARRAY(SELECT t.registration_id FROM register.triage_case AS t WHERE t.claimed_by = me AND t.state IN ('claimed', 'waiting')
    ORDER BY t.registration_id LIMIT 1000);
  IF NOT coalesce(case_ids, '{}') <@ held THEN
    outcome := 2;
    RETURN;
  END IF;
  PERFORM FROM register.registration AS r WHERE r.registration_id = ANY (held) ORDER BY r.registration_id FOR UPDATE; -- as who stores a check-in locks them
  INSERT INTO register.epoch (epoch_id, opened_at) VALUES (note_epoch, epoch_opened_at) ON CONFLICT DO NOTHING;
  INSERT INTO register.epoch_wrap SELECT note_epoch, w.recipient_id, w.wrapped FROM unnest(recipient_ids, wraps) AS w (recipient_id, wrapped)
  ON CONFLICT DO NOTHING;
  FOR c IN SELECT * FROM register.triage_case AS t WHERE t.registration_id = ANY (held) AND t.claimed_by = me AND t.state IN ('claimed', 'waiting')
    ORDER BY t.registration_id FOR UPDATE
  LOOP
    gives := taker IS NOT NULL AND desk.works(taker, c.crisis_id, c.post_id);
    INSERT INTO register.case_note (registration_id, note_id, staff_id, epoch_id, sealed_text)
    SELECT c.registration_id, n.note_id, me, note_epoch, n.sealed_text FROM unnest(case_ids, note_ids, sealed_notes) AS n (case_id, note_id, sealed_text)
    WHERE n.case_id = c.registration_id;
    UPDATE register.triage_case AS t SET claimed_by = CASE WHEN gives THEN taker END, claimed_at = CASE WHEN gives THEN now() END,
      state = CASE WHEN c.state = 'claimed' AND NOT gives THEN 'open' ELSE c.state END,
      lease_until = CASE WHEN c.state = 'claimed' AND gives THEN now() + interval '15 minutes' END, version = t.version + 1
    WHERE t.registration_id = c.registration_id;
    INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
    VALUES (me, 'case.hand_over', c.registration_id, origin, jsonb_strip_nulls(jsonb_build_object('to', CASE WHEN gives THEN taker END)));
    given := given + gives::integer;
    returned := returned + (NOT gives)::integer;
  END LOOP;
  INSERT INTO register.hand_over (hand_over_id, staff_id, to_staff, given, returned, epoch_id, sealed_text)
  VALUES (id, me, taker, given, returned, note_epoch, sealed);
  INSERT INTO register.hand_over_place SELECT id, a.crisis_id, a.post_id FROM register.staff_access AS a WHERE a.staff_id = me;
  INSERT INTO register.audit (staff_id, action, origin, detail)
  VALUES (me, 'hand_over', origin, jsonb_strip_nulls(jsonb_build_object('to', taker, 'given', given, 'returned', returned)));
END $$;
CREATE INDEX triage_case_holder ON register.triage_case (claimed_by) WHERE claimed_by IS NOT NULL AND state IN ('claimed', 'waiting');
REVOKE ALL ON FUNCTION desk.may_read_hand_over, desk.hand_over FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.may_read_hand_over, desk.hand_over TO muster_desk;
