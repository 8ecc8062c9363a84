-- Entries that stand in no link and wait for none: put in behind the service's back. Run by the operator as owner.
-- role: muster_owner
SELECT a.audit_id FROM register.audit AS a
WHERE NOT EXISTS (SELECT 1 FROM register.audit_link AS l WHERE l.audit_id = a.audit_id)
  AND NOT EXISTS (SELECT 1 FROM register.audit_unlinked AS u WHERE u.audit_id = a.audit_id)
ORDER BY a.audit_id LIMIT 20
