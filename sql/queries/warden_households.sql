-- The signed-in warden's households, with what was last said of each, the place, sealed, and whether they are overdue.
-- role: muster_desk
-- params: $1 the desk's recipient id
SELECT h.registration_id, h.party_size, h.needs, h.last_status, h.last_check_in_at, h.client_id, h.word, h.word_at, h.epoch_id, h.sealed_location, w.wrapped,
  h.check_in_by, h.is_overdue
FROM desk.my_household AS h LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = h.epoch_id AND w.recipient_id = $1::text
ORDER BY h.registration_id LIMIT 500
