-- Closes a case as acted on; only its holder or a lead ($3). $4: the version the caller saw, or null.
-- role: muster_desk
WITH resolved AS (
  UPDATE register.triage_case SET state = 'resolved', resolved_at = now(), answered_at = coalesce(answered_at, now()),
    lease_until = NULL, waiting_until = NULL, version = version + 1
  WHERE registration_id = $1::bigint AND state IN ('claimed', 'waiting') AND (claimed_by = $2::bigint OR $3::boolean)
    AND ($4::integer IS NULL OR version = $4::integer)
  RETURNING registration_id, version),
logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $2::bigint, 'case.resolve', registration_id, $5::text FROM resolved)
SELECT version FROM resolved
