-- Makes an account, or changes the role and (unless null) the password hash of the one there is. Run by the operator as owner.
-- role: muster_owner
INSERT INTO register.staff AS s (name, role, password_hash) VALUES ($1::text, $2::text, $3::text)
ON CONFLICT (name) DO UPDATE SET role = excluded.role, password_hash = coalesce(excluded.password_hash, s.password_hash),
  password_once = s.password_once AND excluded.password_hash IS NULL,
  password_until = CASE WHEN excluded.password_hash IS NULL THEN s.password_until END, disabled_at = NULL
RETURNING staff_id
