-- One's own second factor: since when (null: not proven yet), its sealed secret, the recovery codes that are left, and whether the role must have it.
-- role: muster_desk
-- params: $1 staff_id, $2 the desk's recipient id
SELECT t.enrolled_at, t.last_step, t.epoch_id, t.sealed_secret, w.wrapped,
  (SELECT count(*) FROM register.staff_recovery AS r WHERE r.staff_id = $1::bigint AND r.used_at IS NULL),
  EXISTS (SELECT 1 FROM register.totp_required AS q WHERE q.role = p.role)
FROM register.staff AS p
LEFT JOIN register.staff_totp AS t ON t.staff_id = p.staff_id
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = t.epoch_id AND w.recipient_id = $2::text
WHERE p.staff_id = $1::bigint
