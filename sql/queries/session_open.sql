-- A session for someone whose password was right, audited; tells when it ends and which crises they work.
-- role: muster_desk
WITH opened AS (
  INSERT INTO register.staff_session (session_mac, staff_id, kind, expires_at)
  VALUES ($1::bytea, $2::bigint, 'browser', now() + interval '12 hours') RETURNING staff_id, expires_at),
logged AS (INSERT INTO register.audit (staff_id, action, origin) SELECT staff_id, 'session.open', $3::text FROM opened)
SELECT o.expires_at,
  (SELECT coalesce(string_agg(DISTINCT a.crisis_id, ' '), '') FROM register.staff_access AS a WHERE a.staff_id = o.staff_id)
FROM opened AS o
