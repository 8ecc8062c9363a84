-- Who signs in: account, role, password hash, and the second factor of who has enrolled one.
-- role: muster_desk
-- params: $1 name, $2 the desk's recipient id
SELECT s.staff_id, s.role, desk.password_hash(s.staff_id), t.last_step, t.epoch_id, t.sealed_secret, w.wrapped
FROM register.staff AS s
LEFT JOIN register.staff_totp AS t ON t.staff_id = s.staff_id AND t.enrolled_at IS NOT NULL
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = t.epoch_id AND w.recipient_id = $2::text
WHERE s.name = $1::text AND s.disabled_at IS NULL
