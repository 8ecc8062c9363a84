-- Approves a reset that another admin asked for.
-- role: muster_desk
-- params: $1 reset_id, $2 hash of a password for once, $3 origin
SELECT outcome, of_user, what FROM desk.approve_reset($1::uuid, $2::text, $3::text)
