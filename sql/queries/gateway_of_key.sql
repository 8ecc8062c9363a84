-- The other gateways that have this secret or key, by its check. Run by the operator as owner.
-- role: muster_owner
SELECT name FROM register.gateway WHERE secret_check = $1::bytea AND name <> $2::text ORDER BY name LIMIT 1
