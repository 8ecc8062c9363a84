-- Broadcasts of a crisis to more recipients than that need a second officer. Run by the operator as owner.
-- role: muster_owner
-- params: $1 crisis_id, $2 recipients
UPDATE register.crisis SET broadcast_approval_above = $2::integer, updated_at = now() WHERE crisis_id = $1::text RETURNING crisis_id
