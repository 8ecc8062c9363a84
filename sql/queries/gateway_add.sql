-- Makes a gateway, or gives the one there is a new secret. Run by the operator as owner.
-- role: muster_owner
INSERT INTO register.gateway (name, kind, crisis_id, secret_check, signing_key, field_names)
SELECT $1::text, $2::text, crisis_id, $4::bytea, $5::bytea, $6::text
FROM register.crisis WHERE crisis_id = $3::text AND closed_at IS NULL
ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, crisis_id = excluded.crisis_id, secret_check = excluded.secret_check,
  signing_key = excluded.signing_key, field_names = excluded.field_names
RETURNING name
