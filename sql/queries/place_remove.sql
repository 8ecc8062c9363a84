-- Takes a place out of a crisis; no row when there was none.
-- role: muster_owner
-- params: $1 crisis, $2 kind, $3 name, $4 the town that it is in ('': none)
DELETE FROM register.place WHERE crisis_id = $1::text AND kind = $2::text AND name = $3::text AND within = $4::text RETURNING name
