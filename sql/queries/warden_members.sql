-- The people of the signed-in warden's households, sealed, and whose they are; a household's stand together.
-- role: muster_desk
-- params: $1 the desk's recipient id
SELECT m.case_id, m.registration_id, m.ordinal, m.epoch_id, m.sealed_person, w.wrapped
FROM desk.my_household_member AS m LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = m.epoch_id AND w.recipient_id = $1::text
ORDER BY m.case_id, m.place, m.ordinal LIMIT 5000
