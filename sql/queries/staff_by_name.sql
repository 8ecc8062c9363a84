-- Who signs in: account, role and password hash.
-- role: muster_desk
SELECT staff_id, role, password_hash FROM register.staff WHERE name = $1::text AND disabled_at IS NULL
