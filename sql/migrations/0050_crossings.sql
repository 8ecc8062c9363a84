-- Where two change the same case at the same moment.

-- Who locks parties to change them does not keep out who only refers to them. A note, a text or a closing has the case first and its party's key after (the
-- foreign key): with FOR UPDATE it met in a cross with whoever had the party first (a merge, the end of a shift, a check-in to a merged party), and
-- PostgreSQL ended one of the two after a second. Every function that is there is meant, as it is now: nothing else of it changes.
-- Source: PostgreSQL 15, section 13.3.2: FOR NO KEY UPDATE does not conflict with the FOR KEY SHARE of a foreign key.
DO $$
DECLARE
  f record;
  locks CONSTANT text := '(FROM register\.registration AS [a-z]+ [^;]*)FOR UPDATE';
BEGIN
  FOR f IN SELECT pg_get_functiondef(p.oid) AS body FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
    WHERE n.nspname IN ('edge', 'desk', 'register') AND p.prosrc ~ locks
  LOOP
    EXECUTE regexp_replace(f.body, locks, '\1FOR NO KEY UPDATE', 'g');
  END LOOP;
END $$;

-- A check-in that waited for a merge has the one party then, and finds that another's case is to hear of it: that one may come first in the order, and be held by
-- somebody who waits for the first. It does not wait for that, but begins again at once, when the merge is there to see before anything is locked.
DO $$
DECLARE
  body text := (SELECT pg_get_functiondef(p.oid) FROM pg_proc AS p WHERE p.pronamespace = 'edge'::regnamespace AND p.proname = 'store_check_ins');
  here CONSTANT text := E'    IF homes <> targets THEN\n';
BEGIN
  IF position(here IN body) = 0 THEN RAISE EXCEPTION 'edge.store_check_ins is not as 0029_merged.sql has it'; END IF;
  EXECUTE replace(body, here, here || $add$      BEGIN
        PERFORM FROM register.registration AS r WHERE r.registration_id = ANY (homes) ORDER BY r.registration_id FOR NO KEY UPDATE NOWAIT;
      EXCEPTION WHEN lock_not_available THEN
        RAISE EXCEPTION USING ERRCODE = 'serialization_failure';
      END;
$add$);
END $$;

-- A warden's word is one, whatever became of the household since it was said: what came while two were one case was refused once they were two again, and
-- could not be taken back.

-- A party, and each whose case it was ever part of.
CREATE FUNCTION register.cases_of(id bigint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
  WITH RECURSIVE up AS (
    SELECT id
    UNION SELECT n.id FROM up AS u JOIN register.merged AS m ON m.registration_id = u.id CROSS JOIN LATERAL (VALUES (m.into_id), (m.case_id)) AS n (id))
  SELECT array_agg(u.id) FROM up AS u
$$;
REVOKE ALL ON FUNCTION register.cases_of FROM PUBLIC;

-- As 0030_parties.sql has them.
CREATE OR REPLACE FUNCTION desk.store_word(
  client_ids uuid[], ids bigint[], phones bytea[], strangers bigint[], crises text[], content_macs bytea[], statuses text[],
  cry_needs integer[], peoples smallint[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[],
  languages text[], channels text[], cells text[], epochs uuid[], sealed_messages bytea[], sealed_locations bytea[],
  sealed_senders bytea[], ats timestamptz[], receiveds timestamptz[], stored_vias text[], unknown_reason integer,
  unknown_minutes integer,
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[],
  wrap_epochs uuid[], wrap_recipients text[], wraps bytea[],
  piece_records integer[], piece_sets bytea[], piece_numbers smallint[], piece_totals smallint[], said text, origin text,
  OUT outcome smallint) RETURNS SETOF smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  known register.warden_word;
  told  bigint := ids[1];
BEGIN
  -- The phone may not know yet that the household is part of another's case; and it may become so, or not be so any more, until both are locked.
  FOR attempt IN 1 .. 2 LOOP
    ids[1] := coalesce((SELECT m.case_id FROM register.merged AS m WHERE m.registration_id = told AND m.undone_at IS NULL), told);
    IF cardinality(ids) <> 1 OR channels[1] <> 'staff' OR stored_vias[1] <> 'database'
        OR NOT EXISTS (SELECT FROM desk.my_household AS h WHERE h.registration_id = ids[1]) THEN
      RETURN;
    END IF;
    PERFORM register.lock_parties(told, ids[1]);
  END LOOP;
  -- It may have come before they were one, or while they were.
  SELECT * INTO known FROM register.warden_word AS w
  WHERE w.registration_id = ANY (register.cases_of(told)) AND w.client_id = client_ids[1] AND w.staff_id = desk.staff_id() LIMIT 1;
  IF FOUND THEN
    outcome := CASE WHEN known.word = said THEN 1 ELSE 2 END;
    RETURN NEXT;
    RETURN;
  END IF;
  INSERT INTO register.warden_word (registration_id, client_id, staff_id, word, at) VALUES (ids[1], client_ids[1], desk.staff_id(), said, ats[1])
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    SELECT * INTO known FROM register.warden_word AS w WHERE w.registration_id = ids[1] AND w.client_id = client_ids[1];
    outcome := CASE WHEN known.word = said AND known.staff_id = desk.staff_id() THEN 1 ELSE 2 END;
    RETURN NEXT;
    RETURN;
  END IF;
  outcome := 0;
  IF said <> 'not_found' THEN
    SELECT s.outcome INTO outcome FROM edge.store_check_ins(
      client_ids, ids, phones, strangers, crises, content_macs, ARRAY[said], cry_needs, peoples, bands, cry_reasons, queues, respond_bys, languages, channels,
      cells, epochs, sealed_messages, sealed_locations, sealed_senders, ats, receiveds, stored_vias, unknown_reason, unknown_minutes, epoch_ids, epoch_crises,
      epoch_times, wrap_epochs, wrap_recipients, wraps, piece_records, piece_sets, piece_numbers, piece_totals) AS s;
    IF outcome <> 0 THEN -- the id is another check-in's
      DELETE FROM register.warden_word AS w WHERE w.registration_id = ids[1] AND w.client_id = client_ids[1];
      outcome := 2;
      RETURN NEXT;
      RETURN;
    END IF;
  ELSE
    UPDATE register.triage_case AS t SET version = t.version + 1 WHERE t.registration_id = ids[1] AND t.state <> 'resolved';
  END IF;
  INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
  VALUES (desk.staff_id(), 'warden.word', ids[1], origin, jsonb_build_object('client_id', client_ids[1], 'word', said));
  RETURN NEXT;
END $$;

-- Takes a word back that the signed-in warden said: the party is as if it had not been said; the case that it raised an officer closes. True when it is undone, or
-- was; null when there is no such word of theirs.
CREATE OR REPLACE FUNCTION desk.undo_word(id bigint, word_id uuid, origin text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  w    register.warden_word;
  told bigint := id;
  home bigint := coalesce((SELECT m.case_id FROM register.merged AS m WHERE m.registration_id = id AND m.undone_at IS NULL), id);
BEGIN
  IF NOT EXISTS (SELECT FROM desk.my_household AS h WHERE h.registration_id = home) THEN RETURN NULL; END IF;
  FOR attempt IN 1 .. 2 LOOP -- of a case that it was part of, the word is that one's still
    SELECT v.registration_id INTO id FROM register.warden_word AS v
    WHERE v.registration_id = ANY (register.cases_of(told)) AND v.client_id = word_id AND v.staff_id = desk.staff_id() LIMIT 1;
    IF NOT FOUND THEN RETURN NULL; END IF;
    home := coalesce((SELECT m.case_id FROM register.merged AS m WHERE m.registration_id = id AND m.undone_at IS NULL), id);
    PERFORM register.lock_parties(id, home);
  END LOOP;
  SELECT * INTO w FROM register.warden_word AS v WHERE v.registration_id = id AND v.client_id = word_id;
  IF w.undone_at IS NOT NULL THEN RETURN true; END IF;
  UPDATE register.warden_word AS v SET undone_at = now() WHERE v.registration_id = id AND v.client_id = word_id;
  IF w.word <> 'not_found' THEN
    DELETE FROM register.check_in AS c WHERE c.registration_id = id AND c.client_id = word_id;
    UPDATE register.registration AS r SET last_check_in_at = said.at, last_status = said.status,
      check_in_by = coalesce(said.at, r.received_at) + k.check_in_every
    FROM (SELECT max(c.received_at) AS at, (array_agg(c.status ORDER BY c.received_at DESC) FILTER (WHERE c.status IS NOT NULL))[1] AS status
          FROM desk.party_of AS p JOIN register.check_in AS c ON c.registration_id = p.registration_id WHERE p.case_id = home) AS said, register.crisis AS k
    WHERE r.registration_id = home AND k.crisis_id = r.crisis_id;
  END IF;
  UPDATE register.triage_case AS t SET version = t.version + 1, last_status = r.last_status FROM register.registration AS r
  WHERE t.registration_id = home AND r.registration_id = home;
  INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
  VALUES (desk.staff_id(), 'warden.undo', id, origin, jsonb_build_object('client_id', word_id, 'word', w.word));
  RETURN true;
END $$;
