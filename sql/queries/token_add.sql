-- An API token of one's own, audited.
-- role: muster_desk
-- params: $1 session_mac, $2 staff_id, $3 name, $4 scopes or null, $5 expires_at or null (a year), $6 origin
WITH added AS (
  INSERT INTO register.staff_session (session_mac, staff_id, kind, name, scopes, expires_at, origin)
  VALUES ($1::bytea, $2::bigint, 'token', $3::text, $4::text[], coalesce($5::timestamptz, now() + interval '365 days'), $6::text)
  RETURNING session_id, expires_at, scopes),
logged AS (
  INSERT INTO register.audit (staff_id, action, origin, detail)
  SELECT $2::bigint, 'token.add', $6::text, jsonb_build_object('scopes', scopes, 'expires_at', expires_at) FROM added)
SELECT session_id, expires_at FROM added
