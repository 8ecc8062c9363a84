-- Who may be the same people as a party is found when an officer looks; what is kept is that an officer has seen that two are not.

CREATE TABLE register.kept_apart (
  registration_id  bigint NOT NULL REFERENCES register.registration,
  other_id         bigint NOT NULL REFERENCES register.registration,
  staff_id         bigint NOT NULL REFERENCES register.staff,
  at               timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (registration_id, other_id),
  CHECK (registration_id < other_id)
);
CREATE INDEX kept_apart_other ON register.kept_apart (other_id);

-- Visible, and decided, with both parties.
ALTER TABLE register.kept_apart ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.kept_apart FOR SELECT TO muster_desk
  USING (EXISTS (SELECT FROM register.registration AS r WHERE r.registration_id = kept_apart.registration_id)
    AND EXISTS (SELECT FROM register.registration AS r WHERE r.registration_id = kept_apart.other_id));
CREATE POLICY desk_decides ON register.kept_apart FOR INSERT TO muster_desk WITH CHECK (staff_id = desk.staff_id()
  AND EXISTS (SELECT FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead'))
  AND EXISTS (SELECT FROM register.registration AS r WHERE r.registration_id = kept_apart.registration_id)
  AND EXISTS (SELECT FROM register.registration AS r WHERE r.registration_id = kept_apart.other_id));
CREATE POLICY desk_undoes ON register.kept_apart FOR DELETE TO muster_desk USING (
  EXISTS (SELECT FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead'))
  AND EXISTS (SELECT FROM register.registration AS r WHERE r.registration_id = kept_apart.registration_id)
  AND EXISTS (SELECT FROM register.registration AS r WHERE r.registration_id = kept_apart.other_id));
GRANT SELECT, DELETE, INSERT (registration_id, other_id, staff_id) ON register.kept_apart TO muster_desk;

-- Parties of the same crisis, in the signed-in officer's places, that share a phone or document with this one, a name and its birth date, or the sounds of
-- two names; `most` of each at most. phones and strangers: of who wrote, which the register has only sealed. As desk.find_parties it gives numbers only.
-- The kinds of keys are those of lib/store/name_index.h: 1 a sound, 4 a sound with a birth date.
CREATE FUNCTION desk.find_alike(id bigint, phones bytea[], strangers bigint[], most integer,
  OUT registration_id bigint, OUT shares_phone boolean, OUT shares_document boolean) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
  SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  home      text;
  births    bigint[];
  found     bigint[] := '{}';
  sounds    bigint[];
  by_sound  bigint[];
BEGIN
  SELECT r.crisis_id INTO home FROM register.registration AS r
  WHERE r.registration_id = id AND (r.crisis_id, r.post_id) IN (SELECT p.crisis_id, p.post_id FROM desk.scope AS p);
  IF home IS NULL THEN RETURN; END IF;
  SELECT array_agg(k) INTO births FROM register.party_member AS m, unnest(m.name_keys) AS k WHERE m.registration_id = id AND k & 7 = 4;
  IF births IS NOT NULL THEN
    SELECT array_agg(DISTINCT b.registration_id) INTO found FROM (
      SELECT m.registration_id FROM register.party_member AS m WHERE m.name_keys && births LIMIT most) AS b;
  END IF;
  -- All the sounds of a member's name, of at least two; what very many share tells nothing, and its first few are no better than none.
  FOR sounds IN
    SELECT array_agg(k) FROM register.party_member AS m, unnest(m.name_keys) AS k
    WHERE m.registration_id = id AND m.ordinal < 4 AND k & 7 = 1 GROUP BY m.ordinal HAVING count(*) >= 2
  LOOP
    SELECT array_agg(b.registration_id) INTO by_sound FROM (
      SELECT m.registration_id FROM register.party_member AS m WHERE m.name_keys @> sounds LIMIT most + 1) AS b;
    IF cardinality(by_sound) <= most THEN
      found := found || by_sound;
    END IF;
  END LOOP;
  RETURN QUERY
  SELECT f.id, bool_or(f.phone), bool_or(f.document) FROM (
    SELECT unnest(found) AS id, false AS phone, false AS document
    UNION ALL
    SELECT unnest(strangers), true, false
    UNION ALL
    (SELECT c.registration_id, true, false FROM register.contact AS c
     WHERE c.value_index = ANY (phones || ARRAY(SELECT o.value_index FROM register.contact AS o
                                                WHERE o.registration_id = find_alike.id AND o.value_index IS NOT NULL)) LIMIT most)
    UNION ALL
    (SELECT m.registration_id, false, true FROM register.party_member AS m
     WHERE m.document_index = ANY (ARRAY(SELECT o.document_index FROM register.party_member AS o
                                         WHERE o.registration_id = find_alike.id AND o.document_index IS NOT NULL)) LIMIT most)) AS f
  JOIN register.registration AS r ON r.registration_id = f.id
  WHERE f.id <> find_alike.id AND r.crisis_id = home AND (r.crisis_id, r.post_id) IN (SELECT p.crisis_id, p.post_id FROM desk.scope AS p)
  GROUP BY f.id;
END $$;
REVOKE ALL ON FUNCTION desk.find_alike FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.find_alike TO muster_desk;

CREATE OR REPLACE FUNCTION register.remove_parties(ids bigint[], OUT members bigint, OUT contacts bigint, OUT cases bigint, OUT notes bigint)
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM register.kept_apart WHERE registration_id = ANY (ids) OR other_id = ANY (ids);
  DELETE FROM register.opt_choice WHERE registration_id = ANY (ids);
  DELETE FROM register.message WHERE registration_id = ANY (ids);
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
