-- Brings the counts of open cases up to date, for the queues, the map and the dashboard.
-- role: muster_courier
SELECT register.count_cases()
