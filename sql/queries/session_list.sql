-- The sessions and tokens of an account that are not over: one's own, or (for an admin, by row-level security) of whom $2 names.
-- role: muster_desk
-- params: $1 staff_id, $2 name or null, $3 session_mac of who asks
SELECT s.session_id, s.kind, s.name, s.scopes IS NOT NULL, array_to_string(s.scopes, ' '), s.created_at, s.used_at, s.expires_at, s.origin,
  s.session_mac = $3::bytea
FROM register.staff_session AS s
WHERE s.expires_at > now() AND s.staff_id = CASE WHEN $2::text IS NULL THEN $1::bigint
  ELSE (SELECT p.staff_id FROM register.staff AS p WHERE p.name = $2::text) END
ORDER BY s.created_at DESC, s.session_id
LIMIT 200
