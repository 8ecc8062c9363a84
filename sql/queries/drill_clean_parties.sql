-- Looks at the next parties and removes those that an exercise registered; `last` is null when there are no more.
-- role: muster_owner
-- params: $1 after (a registration_id), $2, $3 the least and the greatest client_id, $4 how many, $5 the reason bit of an unknown sender,
--   $6 the minutes that one is answered within
SELECT last, 0, parties, members, contacts, cases, notes, array_to_string(kept, ' ')
FROM register.clean_parties($1::bigint, $2::uuid, $3::uuid, $4::integer, $5::integer, $6::integer)
