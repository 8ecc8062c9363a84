-- Takes a warden's word back; one row, or none where there is no such word of theirs.
-- role: muster_desk
-- params: $1 registration_id, $2 client_id, $3 origin
SELECT u.undone FROM desk.undo_word($1::bigint, $2::uuid, $3::text) AS u (undone) WHERE u.undone IS NOT NULL
