-- Who holds a session or API token, and which crises they work.
-- role: muster_desk
UPDATE register.staff_session AS s SET used_at = now() FROM register.staff AS p
WHERE s.session_mac = $1::bytea AND s.expires_at > now() AND p.staff_id = s.staff_id AND p.disabled_at IS NULL
RETURNING p.staff_id, p.name, p.role, s.kind, s.expires_at,
  (SELECT coalesce(string_agg(DISTINCT a.crisis_id, ' '), '') FROM register.staff_access AS a WHERE a.staff_id = p.staff_id)
