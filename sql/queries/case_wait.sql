-- Lets a case wait on the citizen or a partner until a time, when the courier returns it to its queue; only its holder or a lead ($3), who keeps it
-- for what comes before. What was answered stays so. With it goes a sealed note, or none ($8 null).
-- role: muster_desk
-- params: $1 registration_id, $2 staff_id, $3 may act for the holder, $4 the version the caller saw or null, $5 origin, $6 until, $7 on whom,
--   $8 note_id, $9 epoch_id, $10 sealed text, $11 epoch opened_at, $12 recipient ids, $13 wraps
WITH waits AS (
  UPDATE register.triage_case SET state = 'waiting', waiting_until = $6::timestamptz, waiting_on = $7::text, lease_until = NULL,
    version = version + 1
  WHERE registration_id = $1::bigint AND state IN ('claimed', 'waiting') AND (claimed_by = $2::bigint OR $3::boolean)
    AND ($4::integer IS NULL OR version = $4::integer)
  RETURNING registration_id, version),
epoch AS (
  INSERT INTO register.epoch (epoch_id, opened_at) SELECT $9::uuid, $11::timestamptz FROM waits WHERE $8::uuid IS NOT NULL
  ON CONFLICT DO NOTHING),
wraps AS (
  INSERT INTO register.epoch_wrap SELECT $9::uuid, recipient_id, wrapped
  FROM waits, unnest($12::text[], $13::bytea[]) AS w (recipient_id, wrapped) WHERE $8::uuid IS NOT NULL ON CONFLICT DO NOTHING),
note AS (
  INSERT INTO register.case_note (registration_id, note_id, staff_id, epoch_id, sealed_text)
  SELECT registration_id, $8::uuid, $2::bigint, $9::uuid, $10::bytea FROM waits WHERE $8::uuid IS NOT NULL),
logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
  SELECT $2::bigint, 'case.waiting', registration_id, $5::text, jsonb_build_object('until', $6::timestamptz, 'on', $7::text) FROM waits)
SELECT version FROM waits
