-- What becomes of pieces: when they are looked at again, and what they were joined into.
-- role: muster_courier
-- params: $1, $2 the pieces, $3 when (null: not again), $4, $5 the message they are in now (null: as it was), $6 it may be joined anew
WITH settled AS (
  UPDATE register.sms_piece AS p SET due_at = $3::timestamptz, whole_party = coalesce($4::bigint, p.whole_party), whole_id = coalesce($5::uuid, p.whole_id)
  FROM unnest($1::bigint[], $2::uuid[]) AS s (registration_id, client_id)
  WHERE p.registration_id = s.registration_id AND p.client_id = s.client_id
  RETURNING p.piece_set, p.total, p.received_at)
INSERT INTO register.sms_piece (registration_id, client_id, piece_set, number, total, received_at, due_at)
SELECT $4::bigint, $5::uuid, piece_set, 0, total, max(received_at), NULL FROM settled WHERE $6::boolean GROUP BY piece_set, total
ON CONFLICT DO NOTHING
