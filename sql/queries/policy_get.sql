-- The triage policy of a crisis that the caller works; nulls where it has the default, no row when it is not theirs.
-- role: muster_desk
-- params: $1 crisis_id, $2 staff_id
SELECT c.crisis_id, coalesce(p.version, 0), array_to_string(p.bands, ' '), array_to_string(p.answer_minutes, ' '), p.changed_at,
  coalesce(p.judging, false), desk.leads(c.crisis_id),
  p.danger_check_in_minutes, coalesce(p.texts_at_night, false), extract(epoch FROM c.check_in_every)::bigint / 60
FROM register.crisis AS c LEFT JOIN register.triage_policy AS p ON p.crisis_id = c.crisis_id
WHERE c.crisis_id = $1::text AND EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = $2::bigint AND a.crisis_id = c.crisis_id)
