-- Signs out.
-- role: muster_desk
WITH closed AS (DELETE FROM register.staff_session WHERE session_mac = $1::bytea RETURNING staff_id)
INSERT INTO register.audit (staff_id, action, origin) SELECT staff_id, 'session.close', $2::text FROM closed
