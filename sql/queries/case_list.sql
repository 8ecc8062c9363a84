-- One page of a queue in answer order: band 1 first, then answer-by. The first member's name comes sealed, with its epoch's wrap.
-- role: muster_desk
-- params: $1 queue, $2 limit, $3-$5 the last row's key (band > 1, respond_by, registration_id; null for the first page),
--   $6 band, $7 post, $8 need bits that must all be set, $9 a cell or its first symbols (null: any), $10 the desk's recipient id, $11 zone (null: any)
-- The columns to crisis_id are those of case_get.sql. Each post's head is read from triage_case_order, and the heads are merged.
WITH head AS (
  SELECT first.* FROM desk.scope AS place CROSS JOIN LATERAL (
    SELECT c.registration_id, c.band > 1 AS after_first_band, c.respond_by FROM register.triage_case AS c
    WHERE c.crisis_id = place.crisis_id AND c.post_id = place.post_id AND c.queue = $1::text AND c.state <> 'resolved'
      AND ((c.band > 1), c.respond_by, c.registration_id)
        > (coalesce($3::boolean, false), coalesce($4::timestamptz, '-infinity'), coalesce($5::bigint, -1))
      AND ($6::smallint IS NULL OR c.band = $6::smallint)
      AND ($8::integer IS NULL OR c.needs & $8::integer = $8::integer) AND ($9::text IS NULL OR starts_with(c.cell, $9::text))
      AND ($11::uuid IS NULL OR EXISTS (SELECT FROM register.zone_cell AS z
        WHERE z.zone_id = $11::uuid AND z.cell = ANY (ARRAY[left(c.cell, 2), left(c.cell, 3), left(c.cell, 4), c.cell])))
    ORDER BY (c.band > 1), c.respond_by, c.registration_id
    LIMIT $2::integer) AS first
  WHERE $7::text IS NULL OR place.post_id = $7::text
  ORDER BY first.after_first_band, first.respond_by, first.registration_id
  LIMIT $2::integer)
SELECT c.registration_id, c.queue, c.band, c.reasons, c.respond_by, c.received_at, c.state, s.name, c.people, c.needs, c.cell,
  c.post_id, c.last_status, c.version, r.state, r.party_size,
  register.is_exercise_party(r.registration_id, r.client_id), now(), c.answered_at,
  c.waiting_until, c.waiting_on, c.crisis_id,
  m.ordinal, m.epoch_id, m.sealed_person, w.wrapped
FROM head
JOIN register.triage_case AS c USING (registration_id)
JOIN register.registration AS r USING (registration_id)
LEFT JOIN register.staff AS s ON s.staff_id = c.claimed_by
LEFT JOIN LATERAL (SELECT * FROM register.party_member AS p WHERE p.registration_id = c.registration_id
                   ORDER BY p.ordinal LIMIT 1) AS m ON true
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = m.epoch_id AND w.recipient_id = $10::text
ORDER BY (c.band > 1), c.respond_by, c.registration_id
