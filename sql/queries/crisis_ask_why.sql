-- Which looks at cases of a crisis ask for a reason. Run by the operator as owner.
-- role: muster_owner
-- params: $1 crisis_id, $2 resolved and other_post, separated by commas; empty: none
UPDATE register.crisis SET ask_why = string_to_array($2::text, ','), updated_at = now() WHERE crisis_id = $1::text RETURNING crisis_id
