-- Adds households to a warden's list; the numbers that cannot be given, and whether the list would be too long, when nothing was added; no row when there is no
-- such warden.
-- role: muster_desk
-- params: $1 name, $2 registration ids, $3 how many a list has at most, $4 origin
SELECT array_to_string(l.bad, ' '), l.is_full FROM desk.add_to_warden_list($1::text, $2::bigint[], $3::integer, $4::text) AS l
