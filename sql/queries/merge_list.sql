-- What was merged into a case, or into what is part of it, and taken out again, oldest first; with the place that a party registered, sealed, while it is part.
-- role: muster_desk
-- params: $1 registration_id, $2 the desk's recipient id
SELECT d.registration_id, d.into_id, s.name, d.merged_at, u.name, d.undone_at, r.epoch_id, r.sealed_location, w.wrapped
FROM (
  SELECT d.* FROM (SELECT registration_id, into_id, merged_by, merged_at, undone_by, undone_at FROM register.merged) AS d
  WHERE d.registration_id IN (SELECT p.registration_id FROM desk.party_of AS p WHERE p.case_id = $1::bigint)
  UNION
  SELECT d.* FROM (SELECT registration_id, into_id, merged_by, merged_at, undone_by, undone_at FROM register.merged) AS d
  WHERE d.into_id IN (SELECT p.registration_id FROM desk.party_of AS p WHERE p.case_id = $1::bigint)) AS d
JOIN register.staff AS s ON s.staff_id = d.merged_by
LEFT JOIN register.staff AS u ON u.staff_id = d.undone_by
LEFT JOIN register.registration AS r ON r.registration_id = d.registration_id AND r.registration_id <> $1::bigint AND d.undone_at IS NULL
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = r.epoch_id AND w.recipient_id = $2::text
ORDER BY d.merged_at
LIMIT 100
