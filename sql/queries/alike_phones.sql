-- The phones that a party registered and the numbers that it wrote from lately, sealed: their table, then as party_list.sql has them.
-- role: muster_desk
-- params: $1 registration_id, $2 the desk's recipient id
(SELECT 'contact', c.ordinal::integer, NULL::uuid, c.epoch_id, c.sealed_value, w.wrapped
 FROM register.contact AS c LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = c.epoch_id AND w.recipient_id = $2::text
 WHERE c.registration_id = $1::bigint AND c.value_index IS NOT NULL ORDER BY c.ordinal LIMIT 8)
UNION ALL
(SELECT 'check_in', NULL, c.client_id, c.epoch_id, c.sealed_sender, w.wrapped
 FROM register.check_in AS c LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = c.epoch_id AND w.recipient_id = $2::text
 WHERE c.registration_id = $1::bigint AND c.sealed_sender IS NOT NULL ORDER BY c.received_at DESC LIMIT 8)
