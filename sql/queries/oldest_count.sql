-- Looks for the oldest of the queues that it has left.
-- role: muster_courier
SELECT register.count_oldest()
