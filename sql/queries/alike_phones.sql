-- The phones that the parties of a case registered and the numbers that they wrote from lately, sealed: their table, then as party_list.sql has them, and whose.
-- role: muster_desk
-- params: $1 registration_id, $2 the desk's recipient id
(SELECT 'contact', c.ordinal::integer, NULL::uuid, c.epoch_id, c.sealed_value, w.wrapped, c.registration_id
 FROM desk.party_of AS p JOIN register.contact AS c ON c.registration_id = p.registration_id
 LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = c.epoch_id AND w.recipient_id = $2::text
 WHERE p.case_id = $1::bigint AND c.value_index IS NOT NULL ORDER BY p.place, c.ordinal LIMIT 8)
UNION ALL
(SELECT 'check_in', NULL, c.client_id, c.epoch_id, c.sealed_sender, w.wrapped, c.registration_id
 FROM desk.party_of AS p JOIN register.check_in AS c ON c.registration_id = p.registration_id
 LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = c.epoch_id AND w.recipient_id = $2::text
 WHERE p.case_id = $1::bigint AND c.sealed_sender IS NOT NULL ORDER BY c.received_at DESC LIMIT 8)
