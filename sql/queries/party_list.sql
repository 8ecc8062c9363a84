-- The members of the parties of a case, sealed; whose they are.
-- role: muster_desk
SELECT m.ordinal, m.category, m.needs, m.epoch_id, m.sealed_person, w.wrapped, m.registration_id
FROM desk.party_of AS p
JOIN register.party_member AS m ON m.registration_id = p.registration_id
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = m.epoch_id AND w.recipient_id = $2::text
WHERE p.case_id = $1::bigint
ORDER BY p.place, m.ordinal
