-- The resets that wait for a second admin.
-- role: muster_desk
-- params: $1 staff_id
SELECT r.reset_id, s.name, r.what, a.name, r.asked_at, r.expires_at, $1::bigint IN (r.asked_by, r.staff_id)
FROM register.staff_reset AS r JOIN register.staff AS s USING (staff_id) JOIN register.staff AS a ON a.staff_id = r.asked_by
WHERE r.ended_at IS NULL AND r.expires_at > now() ORDER BY r.asked_at, r.reset_id LIMIT 100
