-- Two parties are not the same people ($5), or may be again; row-level security lets it be said of both or not at all. True when it is so now; false when one of
-- the two is part of another's case; no row when they are not both there to see. What somebody is about to decide of either they have not seen this.
-- role: muster_desk
-- params: $1 registration_id, $2 the other, $3 staff_id, $4 origin, $5 whether they are kept apart
WITH pair AS MATERIALIZED (
  SELECT coalesce(bool_or(r.state = 'merged'), false) AS merged FROM register.registration AS r WHERE r.registration_id IN ($1::bigint, $2::bigint)
  HAVING count(*) = 2),
seen AS MATERIALIZED (
  SELECT least($1::bigint, $2::bigint) AS one, greatest($1::bigint, $2::bigint) AS other FROM pair WHERE NOT merged),
apart AS (
  INSERT INTO register.kept_apart (registration_id, other_id, staff_id) SELECT one, other, $3::bigint FROM seen WHERE $5::boolean
  ON CONFLICT DO NOTHING RETURNING registration_id, other_id),
again AS (
  DELETE FROM register.kept_apart AS k USING seen WHERE k.registration_id = seen.one AND k.other_id = seen.other AND NOT $5::boolean
  RETURNING k.registration_id, k.other_id),
moved AS (
  UPDATE register.triage_case AS t SET version = t.version + 1
  WHERE t.registration_id IN ($1::bigint, $2::bigint) AND t.state <> 'resolved' AND EXISTS (SELECT FROM apart UNION ALL SELECT FROM again)),
logged AS (
  INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $3::bigint, CASE WHEN $5::boolean THEN 'case.keep_apart' ELSE 'case.maybe_same' END, id, $4::text FROM seen, unnest(ARRAY[one, other]) AS id)
SELECT NOT merged FROM pair
