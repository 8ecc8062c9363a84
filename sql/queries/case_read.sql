-- An officer opened this case: the first time is a fact that the citizen is shown; each time is audited, if it is theirs to see.
-- $3: the reader is an officer or lead, so it counts as read.
-- role: muster_desk
WITH logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $2::bigint, 'case.read', registration_id, $4::text FROM register.triage_case WHERE registration_id = $1::bigint)
UPDATE register.triage_case SET read_at = now() WHERE registration_id = $1::bigint AND read_at IS NULL AND $3::boolean
