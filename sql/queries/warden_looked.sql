-- The signed-in warden looked at their list.
-- role: muster_desk
-- params: $1 staff_id, $2 origin
INSERT INTO register.audit (staff_id, action, origin, detail)
SELECT $1::bigint, 'warden.look', $2::text, jsonb_build_object('households', (SELECT count(*) FROM desk.my_household))
