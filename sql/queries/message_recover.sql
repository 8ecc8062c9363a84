-- Texts that a courier had in hand when it ended: handed over again where the gateway knows our reference, else it is not known whether they
-- were sent, and they are not sent twice.
-- role: muster_courier
-- params: $1 the kinds of gateways that know a reference again
UPDATE register.message AS m SET due_at = now(), stays = true,
  state = CASE WHEN EXISTS (SELECT 1 FROM register.gateway AS g WHERE g.name = m.gateway AND g.kind = ANY ($1::text[]))
    THEN 'queued' ELSE 'unsure' END
WHERE m.state = 'wired' AND m.wired_at < now() - interval '2 minutes'
