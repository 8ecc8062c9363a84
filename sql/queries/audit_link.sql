-- Links the entries of the audit that were committed since.
-- role: muster_courier muster_owner
SELECT register.link_audit(5000)
