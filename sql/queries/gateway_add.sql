-- Makes a gateway, or gives the one there is a new secret. To another kind or crisis one that is there is turned only when that is wished: with
-- a name typed wrongly a crisis would lose its texts to another. No row: there is no such open crisis, or that. Run by the operator as owner.
-- role: muster_owner
-- params: $1 name, $2 kind, $3 crisis, $4 secret check, $5 signing key or null, $6 field names, $7 whether to turn it
INSERT INTO register.gateway AS g (name, kind, crisis_id, secret_check, signing_key, field_names)
SELECT $1::text, $2::text, crisis_id, $4::bytea, $5::bytea, $6::text
FROM register.crisis WHERE crisis_id = $3::text AND closed_at IS NULL
ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, crisis_id = excluded.crisis_id, secret_check = excluded.secret_check,
  signing_key = excluded.signing_key, field_names = excluded.field_names,
  account_epoch = CASE WHEN g.kind = excluded.kind AND g.crisis_id = excluded.crisis_id THEN g.account_epoch END, -- the account was for that
  sealed_account = CASE WHEN g.kind = excluded.kind AND g.crisis_id = excluded.crisis_id THEN g.sealed_account END
WHERE $7::boolean OR (g.kind = excluded.kind AND g.crisis_id = excluded.crisis_id)
RETURNING name
