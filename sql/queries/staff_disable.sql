-- An account that is no more: its sessions and tokens end with it, audited. Run by the operator as owner.
-- role: muster_owner
WITH gone AS (
  UPDATE register.staff SET disabled_at = coalesce(disabled_at, now()) WHERE name = $1::text RETURNING staff_id),
sessions AS (DELETE FROM register.staff_session AS s USING gone AS g WHERE s.staff_id = g.staff_id),
logged AS (INSERT INTO register.audit (staff_id, action, detail) SELECT staff_id, 'staff.disable', '{"by": "operator"}' FROM gone)
SELECT staff_id FROM gone
