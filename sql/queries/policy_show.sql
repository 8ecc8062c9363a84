-- The triage policy of a crisis. Run by the operator as owner.
-- role: muster_owner
SELECT array_to_string(p.bands, ' '), array_to_string(p.answer_minutes, ' '), coalesce(p.version, 0)
FROM register.crisis AS c LEFT JOIN register.triage_policy AS p ON p.crisis_id = c.crisis_id WHERE c.crisis_id = $1::text
