-- The crisis that somebody is taken down for, if the signed-in officer works it: its country and triage policy.
-- role: muster_desk
-- params: $1 staff_id, $2 crisis_id
SELECT c.country, array_to_string(t.bands, ' '), array_to_string(t.answer_minutes, ' ')
FROM register.crisis AS c LEFT JOIN register.triage_policy AS t ON t.crisis_id = c.crisis_id
WHERE c.crisis_id = $2::text AND c.closed_at IS NULL
  AND EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = $1::bigint AND a.crisis_id = c.crisis_id)
