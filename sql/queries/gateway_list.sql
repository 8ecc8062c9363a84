-- The SMS gateways, with what proves that a request is theirs. Those of crises that are closed as well: a cry outlives its crisis.
-- role: muster_edge
SELECT name, kind, crisis_id, secret_check, signing_key, field_names, sends FROM register.gateway ORDER BY name
