-- What a party has said, newest first, at most 200, sealed.
-- role: muster_desk
SELECT c.client_id, c.status, c.needs, c.people, c.band, c.reasons, c.channel, c.at, c.received_at, c.stored_via, c.cell, c.epoch_id,
  c.sealed_message, c.sealed_location, c.sealed_sender, w.wrapped
FROM register.check_in AS c
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = c.epoch_id AND w.recipient_id = $2::text
WHERE c.registration_id = $1::bigint
ORDER BY c.received_at DESC, c.client_id
LIMIT 200
