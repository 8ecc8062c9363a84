-- Marks the next texts of a gateway as handed over, and gives what that takes. Of a row that is not returned nothing was sent.
-- role: muster_courier
-- params: $1 gateway, $2 how many, $3 recipient id, $4 take_id
WITH due AS MATERIALIZED (
  SELECT registration_id, message_id FROM register.message
  WHERE gateway = $1::text AND state = 'queued' AND due_at <= now() AND expires_at > now()
  ORDER BY rank, due_at LIMIT $2::integer FOR UPDATE SKIP LOCKED),
taken AS (
  UPDATE register.message AS m SET state = 'wired', attempts = m.attempts + 1, take_id = $4::uuid, wired_at = now()
  FROM due WHERE m.registration_id = due.registration_id AND m.message_id = due.message_id AND m.state = 'queued'
  RETURNING m.registration_id, m.message_id, m.attempts, m.to_check_in, m.to_contact, m.epoch_id, m.sealed_text,
    m.text_id, m.moves, m.stays, m.sealed_to)
SELECT t.registration_id, t.message_id, t.attempts, coalesce(t.epoch_id, b.epoch_id), coalesce(t.sealed_text, b.sealed_text), tw.wrapped, t.to_check_in,
  t.to_contact,
  coalesce(c.epoch_id, k.epoch_id, CASE WHEN t.sealed_to IS NOT NULL THEN t.epoch_id END), coalesce(c.sealed_sender, k.sealed_value, t.sealed_to),
  CASE WHEN t.sealed_to IS NOT NULL THEN tw.wrapped ELSE nw.wrapped END,
  t.moves, t.stays, t.text_id, t.sealed_to IS NOT NULL
FROM taken AS t
LEFT JOIN register.broadcast_text AS b ON b.text_id = t.text_id
LEFT JOIN register.check_in AS c ON c.registration_id = t.registration_id AND c.client_id = t.to_check_in
LEFT JOIN register.contact AS k ON k.registration_id = t.registration_id AND k.ordinal = t.to_contact
LEFT JOIN register.epoch_wrap AS tw ON tw.epoch_id = coalesce(t.epoch_id, b.epoch_id) AND tw.recipient_id = $3::text
LEFT JOIN register.epoch_wrap AS nw ON nw.epoch_id = coalesce(c.epoch_id, k.epoch_id) AND nw.recipient_id = $3::text
