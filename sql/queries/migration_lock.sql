-- One migrator at a time. Run by the operator as owner.
-- role: muster_owner
SELECT pg_advisory_lock(hashtext('muster.migrate'))
