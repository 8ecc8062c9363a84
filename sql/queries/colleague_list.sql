-- To whom a case may be passed: the posts of the caller's crises, and who else works there; post null: all of them.
-- role: muster_desk
-- params: $1 staff_id
SELECT 'post', p.crisis_id, p.post_id, o.name, p.part
FROM register.crisis_post AS p JOIN register.post AS o USING (post_id)
WHERE p.crisis_id IN (SELECT a.crisis_id FROM register.staff_access AS a WHERE a.staff_id = $1::bigint)
UNION ALL
SELECT 'staff', a.crisis_id, a.post_id, s.name, s.role
FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
WHERE a.crisis_id IN (SELECT m.crisis_id FROM register.staff_access AS m WHERE m.staff_id = $1::bigint)
  AND s.staff_id <> $1::bigint AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead')
ORDER BY 1, 2, 4, 3
LIMIT 4000
