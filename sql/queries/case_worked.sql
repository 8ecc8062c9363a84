-- The crisis of a party that somebody tells of, as the signed-in member of staff may see it: its country and triage policy.
-- role: muster_desk
-- params: $1 registration_id
SELECT c.crisis_id, c.country, array_to_string(t.bands, ' '), array_to_string(t.answer_minutes, ' ')
FROM register.registration AS r JOIN register.crisis AS c USING (crisis_id) LEFT JOIN register.triage_policy AS t ON t.crisis_id = c.crisis_id
WHERE r.registration_id = $1::bigint
