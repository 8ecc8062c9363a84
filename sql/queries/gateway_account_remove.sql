-- Takes the operator's account away: nothing is sent through the gateway any more. Run by the operator as owner.
-- role: muster_owner
-- params: $1 name
UPDATE register.gateway SET account_epoch = NULL, sealed_account = NULL, fallback = NULL WHERE name = $1::text RETURNING name
