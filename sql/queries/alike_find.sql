-- A party, first, and those that may be the same people, each with its members and those of what was merged into it, sealed; and whether an officer has kept
-- it apart. What is part of another's case is not one to be merged. Whatever is joined is asked for by key, as in case_list.sql.
-- role: muster_desk
-- params: $1 registration_id, $2 phone indexes, $3 numbers of strangers, $4 most of each sort, $5 the desk's recipient id
SELECT r.registration_id, f.shares_phone, f.shares_document, r.state, r.party_size, r.last_status, t.queue, t.state, s.name, a.at,
  m.ordinal, m.epoch_id, m.sealed_person, w.wrapped, m.registration_id
FROM (SELECT $1::bigint AS registration_id, false AS shares_phone, false AS shares_document
      UNION ALL SELECT * FROM desk.find_alike($1::bigint, $2::bytea[], $3::bigint[], $4::integer)) AS f
JOIN register.registration AS r ON r.registration_id = f.registration_id
LEFT JOIN register.triage_case AS t ON t.registration_id = r.registration_id
LEFT JOIN register.kept_apart AS a ON a.registration_id = least(r.registration_id, $1::bigint) AND a.other_id = greatest(r.registration_id, $1::bigint)
LEFT JOIN register.staff AS s ON s.staff_id = a.staff_id
LEFT JOIN LATERAL (SELECT o.registration_id, o.place FROM desk.party_of AS o WHERE o.case_id = r.registration_id OFFSET 0) AS p ON true
LEFT JOIN LATERAL (SELECT m.registration_id, m.ordinal, m.epoch_id, m.sealed_person FROM register.party_member AS m
                   WHERE m.registration_id = p.registration_id AND m.ordinal < 12 OFFSET 0) AS m ON true
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = m.epoch_id AND w.recipient_id = $5::text
WHERE r.state <> 'merged' OR r.registration_id = $1::bigint
ORDER BY (r.registration_id <> $1::bigint), r.registration_id, p.place, m.ordinal
