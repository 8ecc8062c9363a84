-- Drops a reset that was asked for.
-- role: muster_desk
-- params: $1 reset_id, $2 origin
SELECT desk.drop_reset($1::uuid, $2::text)
