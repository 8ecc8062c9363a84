-- The next entries of the audit. Run by the operator as owner.
-- role: muster_owner
-- params: $1 the last entry seen, $2 registration_id or null, $3 name of the staff or null, $4 how many
SELECT a.audit_id, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), s.name, a.action, a.registration_id, a.origin, a.detail::text
FROM register.audit AS a LEFT JOIN register.staff AS s USING (staff_id)
WHERE a.audit_id > $1::bigint AND ($2::bigint IS NULL OR a.registration_id = $2::bigint) AND ($3::text IS NULL OR s.name = $3::text)
ORDER BY a.audit_id LIMIT $4::integer
