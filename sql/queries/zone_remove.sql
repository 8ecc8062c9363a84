-- Takes a zone off the map. No row when it is at another version than the lead saw, or not theirs.
-- role: muster_desk
-- params: $1 zone_id, $2 the version seen, $3 staff_id, $4 origin
WITH removed AS MATERIALIZED (SELECT * FROM desk.remove_zone($1::uuid, $2::integer)),
logged AS (INSERT INTO register.audit (staff_id, action, origin, detail)
  SELECT $3::bigint, 'zone.remove', $4::text, jsonb_build_object('crisis', r.crisis, 'zone', $1::uuid, 'version', r.version, 'old', r.was) FROM removed AS r)
SELECT version FROM removed
