-- A lead's zone, new or its next version. No row when it is at another version than they saw, or not theirs; no version when there are too many.
-- role: muster_desk
-- params: $1 zone_id, $2 crisis_id, $3 the version seen (0: new), $4 kind, $5 name, $6 geometry, $7 radius_m, $8 cells, $9 valid_from (null: now, or as
--   it was), $10 valid_until, $11 staff_id, $12 origin, $13 whether citizens are told of it, $14 and $15 latitude and
--   longitude of its middle, $16 the cell of that
WITH put AS MATERIALIZED (
  SELECT * FROM desk.put_zone($1::uuid, $2::text, $3::integer, $4::text, $5::text, $6::text, $7::double precision, $8::text[], $9::timestamptz, $10::timestamptz,
    $13::boolean, $14::double precision, $15::double precision, $16::text)),
logged AS (INSERT INTO register.audit (staff_id, action, origin, detail)
  SELECT $11::bigint, CASE WHEN $3::integer = 0 THEN 'zone.draw' ELSE 'zone.change' END, $12::text, jsonb_build_object('crisis', $2::text, 'zone', $1::uuid,
    'version', p.version, 'old', p.was, 'new', jsonb_build_object('kind', $4::text, 'name', $5::text, 'geometry', $6::text, 'radius_m', $7::double precision,
    'valid_from', $9::timestamptz, 'valid_until', $10::timestamptz, 'tell_citizens', $13::boolean)) FROM put AS p WHERE p.version IS NOT NULL)
SELECT version FROM put
