-- Run by the operator as owner.
-- role: muster_owner
SELECT pg_advisory_unlock(hashtext('muster.migrate'))
