-- An officer opened this case, or, where it was merged into another, that one; which it is. The first time is a fact that the citizen is shown; each time is
-- audited, if it is theirs to see. $3: the reader is an officer or lead, so it counts as read.
-- role: muster_desk
WITH shown AS MATERIALIZED (
  SELECT coalesce((SELECT m.case_id FROM register.merged AS m WHERE m.registration_id = $1::bigint AND m.undone_at IS NULL), $1::bigint) AS id),
logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $2::bigint, 'case.read', c.registration_id, $4::text FROM shown JOIN register.triage_case AS c ON c.registration_id = shown.id),
opened AS (
  UPDATE register.triage_case AS c SET read_at = now() FROM shown WHERE c.registration_id = shown.id AND c.read_at IS NULL AND $3::boolean)
SELECT id FROM shown
