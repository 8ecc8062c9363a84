-- The caller has read what was handed over; no row when it is not there or not theirs to see. Said again it is one.
-- role: muster_desk
-- params: $1 hand_over_id, $2 staff_id, $3 origin
WITH seen AS (SELECT h.hand_over_id FROM register.hand_over AS h WHERE h.hand_over_id = $1::uuid),
read AS (INSERT INTO register.hand_over_read (hand_over_id, staff_id) SELECT hand_over_id, $2::bigint FROM seen ON CONFLICT DO NOTHING RETURNING hand_over_id),
logged AS (INSERT INTO register.audit (staff_id, action, origin) SELECT $2::bigint, 'hand_over.read', $3::text FROM read)
SELECT hand_over_id FROM seen
