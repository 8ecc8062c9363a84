-- The contacts of the parties of a case, sealed; whose they are, and each one's number in the case.
-- role: muster_desk
SELECT c.ordinal, c.kind, c.is_primary, c.epoch_id, c.sealed_value, w.wrapped, c.registration_id, c.ordinal + 100 * p.place
FROM desk.party_of AS p
JOIN register.contact AS c ON c.registration_id = p.registration_id
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = c.epoch_id AND w.recipient_id = $2::text
WHERE p.case_id = $1::bigint
ORDER BY p.place, c.is_primary DESC, c.ordinal
