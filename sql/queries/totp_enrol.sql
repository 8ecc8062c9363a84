-- A code was right: the second factor counts from now on, with new recovery codes in the place of the old ones. No row when the code was taken before.
-- role: muster_desk
-- params: $1 staff_id, $2 the code's step, $3 origin, $4 macs of the recovery codes, $5 what is done (totp.enrol, totp.codes)
WITH proven AS (
  UPDATE register.staff_totp SET enrolled_at = coalesce(enrolled_at, now()), last_step = $2::bigint
  WHERE staff_id = $1::bigint AND last_step < $2::bigint RETURNING staff_id),
old AS (DELETE FROM register.staff_recovery WHERE staff_id IN (SELECT staff_id FROM proven)),
codes AS (
  INSERT INTO register.staff_recovery (staff_id, code_mac) SELECT staff_id, mac FROM proven, unnest($4::bytea[]) AS mac),
logged AS (INSERT INTO register.audit (staff_id, action, origin) SELECT staff_id, $5::text, $3::text FROM proven)
SELECT staff_id FROM proven
