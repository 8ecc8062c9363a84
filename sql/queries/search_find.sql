-- What a search finds: each party with its members, sealed, and whose they are; row-level security decides what of it is shown. What was merged into a case is
-- found as that.
-- role: muster_desk
-- params: $1 registration ids, $2 phone indexes, $3 document indexes, $4 name keys, $5 how many of them each word has, $6 most parties,
--   $7 the desk's recipient id
SELECT r.registration_id, f.by, r.state, r.party_size, r.last_status, r.post_id, t.queue, t.band, t.state,
  m.ordinal, m.epoch_id, m.sealed_person, w.wrapped, m.registration_id
FROM (SELECT coalesce(g.case_id, f.registration_id) AS registration_id, bit_or(f.by) AS by
      FROM desk.find_parties($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[], $5::integer[], $6::integer) AS f
      LEFT JOIN register.merged AS g ON g.registration_id = f.registration_id AND g.undone_at IS NULL
      GROUP BY 1) AS f
JOIN register.registration AS r ON r.registration_id = f.registration_id
LEFT JOIN register.triage_case AS t ON t.registration_id = r.registration_id
CROSS JOIN LATERAL ( -- of each by itself: as a join it would read every party
  SELECT o.registration_id, o.place FROM desk.party_of AS o WHERE o.case_id = r.registration_id OFFSET 0) AS p
LEFT JOIN register.party_member AS m ON m.registration_id = p.registration_id AND m.ordinal < 12
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = m.epoch_id AND w.recipient_id = $7::text
ORDER BY r.registration_id, p.place, m.ordinal
