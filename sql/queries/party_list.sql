-- The members of a party, sealed.
-- role: muster_desk
SELECT m.ordinal, m.category, m.needs, m.epoch_id, m.sealed_person, w.wrapped
FROM register.party_member AS m
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = m.epoch_id AND w.recipient_id = $2::text
WHERE m.registration_id = $1::bigint
ORDER BY m.ordinal
