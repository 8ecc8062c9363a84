-- The piece of a text that has waited longest for the courier, and with it all of its set that came within a day of it; the one that is due first.
-- role: muster_courier
-- params: $1 recipient id, $2 how many at most
WITH due AS MATERIALIZED (
  SELECT registration_id, client_id, piece_set, received_at FROM register.sms_piece WHERE due_at <= now() ORDER BY due_at LIMIT 1)
SELECT p.registration_id, p.client_id, p.piece_set, p.number, p.total, p.received_at, p.whole_id, c.band, c.at,
  c.epoch_id, e.crisis_id, c.sealed_message, c.sealed_sender, w.wrapped, now(),
  array_to_string(y.bands, ' '), array_to_string(y.answer_minutes, ' ')
FROM due
JOIN register.sms_piece AS p ON p.piece_set = due.piece_set AND p.received_at >= due.received_at - interval '1 day'
  AND p.received_at <= due.received_at + interval '1 day'
JOIN register.check_in AS c ON c.registration_id = p.registration_id AND c.client_id = p.client_id
LEFT JOIN register.epoch AS e ON e.epoch_id = c.epoch_id
LEFT JOIN register.triage_policy AS y ON y.crisis_id = e.crisis_id
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = c.epoch_id AND w.recipient_id = $1::text
ORDER BY (p.registration_id, p.client_id) <> (due.registration_id, due.client_id), p.number, p.received_at, p.client_id
LIMIT $2::integer
