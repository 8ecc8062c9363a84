-- A session for someone whose password was right, audited.
-- role: muster_desk
WITH opened AS (
  INSERT INTO register.staff_session (session_mac, staff_id, kind, expires_at)
  VALUES ($1::bytea, $2::bigint, 'browser', now() + interval '12 hours') RETURNING staff_id)
INSERT INTO register.audit (staff_id, action, origin) SELECT staff_id, 'session.open', $3::text FROM opened
