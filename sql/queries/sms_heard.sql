-- What a number that nobody registered has told, up to one of its messages; no row for a party that is registered.
-- role: muster_edge
SELECT messages, place, people, coalesce(band, 0) FROM edge.sms_heard($1::bigint, $2::uuid)
