-- What was applied, in order. Run by the operator as owner.
-- role: muster_owner
SELECT version, name, checksum FROM muster.schema_migration ORDER BY version
