-- What is only an exercise is marked in its client_id (lib/domain/exercise.h), so it costs no column. The desk and the reports say it;
-- muster drill --clean removes exactly what is marked.

-- The C twin is exercise_is.
CREATE FUNCTION register.is_exercise(client_id uuid) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT client_id >= '45584552-0000-8000-8000-000000000000' AND client_id <= '45584552-ffff-8fff-bfff-ffffffffffff'
    AND substr(client_id::text, 15, 1) = '8' AND substr(client_id::text, 20, 1) IN ('8', '9', 'a', 'b')
$$;

-- A party is an exercise's when it was registered by one; and one that nobody registered, when it has check-ins of exercises and no other.
CREATE FUNCTION register.is_exercise_party(registration_id bigint, client_id uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN client_id IS NOT NULL THEN register.is_exercise(client_id)
    ELSE coalesce((SELECT bool_and(register.is_exercise(c.client_id)) FROM register.check_in AS c
                   WHERE c.registration_id = is_exercise_party.registration_id), false) END
$$;

GRANT SELECT (client_id) ON register.registration TO muster_desk; -- what nobody can make a case code or a secret of without the index key
REVOKE ALL ON FUNCTION register.is_exercise, register.is_exercise_party FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.is_exercise, register.is_exercise_party TO muster_desk, muster_report;

CREATE OR REPLACE VIEW report.party AS
  SELECT registration_id, crisis_id AS crisis, post_id AS post, state, party_size AS size, intent,
    register.need_names(needs) AS needs, cell, last_status, last_check_in_at, check_in_by AS next_check_in, received_at, channel,
    stored_via, client_id,
    CASE WHEN client_id IS NOT NULL THEN register.is_exercise(client_id)
      ELSE coalesce((SELECT bool_and(register.is_exercise(c.client_id)) FROM register.check_in AS c
                     WHERE c.registration_id = r.registration_id), false) END AS exercise
  FROM register.registration AS r;

CREATE OR REPLACE VIEW report.check_in AS
  SELECT registration_id, client_id, status, band, report.reason_names(reasons) AS reasons, register.need_names(needs) AS needs,
    people, channel, cell, at, received_at, stored_via, register.is_exercise(client_id) AS exercise
  FROM register.check_in;

-- Brings a party up to date with what it has said, once something it had said is removed. What a party is, and an officer's work, stays.
CREATE FUNCTION register.recall_check_ins(ids bigint[], cells text[]) RETURNS void LANGUAGE sql AS $$
  UPDATE register.registration AS r SET last_check_in_at = said.at, last_status = said.status,
    -- a cell that only a removed check-in told is not known any more
    cell = coalesce(said.cell, CASE WHEN r.cell = ANY (cells) THEN NULL ELSE r.cell END),
    check_in_by = coalesce(said.at, r.received_at) + k.check_in_every
  FROM (SELECT id, max(c.received_at) AS at,
          (array_agg(c.status ORDER BY c.received_at DESC) FILTER (WHERE c.status IS NOT NULL))[1] AS status,
          (array_agg(c.cell ORDER BY c.received_at DESC) FILTER (WHERE c.cell IS NOT NULL))[1] AS cell
        FROM unnest(ids) AS id LEFT JOIN register.check_in AS c ON c.registration_id = id GROUP BY id) AS said,
    register.crisis AS k
  WHERE r.registration_id = said.id AND k.crisis_id = r.crisis_id;
  UPDATE register.triage_case AS t SET last_status = r.last_status, version = t.version + 1
  FROM register.registration AS r WHERE r.registration_id = t.registration_id AND t.registration_id = ANY (ids);
$$;

-- Removes parties whole, with all that belongs to them.
CREATE FUNCTION register.remove_parties(ids bigint[], OUT members bigint, OUT contacts bigint, OUT cases bigint, OUT notes bigint)
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM register.case_note WHERE registration_id = ANY (ids);
  GET DIAGNOSTICS notes = ROW_COUNT;
  DELETE FROM register.triage_case WHERE registration_id = ANY (ids);
  GET DIAGNOSTICS cases = ROW_COUNT;
  DELETE FROM register.party_member WHERE registration_id = ANY (ids);
  GET DIAGNOSTICS members = ROW_COUNT;
  DELETE FROM register.contact WHERE registration_id = ANY (ids);
  GET DIAGNOSTICS contacts = ROW_COUNT;
  DELETE FROM register.registration WHERE registration_id = ANY (ids);
END $$;

-- The next `most` exercise check-ins from `low` to `high` that come after `after`, removed; and the parties nobody registered
-- that have said nothing else. Parties are locked in the order in which edge.store_check_ins locks them.
CREATE FUNCTION register.clean_check_ins(after uuid, low uuid, high uuid, most integer,
  OUT last uuid, OUT check_ins bigint, OUT parties bigint, OUT members bigint, OUT contacts bigint, OUT cases bigint, OUT notes bigint,
  OUT kept bigint[])
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  found   uuid[];
  places  bigint[];
  cells   text[];
  touched bigint[];
  empty   bigint[];
BEGIN
  SELECT array_agg(c.client_id), array_agg(c.registration_id), array_agg(c.cell) FILTER (WHERE c.cell IS NOT NULL), (array_agg(c.client_id ORDER BY c.client_id DESC))[1]
    INTO found, places, cells, last
  FROM (SELECT client_id, registration_id, cell FROM register.check_in
        WHERE client_id > clean_check_ins.after AND client_id >= low AND client_id <= high AND register.is_exercise(client_id)
        ORDER BY client_id LIMIT most) AS c;
  check_ins := 0; parties := 0; members := 0; contacts := 0; cases := 0; notes := 0; kept := '{}';
  IF last IS NULL THEN RETURN; END IF;

  SELECT array_agg(DISTINCT id) INTO touched FROM unnest(places) AS id;
  PERFORM 1 FROM register.registration AS r WHERE r.registration_id = ANY (touched) ORDER BY r.registration_id FOR UPDATE;
  DELETE FROM register.check_in AS c USING unnest(found, places) AS f (client_id, registration_id)
    WHERE c.registration_id = f.registration_id AND c.client_id = f.client_id;
  GET DIAGNOSTICS check_ins = ROW_COUNT;

  SELECT array_agg(r.registration_id) INTO empty FROM register.registration AS r
  WHERE r.registration_id = ANY (touched) AND r.state = 'unidentified'
    AND NOT EXISTS (SELECT 1 FROM register.check_in AS c WHERE c.registration_id = r.registration_id);
  IF empty IS NOT NULL THEN
    parties := cardinality(empty);
    SELECT p.members, p.contacts, p.cases, p.notes INTO members, contacts, cases, notes FROM register.remove_parties(empty) AS p;
  END IF;
  SELECT array_agg(r.registration_id) INTO touched FROM register.registration AS r
  WHERE r.registration_id = ANY (touched) AND (r.client_id IS NULL OR NOT register.is_exercise(r.client_id));
  IF touched IS NOT NULL THEN
    PERFORM register.recall_check_ins(touched, coalesce(cells, '{}'));
    -- Said once, by the last chunk that concerns them; what only a later chunk will empty is not kept.
    SELECT coalesce(array_agg(id), '{}') INTO kept FROM unnest(touched) AS id
    WHERE NOT EXISTS (SELECT 1 FROM register.check_in AS c WHERE c.registration_id = id AND c.client_id >= low AND c.client_id <= high
                        AND register.is_exercise(c.client_id));
  END IF;
END $$;

-- Of the next `most` parties after `after`, those registered by an exercise from `low` to `high`, removed. One that has a check-in
-- of somebody else becomes what that check-in alone would have made it: a party nobody registered, in `identification`.
CREATE FUNCTION register.clean_parties(after bigint, low uuid, high uuid, most integer, unknown_reason integer,
  unknown_minutes integer,
  OUT last bigint, OUT parties bigint, OUT members bigint, OUT contacts bigint, OUT cases bigint, OUT notes bigint, OUT kept bigint[])
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  marked bigint[];
  gone   bigint[];
BEGIN
  SELECT max(p.registration_id), array_agg(p.registration_id ORDER BY p.registration_id)
      FILTER (WHERE p.client_id >= low AND p.client_id <= high AND register.is_exercise(p.client_id))
    INTO last, marked
  FROM (SELECT r.registration_id, r.client_id FROM register.registration AS r WHERE r.registration_id > clean_parties.after
        ORDER BY r.registration_id LIMIT most) AS p;
  parties := 0; members := 0; contacts := 0; cases := 0; notes := 0; kept := '{}';
  IF marked IS NULL THEN RETURN; END IF;

  PERFORM 1 FROM register.registration AS r WHERE r.registration_id = ANY (marked) ORDER BY r.registration_id FOR UPDATE;
  SELECT array_agg(id) FILTER (WHERE said), array_agg(id) FILTER (WHERE NOT said) INTO kept, gone
  FROM (SELECT id, EXISTS (SELECT 1 FROM register.check_in AS c WHERE c.registration_id = id) AS said FROM unnest(marked) AS id) AS m;
  IF gone IS NOT NULL THEN
    parties := cardinality(gone);
    SELECT p.members, p.contacts, p.cases, p.notes INTO members, contacts, cases, notes FROM register.remove_parties(gone) AS p;
  END IF;
  kept := coalesce(kept, '{}');
  IF cardinality(kept) = 0 THEN RETURN; END IF;

  DELETE FROM register.party_member WHERE registration_id = ANY (kept);
  DELETE FROM register.contact WHERE registration_id = ANY (kept);
  UPDATE register.registration AS r SET state = 'unidentified', client_id = NULL, content_mac = NULL, secret_mac = NULL, party_size = 0,
    needs = 0, intent = NULL, cell = NULL, consent_family = NULL, consent_partners = NULL, epoch_id = NULL, sealed_location = NULL,
    sealed_emergency_contact = NULL
  WHERE r.registration_id = ANY (kept);
  PERFORM register.recall_check_ins(kept, '{}');
  UPDATE register.check_in AS c SET band = coalesce(c.band, 5), reasons = c.reasons | unknown_reason WHERE c.registration_id = ANY (kept);
  UPDATE register.triage_case AS t SET queue = 'identification', reasons = t.reasons | unknown_reason
  WHERE t.registration_id = ANY (kept) AND t.state <> 'resolved';
  -- Only what was safe stood in no queue; now somebody must find out who said it.
  PERFORM edge.raise_cases(array_agg(c.registration_id), array_agg(c.band), array_agg(c.reasons), array_agg('identification'::text),
    array_agg(c.received_at + make_interval(mins => unknown_minutes)), array_agg(c.received_at), array_agg(c.status), array_agg(c.needs),
    array_agg(c.people), array_agg(c.cell))
  FROM register.check_in AS c WHERE c.registration_id = ANY (kept)
    AND NOT EXISTS (SELECT 1 FROM register.triage_case AS t WHERE t.registration_id = c.registration_id)
  HAVING count(*) > 0;
END $$;

REVOKE ALL ON FUNCTION register.recall_check_ins, register.remove_parties, register.clean_check_ins, register.clean_parties FROM PUBLIC;
