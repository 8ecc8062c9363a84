-- The desk's search. It runs as the register's owner, for row-level security lets no index of arrays be used before each row was judged; so it
-- keeps to the signed-in officer's places itself, gives numbers only, and whatever is shown of them row-level security judges again.

CREATE FUNCTION desk.find_names(groups bigint[], sizes integer[], without integer, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
  SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  words  bigint[][];
  keys   bigint[];
  asked  text := '';
  start  integer := 1;
BEGIN
  -- A name has one of the keys of each word. Numbers, written into the statement: how many words there are is part of its plan.
  FOR i IN 1 .. coalesce(cardinality(sizes), 0) LOOP
    keys := groups[start : start + sizes[i] - 1];
    start := start + sizes[i];
    IF i <> without THEN
      asked := asked || format(' AND m.name_keys && %L::bigint[]', keys);
    END IF;
  END LOOP;
  IF asked = '' THEN RETURN; END IF;
  RETURN QUERY EXECUTE
    'SELECT DISTINCT m.registration_id FROM register.party_member AS m JOIN register.registration AS r USING (registration_id)'
    ' WHERE (r.crisis_id, r.post_id) IN (SELECT p.crisis_id, p.post_id FROM desk.scope AS p)' || asked || ' LIMIT $1' USING most;
END $$;

-- The parties with one of these numbers, phones or documents (at most `most` of each), or of this name. by: 1 number, 2 phone, 4 document, 8 name.
CREATE FUNCTION desk.find_parties(ids bigint[], phones bytea[], documents bytea[], groups bigint[], sizes integer[], most integer,
  OUT registration_id bigint, OUT by integer) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  named bigint[];
BEGIN
  SELECT array_agg(id) INTO named FROM desk.find_names(groups, sizes, 0, most) AS id;
  FOR i IN 1 .. cardinality(sizes) LOOP -- of three words one may be another's, or wrong
    EXIT WHEN named IS NOT NULL OR cardinality(sizes) < 3;
    SELECT array_agg(id) INTO named FROM desk.find_names(groups, sizes, i, most) AS id;
  END LOOP;
  RETURN QUERY
  SELECT found.id, bit_or(found.by) FROM (
    SELECT unnest(ids) AS id, 1 AS by
    UNION ALL
    (SELECT c.registration_id, 2 FROM register.contact AS c WHERE c.value_index = ANY (phones) LIMIT most)
    UNION ALL
    (SELECT m.registration_id, 4 FROM register.party_member AS m WHERE m.document_index = ANY (documents) LIMIT most)
    UNION ALL
    SELECT unnest(named), 8) AS found
  JOIN register.registration AS r ON r.registration_id = found.id
  WHERE (r.crisis_id, r.post_id) IN (SELECT p.crisis_id, p.post_id FROM desk.scope AS p)
  GROUP BY found.id;
END $$;
REVOKE ALL ON FUNCTION desk.find_names, desk.find_parties FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.find_parties TO muster_desk;
