-- Adds a sealed note to a case, with the epoch it is sealed under; renews the author's lease.
-- role: muster_desk
-- params: $1 registration_id, $2 note_id, $3 staff_id, $4 epoch_id, $5 sealed text, $6 epoch opened_at, $7 recipient ids, $8 wraps,
--   $9 origin
WITH epoch AS (
  INSERT INTO register.epoch (epoch_id, opened_at) VALUES ($4::uuid, $6::timestamptz) ON CONFLICT DO NOTHING),
wraps AS (
  INSERT INTO register.epoch_wrap SELECT $4::uuid, recipient_id, wrapped
  FROM unnest($7::text[], $8::bytea[]) AS w (recipient_id, wrapped) ON CONFLICT DO NOTHING),
renewed AS (
  UPDATE register.triage_case SET lease_until = CASE WHEN claimed_by = $3::bigint AND state = 'claimed'
    THEN now() + interval '15 minutes' ELSE lease_until END, version = version + 1
  WHERE registration_id = $1::bigint RETURNING registration_id, version),
note AS (
  INSERT INTO register.case_note (registration_id, note_id, staff_id, epoch_id, sealed_text)
  SELECT registration_id, $2::uuid, $3::bigint, $4::uuid, $5::bytea FROM renewed),
logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $3::bigint, 'case.note', registration_id, $9::text FROM renewed)
SELECT version FROM renewed
