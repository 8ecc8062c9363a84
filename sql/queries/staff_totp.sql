-- An account's second factor; $2: takes it away, audited. Run by the operator as owner.
-- role: muster_owner
WITH account AS (SELECT staff_id FROM register.staff WHERE name = $1::text),
gone AS (DELETE FROM register.staff_totp AS t USING account AS a WHERE $2::boolean AND t.staff_id = a.staff_id RETURNING t.staff_id),
codes AS (DELETE FROM register.staff_recovery AS r USING account AS a WHERE $2::boolean AND r.staff_id = a.staff_id),
logged AS (
  INSERT INTO register.audit (staff_id, action, origin, detail) SELECT staff_id, 'totp.remove', NULL, '{"by": "operator"}' FROM gone)
SELECT t.enrolled_at, (SELECT count(*) FROM register.staff_recovery AS r WHERE r.staff_id = a.staff_id AND r.used_at IS NULL)
FROM account AS a LEFT JOIN register.staff_totp AS t ON t.staff_id = a.staff_id AND t.enrolled_at IS NOT NULL
