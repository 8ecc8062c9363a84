-- Passes a case to another post, to somebody, or one post up, with a note. The version it has then; 0: there is nobody to pass it to; no row: it
-- could not be changed.
-- role: muster_desk
-- params: $1 registration_id, $2 the version the caller saw or null, $3 post or null, $4 name or null, $5 origin, $6 note_id, $7 epoch_id,
--   $8 sealed text, $9 epoch opened_at, $10 recipient ids, $11 wraps
SELECT p.version FROM desk.pass_case($1::bigint, $2::integer, $3::text, $4::text, $5::text, $6::uuid, $7::uuid, $8::bytea, $9::timestamptz,
  $10::text[], $11::bytea[]) AS p (version)
WHERE p.version IS NOT NULL
