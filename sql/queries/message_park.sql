-- A text that was taken for a gateway that fetches: it waits there, locked, until the phone asks.
-- role: muster_courier
-- params: $1 registration_id, $2 message_id, $3 attempt, $4 the parcel's id, $5 the parcel
UPDATE register.message SET gateway_id = $4::text, parcel = $5::bytea, listed_at = NULL, wired_at = now()
WHERE registration_id = $1::bigint AND message_id = $2::uuid AND attempts = $3::smallint AND state = 'wired' AND expires_at > now()
