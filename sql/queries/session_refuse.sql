-- A sign-in that failed; the name is kept only when it is an account's.
-- role: muster_desk
INSERT INTO register.audit (staff_id, action, origin)
SELECT (SELECT staff_id FROM register.staff WHERE name = $1::text), 'session.refused', $2::text
