-- Adds a sealed note to a case, with the epoch it is sealed under; renews the author's lease. To a party that has no case, too, whose version is 0.
-- role: muster_desk
-- params: $1 registration_id, $2 staff_id, $3 the version the caller saw or null, $4 origin,
--   $5 note_id, $6 epoch_id, $7 sealed text, $8 epoch opened_at, $9 recipient ids, $10 wraps
WITH renewed AS (
  UPDATE register.triage_case SET lease_until = CASE WHEN claimed_by = $2::bigint AND state = 'claimed'
    THEN now() + interval '15 minutes' ELSE lease_until END, version = version + 1
  WHERE registration_id = $1::bigint AND ($3::integer IS NULL OR version = $3::integer) RETURNING registration_id, version),
noted AS (
  SELECT registration_id, version FROM renewed UNION ALL
  SELECT r.registration_id, 0 FROM register.registration AS r WHERE r.registration_id = $1::bigint AND $3::integer IS NULL AND r.state <> 'merged'
    AND NOT EXISTS (SELECT FROM register.triage_case AS t WHERE t.registration_id = r.registration_id)),
epoch AS (
  INSERT INTO register.epoch (epoch_id, opened_at) SELECT $6::uuid, $8::timestamptz FROM noted ON CONFLICT DO NOTHING),
wraps AS (
  INSERT INTO register.epoch_wrap SELECT $6::uuid, recipient_id, wrapped
  FROM noted, unnest($9::text[], $10::bytea[]) AS w (recipient_id, wrapped) ON CONFLICT DO NOTHING),
note AS (
  INSERT INTO register.case_note (registration_id, note_id, staff_id, epoch_id, sealed_text)
  SELECT registration_id, $5::uuid, $2::bigint, $6::uuid, $7::bytea FROM noted),
logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $2::bigint, 'case.note', registration_id, $4::text FROM noted)
SELECT version FROM noted
