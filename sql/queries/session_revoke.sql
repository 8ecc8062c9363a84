-- Ends a session or token, audited: one's own, or anybody's by an admin (row-level security). No row: there is none such.
-- role: muster_desk
-- params: $1 session_id, $2 staff_id, $3 origin
WITH gone AS (DELETE FROM register.staff_session WHERE session_id = $1::uuid RETURNING staff_id, kind)
INSERT INTO register.audit (staff_id, action, origin, detail)
SELECT $2::bigint, 'session.revoke', $3::text, jsonb_build_object('of', g.staff_id, 'kind', g.kind) FROM gone AS g
RETURNING 1
