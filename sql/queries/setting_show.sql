-- The value of a server setting. Run by the operator as owner.
-- role: muster_owner
SELECT current_setting($1::text)
