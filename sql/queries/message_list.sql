-- The texts to the parties of a case, newest first, at most 200, sealed; whose they are.
-- role: muster_desk
SELECT m.message_id, m.origin, s.name, m.state, m.reason, m.gateway, m.created_at, m.sent_at, m.delivered_at,
  coalesce(m.epoch_id, b.epoch_id), coalesce(m.sealed_text, b.sealed_text), w.wrapped,
  m.to_contact + 100 * p.place, m.to_check_in, m.text_id, m.registration_id
FROM desk.party_of AS p
JOIN register.message AS m ON m.registration_id = p.registration_id
LEFT JOIN register.staff AS s ON s.staff_id = m.staff_id
LEFT JOIN register.broadcast_text AS b ON b.text_id = m.text_id
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = coalesce(m.epoch_id, b.epoch_id) AND w.recipient_id = $2::text
WHERE p.case_id = $1::bigint
ORDER BY m.created_at DESC, m.message_id
LIMIT 200
