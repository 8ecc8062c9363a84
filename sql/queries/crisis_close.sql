-- Closes a crisis: its pages stop taking registrations and check-ins. Run by the operator as owner.
-- role: muster_owner
UPDATE register.crisis SET closed_at = now(), updated_at = now() WHERE crisis_id = $1::text AND closed_at IS NULL RETURNING crisis_id
