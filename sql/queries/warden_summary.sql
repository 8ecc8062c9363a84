-- The wardens of the caller's crises, and how it stands with those of their households that are the caller's to see; and whether one household is among them.
-- role: muster_desk
-- params: $1 the caller's staff_id, $2 a household or null
SELECT s.name, n.households, n.heard, n.not_found, n.to_visit, n.overdue, n.has_it
FROM register.staff AS s
CROSS JOIN LATERAL (
  SELECT count(DISTINCT h.case_id) AS households, count(DISTINCT h.case_id) FILTER (WHERE h.stands = 'heard') AS heard,
    count(DISTINCT h.case_id) FILTER (WHERE h.stands = 'not_found') AS not_found, count(DISTINCT h.case_id) FILTER (WHERE h.stands = 'to_visit') AS to_visit,
    count(DISTINCT h.case_id) FILTER (WHERE h.is_overdue) AS overdue, coalesce(bool_or($2::bigint IN (h.registration_id, h.case_id)), false) AS has_it
  FROM desk.warden_household AS h WHERE h.staff_id = s.staff_id) AS n
WHERE s.role = 'warden' AND s.disabled_at IS NULL
  AND EXISTS (SELECT FROM register.staff_access AS a JOIN register.staff_access AS b USING (crisis_id) WHERE a.staff_id = s.staff_id AND b.staff_id = $1::bigint)
ORDER BY s.name LIMIT 500
