-- Takes a household off a warden's list; no row when there is no such warden, or it is not the caller's to take.
-- role: muster_desk
-- params: $1 name, $2 registration_id, $3 origin
SELECT 1 FROM desk.take_from_warden_list($1::text, $2::bigint, $3::text) AS t (is_off) WHERE t.is_off
