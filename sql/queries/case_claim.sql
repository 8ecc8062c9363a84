-- Claims one case if nobody holds it (or its lease has lapsed), for 15 minutes; no row when another was quicker. Renews the
-- caller's own claim. $3: the version the caller saw, or null.
-- role: muster_desk
WITH claimed AS (
  UPDATE register.triage_case SET state = 'claimed', claimed_by = $2::bigint, claimed_at = now(),
    lease_until = now() + interval '15 minutes', waiting_until = NULL, read_at = coalesce(read_at, now()), version = version + 1
  WHERE registration_id = $1::bigint AND state <> 'resolved'
    AND (claimed_by IS NULL OR claimed_by = $2::bigint OR lease_until < now())
    AND ($3::integer IS NULL OR version = $3::integer)
  RETURNING registration_id, version),
logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $2::bigint, 'case.claim', registration_id, $4::text FROM claimed)
SELECT version FROM claimed
