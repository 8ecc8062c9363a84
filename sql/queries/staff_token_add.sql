-- An API token for an account, for a year. Run by the operator as owner.
-- role: muster_owner
INSERT INTO register.staff_session (session_mac, staff_id, kind, expires_at)
SELECT $2::bytea, staff_id, 'token', now() + interval '365 days' FROM register.staff WHERE name = $1::text AND disabled_at IS NULL
RETURNING staff_id
