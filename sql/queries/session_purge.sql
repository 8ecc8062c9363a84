-- Sessions that have run out.
-- role: muster_courier
DELETE FROM register.staff_session WHERE expires_at < now()
