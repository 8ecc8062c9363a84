-- A code was right: the second factor and its recovery codes are no more. No row when the code was taken before.
-- role: muster_desk
-- params: $1 staff_id, $2 the code's step, $3 origin
WITH gone AS (
  DELETE FROM register.staff_totp WHERE staff_id = $1::bigint AND last_step < $2::bigint RETURNING staff_id),
codes AS (DELETE FROM register.staff_recovery WHERE staff_id IN (SELECT staff_id FROM gone)),
logged AS (INSERT INTO register.audit (staff_id, action, origin) SELECT staff_id, 'totp.remove', $3::text FROM gone)
SELECT staff_id FROM gone
