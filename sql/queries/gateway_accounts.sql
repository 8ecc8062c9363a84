-- The gateways that send, with the operator's account there, sealed; and whether a phone asked for texts within a quarter of an hour.
-- role: muster_courier
-- params: $1 recipient id
SELECT g.name, g.kind, coalesce(g.fallback, ''), g.texts_a_second, g.account_epoch, g.sealed_account, w.wrapped,
  coalesce(g.asked_at > now() - interval '15 minutes', false)
FROM register.gateway AS g
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = g.account_epoch AND w.recipient_id = $1::text
WHERE g.sends ORDER BY g.name
