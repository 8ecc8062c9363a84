-- Texts that a courier had in hand when it ended: handed over again where the gateway knows our reference, else it is not known whether they
-- were sent, and they are not sent twice. And those that a phone did not fetch: put back, so that nothing waits locked while no phone asks; where
-- it was told of one and did not take it that is safe of phones that say what they take.
-- role: muster_courier
-- params: $1 the kinds of gateways that know a reference again, $2 the kinds that fetch
WITH left_over AS MATERIALIZED (
  SELECT m.registration_id, m.message_id, m.attempts, k.fetches, m.listed_at IS NOT NULL AS listed,
    CASE WHEN k.fetches THEN m.listed_at IS NULL OR coalesce(g.took_at > now() - interval '1 day', false)
      ELSE g.kind = ANY ($1::text[]) END AS again
  FROM register.message AS m JOIN register.gateway AS g ON g.name = m.gateway
  CROSS JOIN LATERAL (SELECT g.kind = ANY ($2::text[]) AS fetches) AS k
  WHERE m.state = 'wired' AND CASE WHEN m.listed_at IS NOT NULL THEN m.listed_at < now() - interval '2 minutes'
    WHEN m.parcel IS NOT NULL THEN m.wired_at < now() - interval '20 minutes' ELSE m.wired_at < now() - interval '2 minutes' END)
UPDATE register.message AS m SET due_at = now(), parcel = NULL, listed_at = NULL,
  gateway_id = CASE WHEN l.fetches AND l.again THEN NULL ELSE m.gateway_id END,
  stays = m.stays OR NOT l.fetches OR l.listed,
  state = CASE WHEN l.again THEN 'queued' ELSE 'unsure' END,
  reason = CASE WHEN l.again OR NOT l.fetches THEN m.reason ELSE 'no_answer' END
FROM left_over AS l
WHERE m.registration_id = l.registration_id AND m.message_id = l.message_id AND m.state = 'wired' AND m.attempts = l.attempts
  AND (m.listed_at IS NOT NULL) = l.listed
