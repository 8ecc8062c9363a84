-- Counts the open cases by place, for the map.
-- role: muster_courier
SELECT register.count_cases()
