-- The phones of the signed-in warden's households, sealed, and whose they are; a household's stand together.
-- role: muster_desk
-- params: $1 the desk's recipient id
SELECT p.case_id, p.registration_id, p.ordinal, p.epoch_id, p.sealed_value, w.wrapped
FROM desk.my_household_phone AS p LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = p.epoch_id AND w.recipient_id = $1::text
ORDER BY p.case_id, p.place, p.ordinal LIMIT 2000
