-- Keeps the name keys of members.
-- role: muster_courier
-- params: columns: $1 registration_id, $2 ordinal, $3 keys, as array literals
SELECT register.add_names($1::bigint[], $2::smallint[], $3::text[])
