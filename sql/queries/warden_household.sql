-- The crisis of a household of the signed-in warden: its country and triage policy.
-- It may be part of another's case since the phone heard of it.
-- role: muster_desk
-- params: $1 registration_id
SELECT h.crisis_id, h.country, h.bands, h.answer_minutes FROM desk.my_household AS h 
WHERE h.registration_id = coalesce((SELECT c.case_id FROM desk.my_merged AS c WHERE c.registration_id = $1::bigint LIMIT 1), $1::bigint)
