-- What a search finds: each party with its members, sealed; row-level security decides what of it is shown.
-- role: muster_desk
-- params: $1 registration ids, $2 phone indexes, $3 document indexes, $4 name keys, $5 how many of them each word has, $6 most parties,
--   $7 the desk's recipient id
SELECT r.registration_id, f.by, r.state, r.party_size, r.last_status, r.post_id, t.queue, t.band, t.state,
  m.ordinal, m.epoch_id, m.sealed_person, w.wrapped
FROM desk.find_parties($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[], $5::integer[], $6::integer) AS f
JOIN register.registration AS r ON r.registration_id = f.registration_id
LEFT JOIN register.triage_case AS t ON t.registration_id = r.registration_id
LEFT JOIN register.party_member AS m ON m.registration_id = r.registration_id AND m.ordinal < 12
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = m.epoch_id AND w.recipient_id = $7::text
ORDER BY r.registration_id, m.ordinal
