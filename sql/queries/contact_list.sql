-- The contacts of a party, sealed.
-- role: muster_desk
SELECT c.ordinal, c.kind, c.is_primary, c.epoch_id, c.sealed_value, w.wrapped
FROM register.contact AS c
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = c.epoch_id AND w.recipient_id = $2::text
WHERE c.registration_id = $1::bigint
ORDER BY c.is_primary DESC, c.ordinal
