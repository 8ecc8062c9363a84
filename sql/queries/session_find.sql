-- Who holds a session or API token, which crises they work, whether they owe a second factor or a new password first, and a token's scopes. That it was used is noted once a
-- minute, so that looking costs no commit and a program's parallel requests do not wait for each other's.
-- role: muster_desk
WITH used AS (
  UPDATE register.staff_session SET used_at = now()
  WHERE session_mac = $1::bytea AND expires_at > now() AND used_at < now() - interval '1 minute')
SELECT p.staff_id, p.name, p.role, s.kind, s.expires_at,
  (SELECT coalesce(string_agg(DISTINCT a.crisis_id, ' '), '') FROM register.staff_access AS a WHERE a.staff_id = p.staff_id),
  s.kind = 'browser' AND s.card IS NULL AND EXISTS (SELECT 1 FROM register.totp_required AS q WHERE q.role = p.role)
    AND NOT EXISTS (SELECT 1 FROM register.staff_totp AS t WHERE t.staff_id = p.staff_id AND t.enrolled_at IS NOT NULL),
  s.scopes IS NOT NULL, array_to_string(s.scopes, ' '), s.session_id, s.kind = 'browser' AND s.card IS NULL AND p.password_once, s.card
FROM register.staff_session AS s JOIN register.staff AS p USING (staff_id)
WHERE s.session_mac = $1::bytea AND s.expires_at > now() AND p.disabled_at IS NULL
