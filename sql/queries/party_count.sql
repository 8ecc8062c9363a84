-- Counts registered parties by cell.
-- role: muster_courier
SELECT register.count_parties()
