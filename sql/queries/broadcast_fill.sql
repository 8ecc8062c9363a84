-- Fills the outbox from the broadcasts that run.
-- role: muster_courier
SELECT running, added, uncounted FROM register.fill_broadcasts()
