-- The next links with what their entries say now (null: the entry is gone). Run by the operator as owner.
-- role: muster_owner
-- params: $1 the last link seen, $2 how many
SELECT l.link, l.audit_id, encode(l.hash, 'hex'),
  CASE WHEN a.audit_id IS NOT NULL THEN jsonb_build_array(a.audit_id, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    a.staff_id, a.action, a.registration_id, a.origin, a.detail)::text END
FROM register.audit_link AS l LEFT JOIN register.audit AS a USING (audit_id)
WHERE l.link > $1::bigint ORDER BY l.link LIMIT $2::integer
