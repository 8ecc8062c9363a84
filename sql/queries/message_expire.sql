-- Texts that waited until nobody should get them any more.
-- role: muster_courier
UPDATE register.message SET state = 'failed', reason = 'expired' WHERE state = 'queued' AND expires_at <= now()
