-- Where a case stands, to say why it could not be changed; no row when it is not there or not the caller's to see. And whether one of its parties has
-- the number that a text was to go to, as message_add.sql has it; true when none was chosen. And whether it was merged into another. Of a party that has no case
-- there is a row where one is asked for: without a state, of version 0.
-- role: muster_desk
-- params: $1 registration_id, $2 a contact or null, $3 a check-in or null, $4 whether a party without a case counts
SELECT t.state, t.claimed_by, coalesce(t.version, 0),
  ($2::integer IS NULL OR EXISTS (
    SELECT FROM desk.party_of AS p JOIN register.contact AS c USING (registration_id)
    WHERE p.case_id = r.registration_id AND p.registered AND c.ordinal + 100 * p.place = $2::integer AND c.kind IN ('phone', 'whatsapp')))
  AND ($3::uuid IS NULL OR EXISTS (
    SELECT FROM desk.party_of AS p JOIN register.check_in AS c USING (registration_id)
    WHERE p.case_id = r.registration_id AND c.client_id = $3::uuid AND c.sealed_sender IS NOT NULL
      AND (NOT register.is_exercise(c.client_id) OR register.is_exercise_party(r.registration_id, r.client_id)))),
  r.state = 'merged'
FROM register.registration AS r LEFT JOIN register.triage_case AS t ON t.registration_id = r.registration_id
WHERE r.registration_id = $1::bigint AND ($4::boolean OR t.registration_id IS NOT NULL)
