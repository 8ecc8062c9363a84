-- A warden's list, as far as the caller may see its households, how each stands and the last word of it, who is overdue and whom to visit first; one row without
-- a household when there are none, no row when there is no such warden of a crisis of the caller's.
-- role: muster_desk
-- params: $1 name, $2 the caller's staff_id
SELECT h.registration_id, h.word, h.word_at, h.stands, h.last_check_in_at, h.check_in_by, h.is_overdue
FROM register.staff AS s
LEFT JOIN LATERAL (SELECT w.* FROM desk.warden_household AS w WHERE w.staff_id = s.staff_id) AS h ON true
WHERE s.name = $1::text AND s.role = 'warden' AND s.disabled_at IS NULL
  AND EXISTS (SELECT FROM register.staff_access AS a JOIN register.staff_access AS b USING (crisis_id) WHERE a.staff_id = s.staff_id AND b.staff_id = $2::bigint)
ORDER BY h.is_overdue DESC, (h.stands <> 'to_visit'), (h.stands <> 'not_found'), h.check_in_by, h.registration_id LIMIT 500
