-- Claims one case if nobody holds it (or its lease has lapsed), for 15 minutes; no row when another was quicker. Renews the
-- caller's own claim. Who is shown the case at once has looked at it: that goes on record with the claim, in one commit.
-- role: muster_desk
-- params: $1 registration_id, $2 staff_id, $3 the version the caller saw, or null, $4 origin, $5 whether the case is shown
WITH claimed AS (
  UPDATE register.triage_case SET state = 'claimed', claimed_by = $2::bigint, claimed_at = now(),
    lease_until = now() + interval '15 minutes', waiting_until = NULL, read_at = coalesce(read_at, now()), version = version + 1
  WHERE registration_id = $1::bigint AND state <> 'resolved'
    AND (claimed_by IS NULL OR claimed_by = $2::bigint OR lease_until < now())
    AND ($3::integer IS NULL OR version = $3::integer)
  RETURNING registration_id, version),
logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $2::bigint, done.action, registration_id, $4::text
  FROM claimed CROSS JOIN (VALUES ('case.claim', true), ('case.read', $5::boolean)) AS done (action, so) WHERE done.so)
SELECT version FROM claimed
