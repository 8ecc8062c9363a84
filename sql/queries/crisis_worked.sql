-- The crises that the signed-in officer works, for what is taken down for somebody.
-- role: muster_desk
-- params: $1 staff_id, $2 crisis_id, or null: all of them
SELECT DISTINCT c.crisis_id, c.country, c.name ->> 'en' FROM register.staff_access AS a JOIN register.crisis AS c USING (crisis_id)
WHERE a.staff_id = $1::bigint AND c.closed_at IS NULL AND ($2::text IS NULL OR c.crisis_id = $2::text)
ORDER BY c.crisis_id
