-- A lead's new triage policy of a crisis, if it still is at the version that they saw (0: the default); no row when it is not, or not theirs to change.
-- Open cases are judged anew by the courier. The audit has what was and what is.
-- role: muster_desk
-- params: $1 crisis_id, $2 staff_id, $3 the version seen, $4 bands by reason, $5 minutes by band, $6 origin, $7 and $8 the bands and minutes that were,
--   $9 minutes to the next check-in in danger (null: the default), $10 whether texts are sent at night; $11 and $12 what these were
WITH changed AS (
  INSERT INTO register.triage_policy AS p (crisis_id, bands, answer_minutes, danger_check_in_minutes, texts_at_night)
  SELECT c.crisis_id, $4::smallint[], $5::integer[], $9::integer, $10::boolean FROM register.crisis AS c
  WHERE c.crisis_id = $1::text AND desk.leads(c.crisis_id)
    AND ($3::integer = 0 OR EXISTS (SELECT FROM register.triage_policy AS t WHERE t.crisis_id = c.crisis_id))
  ON CONFLICT (crisis_id) DO UPDATE SET version = p.version + 1, bands = excluded.bands, answer_minutes = excluded.answer_minutes,
    danger_check_in_minutes = excluded.danger_check_in_minutes, texts_at_night = excluded.texts_at_night, changed_at = now(), judging = true, judged_to = -1
  WHERE p.version = $3::integer
  RETURNING crisis_id, version),
kept AS (INSERT INTO register.triage_policy_change (crisis_id, version, staff_id, bands, answer_minutes, danger_check_in_minutes, texts_at_night)
  SELECT crisis_id, version, $2::bigint, $4::smallint[], $5::integer[], $9::integer, $10::boolean FROM changed),
logged AS (INSERT INTO register.audit (staff_id, action, origin, detail)
  SELECT $2::bigint, 'policy.change', $6::text, jsonb_build_object('crisis', crisis_id, 'version', version,
    'old', jsonb_build_object('bands', $7::smallint[], 'answer_minutes', $8::integer[], 'danger_check_in_minutes', $11::integer,
      'texts_at_night', $12::boolean),
    'new', jsonb_build_object('bands', $4::smallint[], 'answer_minutes', $5::integer[], 'danger_check_in_minutes', $9::integer,
      'texts_at_night', $10::boolean)) FROM changed)
SELECT version FROM changed
