-- Texts that a courier had in hand when it ended: handed over again where the gateway knows our reference, else it is not known whether they
-- were sent, and they are not sent twice.
-- role: muster_courier
-- params: $1 the gateways that know a reference again
UPDATE register.message SET state = CASE WHEN gateway = ANY ($1::text[]) THEN 'queued' ELSE 'unsure' END, due_at = now()
WHERE state = 'wired' AND wired_at < now() - interval '2 minutes'
