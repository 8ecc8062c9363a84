-- The crisis of a household of the signed-in warden: its country and triage policy.
-- role: muster_desk
-- params: $1 registration_id
SELECT h.crisis_id, h.country, h.bands, h.answer_minutes FROM desk.my_household AS h WHERE h.registration_id = $1::bigint
