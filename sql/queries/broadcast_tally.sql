-- Counts the audience of the draft that has waited longest for it, which may take a minute.
-- role: muster_courier
SELECT register.count_broadcasts()
