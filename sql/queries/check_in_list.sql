-- What the parties of a case have said, newest first, at most 200, sealed; whose it is. Pieces of a text are not listed beside what they were joined into.
-- role: muster_desk
SELECT c.client_id, c.status, c.needs, c.people, c.band, c.reasons, c.channel, c.at, c.received_at, c.stored_via, c.cell, c.epoch_id,
  c.sealed_message, c.sealed_location, c.sealed_sender, w.wrapped, p.number, p.total, p.whole_party, c.registration_id
FROM desk.party_of AS o
JOIN register.check_in AS c ON c.registration_id = o.registration_id
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = c.epoch_id AND w.recipient_id = $2::text
LEFT JOIN register.sms_piece AS p ON p.registration_id = c.registration_id AND p.client_id = c.client_id
WHERE o.case_id = $1::bigint AND p.whole_party IS DISTINCT FROM c.registration_id
ORDER BY c.received_at DESC, c.client_id
LIMIT 200
