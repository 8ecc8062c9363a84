-- Opens a resolved case again; its answer-by stands as it was.
-- role: muster_desk
WITH reopened AS (
  UPDATE register.triage_case SET state = 'open', claimed_by = NULL, claimed_at = NULL, lease_until = NULL, resolved_at = NULL,
    version = version + 1
  WHERE registration_id = $1::bigint AND state = 'resolved' AND ($3::integer IS NULL OR version = $3::integer)
  RETURNING registration_id, version),
logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $2::bigint, 'case.reopen', registration_id, $4::text FROM reopened)
SELECT version FROM reopened
