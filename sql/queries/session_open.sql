-- A session for someone whose password was right, audited; tells when it ends and which crises they work. Who has enrolled a second factor
-- gets one only for a code that was not taken before: a step later than the last, or a recovery code that is unused.
-- role: muster_desk
-- params: $1 session_mac, $2 staff_id, $3 origin, $4 the code's step, $5 the recovery code's mac (either may be null)
WITH step AS (
  UPDATE register.staff_totp SET last_step = $4::bigint
  WHERE staff_id = $2::bigint AND enrolled_at IS NOT NULL AND last_step < $4::bigint RETURNING staff_id),
recovery AS (
  UPDATE register.staff_recovery SET used_at = now()
  WHERE staff_id = $2::bigint AND code_mac = $5::bytea AND used_at IS NULL RETURNING staff_id),
opened AS (
  INSERT INTO register.staff_session (session_mac, staff_id, kind, expires_at, origin)
  SELECT $1::bytea, p.staff_id, 'browser', now() + interval '12 hours', $3::text FROM register.staff AS p
  WHERE p.staff_id = $2::bigint AND p.disabled_at IS NULL
    AND (EXISTS (SELECT 1 FROM step) OR EXISTS (SELECT 1 FROM recovery)
      OR NOT EXISTS (SELECT 1 FROM register.staff_totp AS t WHERE t.staff_id = $2::bigint AND t.enrolled_at IS NOT NULL))
  RETURNING staff_id, expires_at),
logged AS (
  INSERT INTO register.audit (staff_id, action, origin, detail)
  SELECT o.staff_id, 'session.open', $3::text,
    CASE WHEN EXISTS (SELECT 1 FROM recovery) THEN '{"by": "recovery"}'::jsonb
         WHEN EXISTS (SELECT 1 FROM step) THEN '{"by": "totp"}'::jsonb ELSE '{"by": "password"}'::jsonb END FROM opened AS o)
SELECT o.expires_at,
  (SELECT coalesce(string_agg(DISTINCT a.crisis_id, ' '), '') FROM register.staff_access AS a WHERE a.staff_id = o.staff_id)
FROM opened AS o
