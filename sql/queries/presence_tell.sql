-- Tells every desk what an officer does with a case; no row when it is not there or not the caller's to see. Nothing is kept: who listens forgets it.
-- role: muster_desk
-- params: $1 registration_id, $2 the officer's name, $3 looking, writing or gone
SELECT pg_notify('muster_presence', concat_ws(' ', c.registration_id, c.crisis_id, c.post_id, $3::text, $2::text))
FROM register.registration AS c WHERE c.registration_id = $1::bigint
