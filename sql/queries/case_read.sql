-- An officer opened this case, or, where it was merged into another, that one; or a party that has none. Which it is. The first time is a fact that the citizen is shown; each time
-- is audited, if it is theirs to see. Tells whether they owe a reason first: then nothing of this is done.
-- role: muster_desk
-- params: $1 registration_id, $2 staff_id, $3 the reader is an officer or lead, so it counts as read, $4 origin, $5 why, or null
WITH shown AS MATERIALIZED (
  SELECT coalesce((SELECT m.case_id FROM register.merged AS m WHERE m.registration_id = $1::bigint AND m.undone_at IS NULL), $1::bigint) AS id),
seen AS (
  SELECT r.registration_id, $5::text IS NULL AND desk.owes_why(r.registration_id) AS due
  FROM shown JOIN register.registration AS r ON r.registration_id = shown.id),
logged AS (
  INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
  SELECT $2::bigint, 'case.read', s.registration_id, $4::text, CASE WHEN $5::text IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('why', $5::text) END
  FROM seen AS s WHERE NOT s.due),
opened AS (
  UPDATE register.triage_case AS c SET read_at = now() FROM seen AS s
  WHERE c.registration_id = s.registration_id AND NOT s.due AND c.read_at IS NULL AND $3::boolean)
SELECT shown.id, coalesce(seen.due, false) FROM shown LEFT JOIN seen ON true
