-- Puts back the texts of a take whose answer never came: none of them was handed over, whatever another courier made of them meanwhile.
-- role: muster_courier
-- params: $1 take_id
UPDATE register.message SET state = 'queued', attempts = attempts - 1, take_id = NULL
WHERE state IN ('wired', 'unsure') AND take_id = $1::uuid
