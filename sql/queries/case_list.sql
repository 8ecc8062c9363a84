-- One page of a queue in answer order: band 1 first, then answer-by. The first member's name comes sealed, with its epoch's wrap.
-- role: muster_desk
-- params: $1 queue, $2 limit, $3-$5 the last row's key (band > 1, respond_by, registration_id; null for the first page),
--   $6 band, $7 post, $8 need bits that must all be set, $9 cell (null: any), $10 the desk's recipient id
-- The columns to now() are those of case_get.sql.
SELECT c.registration_id, c.queue, c.band, c.reasons, c.respond_by, c.received_at, c.state, s.name, c.people, c.needs, c.cell,
  c.post_id, c.last_status, c.version, r.state, r.party_size, now(),
  m.ordinal, m.epoch_id, m.sealed_person, w.wrapped
FROM register.triage_case AS c
JOIN register.registration AS r USING (registration_id)
LEFT JOIN register.staff AS s ON s.staff_id = c.claimed_by
LEFT JOIN LATERAL (SELECT * FROM register.party_member AS p WHERE p.registration_id = c.registration_id
                   ORDER BY p.ordinal LIMIT 1) AS m ON true
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = m.epoch_id AND w.recipient_id = $10::text
WHERE c.queue = $1::text AND c.state <> 'resolved'
  AND ($4::timestamptz IS NULL OR ((c.band > 1), c.respond_by, c.registration_id) > ($3::boolean, $4::timestamptz, $5::bigint))
  AND ($6::smallint IS NULL OR c.band = $6::smallint) AND ($7::text IS NULL OR c.post_id = $7::text)
  AND ($8::integer IS NULL OR c.needs & $8::integer = $8::integer) AND ($9::text IS NULL OR c.cell = $9::text)
ORDER BY (c.band > 1), c.respond_by, c.registration_id
LIMIT $2::integer
