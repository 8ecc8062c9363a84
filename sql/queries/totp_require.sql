-- Whether a role's accounts must have a second factor. Run by the operator as owner.
-- role: muster_owner
-- params: $1 role, $2 whether
WITH gone AS (DELETE FROM register.totp_required WHERE role = $1::text AND NOT $2::boolean)
INSERT INTO register.totp_required (role) SELECT $1::text WHERE $2::boolean ON CONFLICT DO NOTHING
