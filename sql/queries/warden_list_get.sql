-- A warden's list, as far as the caller may see its households, and the last word of each; one row without a household when there are none, no row when
-- there is no such warden of a crisis of the caller's.
-- role: muster_desk
-- params: $1 name, $2 the caller's staff_id
SELECT l.registration_id, v.word, v.received_at
FROM register.staff AS s
LEFT JOIN register.warden_list AS l ON l.staff_id = s.staff_id
LEFT JOIN LATERAL (
  SELECT w.word, w.received_at FROM register.warden_word AS w
  WHERE w.staff_id = s.staff_id AND w.registration_id = l.registration_id AND w.undone_at IS NULL ORDER BY w.received_at DESC LIMIT 1) AS v ON true
WHERE s.name = $1::text AND s.role = 'warden' AND s.disabled_at IS NULL
  AND EXISTS (SELECT FROM register.staff_access AS a JOIN register.staff_access AS b USING (crisis_id) WHERE a.staff_id = s.staff_id AND b.staff_id = $2::bigint)
ORDER BY l.registration_id LIMIT 500
