-- Gives an account a crisis, at one post or (null) at all. Run by the operator as owner.
-- role: muster_owner
INSERT INTO register.staff_access (staff_id, crisis_id, post_id)
SELECT $1::bigint, c.crisis_id, $3::text FROM register.crisis AS c WHERE c.crisis_id = $2::text
ON CONFLICT DO NOTHING
RETURNING 1
