-- Ends the caller's shift, with a note for who comes next.
-- role: muster_desk
-- params: $1 hand_over_id, $2 a colleague's name or null, $3 origin, $4 epoch_id, $5 epoch opened_at, $6 recipient ids, $7 wraps, $8 sealed text;
--   columns of notes on single cases: $9 registration_id, $10 note_id, $11 sealed text
SELECT outcome, given, returned FROM desk.hand_over($1::uuid, $2::text, $3::text, $4::uuid, $5::timestamptz, $6::text[], $7::bytea[], $8::bytea,
  $9::bigint[], $10::uuid[], $11::bytea[])
