-- A secret to be shown to its owner and proven by a first code; one that was proven stays.
-- role: muster_desk
-- params: $1 staff_id, $2 sealed secret, $3 epoch_id, $4 epoch opened_at, $5 recipient ids, $6 wraps
WITH epoch AS (
  INSERT INTO register.epoch (epoch_id, opened_at) VALUES ($3::uuid, $4::timestamptz) ON CONFLICT DO NOTHING),
wraps AS (
  INSERT INTO register.epoch_wrap SELECT $3::uuid, recipient_id, wrapped
  FROM unnest($5::text[], $6::bytea[]) AS w (recipient_id, wrapped) ON CONFLICT DO NOTHING)
INSERT INTO register.staff_totp AS t (staff_id, epoch_id, sealed_secret) VALUES ($1::bigint, $3::uuid, $2::bytea)
ON CONFLICT (staff_id) DO UPDATE SET epoch_id = excluded.epoch_id, sealed_secret = excluded.sealed_secret
  WHERE t.enrolled_at IS NULL
RETURNING staff_id
