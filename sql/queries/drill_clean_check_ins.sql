-- Removes the next exercise check-ins; `last` is null when there are no more.
-- role: muster_owner
-- params: $1 after (a client_id), $2, $3 the least and the greatest, $4 how many
SELECT last, check_ins, parties, members, contacts, cases, notes, array_to_string(kept, ' ')
FROM register.clean_check_ins($1::uuid, $2::uuid, $3::uuid, $4::integer)
