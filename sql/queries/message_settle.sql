-- What became of one attempt to hand a text over. A receipt that was quicker knows better.
-- role: muster_courier
-- params: $1 registration_id, $2 message_id, $3 attempt, $4 state, $5 seconds until it is due, $6 gateway from now on,
--   $7 the gateway's id or '', $8 reason or '', $9 whether it was not answered
UPDATE register.message AS m SET
  state = CASE WHEN m.state IN ('wired', 'unsure') THEN $4::text ELSE m.state END,
  due_at = now() + $5::integer * interval '1 second',
  gateway = CASE WHEN m.state IN ('wired', 'unsure') THEN $6::text ELSE m.gateway END,
  moves = m.moves + CASE WHEN m.state IN ('wired', 'unsure') AND m.gateway <> $6::text THEN 1 ELSE 0 END,
  stays = m.stays OR $9::boolean,
  gateway_id = coalesce(nullif($7::text, ''), m.gateway_id),
  reason = CASE WHEN m.state IN ('wired', 'unsure') THEN nullif($8::text, '') ELSE m.reason END,
  sent_at = CASE WHEN $4::text = 'sent' THEN coalesce(m.sent_at, now()) ELSE m.sent_at END
WHERE m.registration_id = $1::bigint AND m.message_id = $2::uuid AND m.attempts = $3::smallint
