-- Enters a migration in the ledger, within its transaction. Run by the operator as owner.
-- role: muster_owner
INSERT INTO muster.schema_migration (version, name, checksum)
VALUES ($1::integer, $2::text, encode(sha256(convert_to($3::text, 'UTF8')), 'hex'))
