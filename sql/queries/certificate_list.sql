-- The smart cards of an account. Run by the operator as owner.
-- role: muster_owner
-- params: $1 user
SELECT encode(c.key_hash, 'hex'), c.subject, to_char(c.added_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM register.staff_certificate AS c JOIN register.staff AS s USING (staff_id) WHERE s.name = $1::text ORDER BY c.added_at
