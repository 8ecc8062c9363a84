-- Merges a party into a case; see desk.merge_cases.
-- role: muster_desk
-- params: $1 registration_id, $2 the other's, $3 the version the caller saw or null, $4 origin, $5 note_id, $6 epoch_id, $7 sealed text, $8 epoch opened_at,
--   $9 recipient ids, $10 wraps
SELECT kept, version, why FROM desk.merge_cases($1::bigint, $2::bigint, $3::integer, $4::text, $5::uuid, $6::uuid, $7::bytea, $8::timestamptz, $9::text[], $10::bytea[])
