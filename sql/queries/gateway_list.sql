-- The SMS gateways of open crises and the keyed hashes of their secrets.
-- role: muster_edge
SELECT g.name, g.kind, g.crisis_id, g.secret_check
FROM register.gateway AS g JOIN register.crisis AS c USING (crisis_id)
WHERE c.closed_at IS NULL
ORDER BY g.name
