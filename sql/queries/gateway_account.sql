-- Sets the operator's account at a gateway, sealed, with the epoch it is sealed under. Run by the operator as owner.
-- role: muster_owner
-- params: $1 name, $2 epoch_id, $3 sealed account, $4 fallback or '', $5 texts a second, $6 recipient ids, $7 wraps,
--   $8 price of a segment or '', $9 its currency or ''
WITH epoch AS (
  INSERT INTO register.epoch (epoch_id, crisis_id, opened_at)
  SELECT $2::uuid, crisis_id, now() FROM register.gateway WHERE name = $1::text),
wraps AS (
  INSERT INTO register.epoch_wrap SELECT $2::uuid, recipient_id, wrapped
  FROM unnest($6::text[], $7::bytea[]) AS w (recipient_id, wrapped)
  WHERE EXISTS (SELECT FROM register.gateway WHERE name = $1::text))
UPDATE register.gateway SET account_epoch = $2::uuid, sealed_account = $3::bytea, fallback = nullif($4::text, ''),
  texts_a_second = $5::integer, segment_price = nullif($8::text, '')::numeric, price_currency = nullif($9::text, '')
WHERE name = $1::text
RETURNING name
