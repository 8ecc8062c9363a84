-- Fills the outbox from the broadcasts that run.
-- role: muster_courier
SELECT running, added FROM register.fill_broadcasts()
