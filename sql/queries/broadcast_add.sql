-- A draft with its texts, sealed. False when its author does not work the crisis or a post that it names.
-- role: muster_desk
-- params: those of desk.draft_broadcast ($1 broadcast_id ... $23 segments), $24 staff_id, $25 origin
WITH draft AS MATERIALIZED (
  SELECT desk.draft_broadcast($1::uuid, $2::text, $3::text[], $4::text[], $5::float8, $6::float8, $7::float8, $8::text[], $9::smallint[], $10::integer,
    $11::text[], $12::text[], $13::boolean, $14::smallint, $15::smallint, $16::uuid, $17::timestamptz, $18::text[], $19::bytea[], $20::uuid[],
    $21::text[], $22::bytea[], $23::smallint[]) AS taken),
logged AS (INSERT INTO register.audit (staff_id, action, origin, detail)
  SELECT $24::bigint, 'broadcast.draft', $25::text, jsonb_build_object('broadcast', $1::uuid) FROM draft WHERE taken)
SELECT taken FROM draft
