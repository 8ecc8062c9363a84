-- Towns, border crossings, landmarks, quarters, assembly points and posts of the crises that the reader works in.
-- role: muster_desk
-- params: $1 crisis (null: all)
SELECT DISTINCT p.kind, p.name, p.within, p.lat, p.lon FROM register.place AS p
WHERE p.kind IN ('town', 'crossing', 'landmark', 'quarter', 'assembly_point') AND p.crisis_id IN (SELECT s.crisis_id FROM desk.scope AS s)
  AND ($1::text IS NULL OR p.crisis_id = $1::text)
UNION ALL
SELECT DISTINCT 'post', p.name, '', p.lat, p.lon FROM register.post AS p JOIN desk.scope AS s USING (post_id) WHERE $1::text IS NULL OR s.crisis_id = $1::text
ORDER BY 1, 2, 3
