-- Whether a database role is there. Run by the operator as owner.
-- role: muster_owner
SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1::text
