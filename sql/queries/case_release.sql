-- Gives a case back to its queue; only its holder or a lead ($3). $4: the version the caller saw, or null.
-- role: muster_desk
WITH released AS (
  UPDATE register.triage_case SET state = 'open', claimed_by = NULL, claimed_at = NULL, lease_until = NULL, waiting_until = NULL,
    version = version + 1
  WHERE registration_id = $1::bigint AND state IN ('claimed', 'waiting') AND (claimed_by = $2::bigint OR $3::boolean)
    AND ($4::integer IS NULL OR version = $4::integer)
  RETURNING registration_id, version),
logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $2::bigint, 'case.release', registration_id, $5::text FROM released)
SELECT version FROM released
