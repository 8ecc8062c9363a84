-- The SMS gateways of open crises, with what proves that a request is theirs.
-- role: muster_edge
SELECT g.name, g.kind, g.crisis_id, g.secret_check, g.signing_key, g.field_names
FROM register.gateway AS g JOIN register.crisis AS c USING (crisis_id)
WHERE c.closed_at IS NULL
ORDER BY g.name
