-- Counts the open cases by reasons and band, for what a policy would move.
-- role: muster_courier
SELECT register.count_reasons()
