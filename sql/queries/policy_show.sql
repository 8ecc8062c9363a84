-- The triage policy of a crisis. Run by the operator as owner.
-- role: muster_owner
SELECT array_to_string(p.bands, ' '), array_to_string(p.answer_minutes, ' '), coalesce(p.version, 0),
  coalesce(p.danger_check_in_minutes::text, ''), coalesce(p.texts_at_night, false), coalesce(c.time_zone, ''),
  extract(epoch FROM register.check_in_every_in_danger(c.check_in_every, p.danger_check_in_minutes))::bigint / 60
FROM register.crisis AS c LEFT JOIN register.triage_policy AS p ON p.crisis_id = c.crisis_id WHERE c.crisis_id = $1::text
