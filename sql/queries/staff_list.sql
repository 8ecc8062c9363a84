-- The accounts. Run by the operator as owner.
-- role: muster_owner
SELECT name, role, disabled_at IS NULL, password_hash IS NOT NULL,
  (SELECT coalesce(string_agg(DISTINCT crisis_id, ' '), '') FROM register.staff_access AS a WHERE a.staff_id = s.staff_id)
FROM register.staff AS s ORDER BY name
