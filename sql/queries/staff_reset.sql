-- A password for once, which must be changed at the next sign-in; the account's sessions are over, audited. Run by the operator as owner.
-- role: muster_owner
-- params: $1 user, $2 hash
WITH given AS (
  UPDATE register.staff SET password_hash = $2::text, password_once = true, password_until = now() + interval '3 days'
  WHERE name = $1::text AND disabled_at IS NULL RETURNING staff_id),
sessions AS (DELETE FROM register.staff_session AS s USING given AS g WHERE s.staff_id = g.staff_id AND s.kind = 'browser'),
logged AS (INSERT INTO register.audit (staff_id, action, detail) SELECT staff_id, 'password.reset', '{"by": "operator"}' FROM given)
SELECT staff_id FROM given
