-- An officer opened this case: the first time is a fact that the citizen is shown; each time is audited, if it is theirs to see. Tells whether they owe a
-- reason first: then nothing of this is done. No row: it is not there, or not theirs.
-- role: muster_desk
-- params: $1 registration_id, $2 staff_id, $3 the reader is an officer or lead, so it counts as read, $4 origin, $5 why, or null
WITH seen AS (
  SELECT c.registration_id, $5::text IS NULL AND desk.owes_why(c.registration_id) AS due
  FROM register.triage_case AS c WHERE c.registration_id = $1::bigint),
logged AS (
  INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
  SELECT $2::bigint, 'case.read', s.registration_id, $4::text, CASE WHEN $5::text IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('why', $5::text) END
  FROM seen AS s WHERE NOT s.due),
opened AS (
  UPDATE register.triage_case AS c SET read_at = now() FROM seen AS s
  WHERE c.registration_id = s.registration_id AND NOT s.due AND c.read_at IS NULL AND $3::boolean)
SELECT due FROM seen
