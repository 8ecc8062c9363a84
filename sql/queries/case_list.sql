-- One page of a queue in answer order: band 1 first, then answer-by. The first member's name comes sealed, with its epoch's wrap.
-- role: muster_desk
-- params: $1 queue, $2 limit, $3-$5 the last row's key (band > 1, respond_by, registration_id; null for the first page),
--   $6 band, $7 post, $8 need bits that must all be set, $9 a cell or its first symbols (null: any), $10 the desk's recipient id, $11 zone, $12 cells (null: any)
-- The columns to crisis_id are those of case_get.sql. Each post's head is read from triage_case_order, and the heads are merged. What may be null is
-- thought to leave one case of a queue: so whatever is joined is asked for by key (lateral, LIMIT 1), in no other order, and a zone's cells once.
WITH head AS (
  SELECT first.* FROM desk.scope AS place CROSS JOIN LATERAL (
    SELECT c.*, c.band > 1 AS after_first_band FROM register.triage_case AS c
    WHERE c.crisis_id = place.crisis_id AND c.post_id = place.post_id AND c.queue = $1::text AND c.state <> 'resolved'
      AND ((c.band > 1), c.respond_by, c.registration_id)
        > (coalesce($3::boolean, false), coalesce($4::timestamptz, '-infinity'), coalesce($5::bigint, -1))
      AND ($6::smallint IS NULL OR c.band = $6::smallint)
      AND ($8::integer IS NULL OR c.needs & $8::integer = $8::integer) AND ($9::text IS NULL OR starts_with(c.cell, $9::text))
      AND ($12::text[] IS NULL OR c.cell = ANY ($12::text[]))
      AND ($11::uuid IS NULL
        OR left(c.cell, 2) IN (SELECT z.cell FROM register.zone_cell AS z WHERE z.zone_id = $11::uuid)
        OR left(c.cell, 3) IN (SELECT z.cell FROM register.zone_cell AS z WHERE z.zone_id = $11::uuid)
        OR left(c.cell, 4) IN (SELECT z.cell FROM register.zone_cell AS z WHERE z.zone_id = $11::uuid)
        OR c.cell IN (SELECT z.cell FROM register.zone_cell AS z WHERE z.zone_id = $11::uuid))
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
FROM head AS c
CROSS JOIN LATERAL (SELECT p.registration_id, p.client_id, p.state, p.party_size FROM register.registration AS p WHERE p.registration_id = c.registration_id LIMIT 1) AS r
LEFT JOIN LATERAL (SELECT f.name FROM register.staff AS f WHERE f.staff_id = c.claimed_by LIMIT 1) AS s ON true
LEFT JOIN LATERAL (SELECT * FROM register.party_member AS p WHERE p.registration_id = c.registration_id
                   ORDER BY p.ordinal LIMIT 1) AS m ON true
LEFT JOIN LATERAL (SELECT e.wrapped FROM register.epoch_wrap AS e WHERE e.epoch_id = m.epoch_id AND e.recipient_id = $10::text LIMIT 1) AS w ON true
ORDER BY c.after_first_band, c.respond_by, c.registration_id
