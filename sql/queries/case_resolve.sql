-- Closes a case as acted on; only its holder or a lead ($3). With it goes a sealed note, or none ($6 null).
-- role: muster_desk
-- params: $1 registration_id, $2 staff_id, $3 may act for the holder, $4 the version the caller saw or null, $5 origin,
--   $6 note_id, $7 epoch_id, $8 sealed text, $9 epoch opened_at, $10 recipient ids, $11 wraps
WITH resolved AS (
  UPDATE register.triage_case SET state = 'resolved', resolved_at = now(), answered_at = coalesce(answered_at, now()),
    lease_until = NULL, waiting_until = NULL, version = version + 1
  WHERE registration_id = $1::bigint AND state IN ('claimed', 'waiting') AND (claimed_by = $2::bigint OR $3::boolean)
    AND ($4::integer IS NULL OR version = $4::integer)
  RETURNING registration_id, version),
epoch AS (
  INSERT INTO register.epoch (epoch_id, opened_at) SELECT $7::uuid, $9::timestamptz FROM resolved WHERE $6::uuid IS NOT NULL
  ON CONFLICT DO NOTHING),
wraps AS (
  INSERT INTO register.epoch_wrap SELECT $7::uuid, recipient_id, wrapped
  FROM resolved, unnest($10::text[], $11::bytea[]) AS w (recipient_id, wrapped) WHERE $6::uuid IS NOT NULL ON CONFLICT DO NOTHING),
note AS (
  INSERT INTO register.case_note (registration_id, note_id, staff_id, epoch_id, sealed_text)
  SELECT registration_id, $6::uuid, $2::bigint, $7::uuid, $8::bytea FROM resolved WHERE $6::uuid IS NOT NULL),
logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $2::bigint, 'case.resolve', registration_id, $5::text FROM resolved)
SELECT version FROM resolved
