-- The posts that the signed-in officer works, by crisis.
-- role: muster_desk
-- params: $1 staff_id
SELECT DISTINCT p.post_id, p.name, cp.crisis_id
FROM register.staff_access AS a
JOIN register.crisis_post AS cp ON cp.crisis_id = a.crisis_id AND (a.post_id IS NULL OR a.post_id = cp.post_id)
JOIN register.post AS p ON p.post_id = cp.post_id
WHERE a.staff_id = $1::bigint
ORDER BY cp.crisis_id, p.name, p.post_id
