-- Takes a party out of the case that it was merged into; see desk.unmerge_case.
-- role: muster_desk
-- params: $1 registration_id, $2 the other's, $3 the version the caller saw or null, $4 origin
SELECT $1::bigint, version, why FROM desk.unmerge_case($1::bigint, $2::bigint, $3::integer, $4::text)
