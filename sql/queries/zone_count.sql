-- Sums by zone what was counted by cell.
-- role: muster_courier
SELECT register.count_zones()
