-- Where a case stands, to say why it could not be changed; no row when it is not there or not the caller's to see. And whether the party has
-- the number that a text was to go to, as message_add.sql has it; true when none was chosen.
-- role: muster_desk
-- params: $1 registration_id, $2 a contact or null, $3 a check-in or null
SELECT t.state, t.claimed_by, t.version,
  ($2::smallint IS NULL OR EXISTS (
    SELECT FROM register.contact AS c WHERE c.registration_id = t.registration_id AND c.ordinal = $2::smallint
      AND c.kind IN ('phone', 'whatsapp') AND r.state = 'registered'))
  AND ($3::uuid IS NULL OR EXISTS (
    SELECT FROM register.check_in AS c WHERE c.registration_id = t.registration_id AND c.client_id = $3::uuid AND c.sealed_sender IS NOT NULL
      AND (NOT register.is_exercise(c.client_id) OR register.is_exercise_party(r.registration_id, r.client_id))))
FROM register.triage_case AS t JOIN register.registration AS r USING (registration_id)
WHERE t.registration_id = $1::bigint
