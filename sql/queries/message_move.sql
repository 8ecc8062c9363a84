-- All that waits for a gateway that takes nothing goes to its fallback, but for what may have been taken.
-- role: muster_courier
-- params: $1 gateway, $2 its fallback
UPDATE register.message SET gateway = $2::text, moves = moves + 1, due_at = now()
WHERE gateway = $1::text AND state = 'queued' AND moves = 0 AND NOT stays
