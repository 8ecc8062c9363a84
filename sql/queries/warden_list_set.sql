-- Gives a warden these households; the numbers that cannot be given, no row when there is no such warden.
-- role: muster_desk
-- params: $1 name, $2 registration ids, $3 origin
SELECT array_to_string(l.bad, ' ') FROM desk.set_warden_list($1::text, $2::bigint[], $3::text) AS l (bad) WHERE l.bad IS NOT NULL
