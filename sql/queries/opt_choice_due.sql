-- Texts that asked for no more broadcasts, or for them again, and are not yet kept as a choice of their number.
-- role: muster_courier
-- params: $1 how many, $2 recipient id
SELECT c.registration_id, c.client_id, c.reasons & 16777216 <> 0, c.received_at, c.epoch_id, c.sealed_sender, w.wrapped
FROM register.check_in AS c
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = c.epoch_id AND w.recipient_id = $2::text
WHERE c.reasons & 50331648 <> 0 AND NOT register.is_exercise(c.client_id)
  AND NOT EXISTS (SELECT FROM register.opt_choice AS o WHERE o.registration_id = c.registration_id AND o.client_id = c.client_id)
LIMIT $1::integer
