-- Moves cases to where the policy puts them, and keeps how far the walk through their crisis went. How many moved, and whether one was left for later.
-- role: muster_courier
-- params: $1 crisis_id or null, $2 version of its policy, $3 how far, $4 whether that was all;
--   columns: $5 registration_id, $6 reasons as they were looked at, $7 band, $8 queue, $9 respond_by, $10 reasons, $11 whether it is in a danger zone;
--   $12 whether the walk is one after zones changed, and $2 their version
SELECT moved, held_up FROM register.judge_cases($1::text, $2::integer, $3::bigint, $4::boolean, $5::bigint[], $6::integer[], $7::smallint[], $8::text[], $9::timestamptz[],
  $10::integer[], $11::boolean[], $12::boolean)
