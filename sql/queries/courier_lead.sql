-- True when this connection holds the lock that makes its courier the one that works; held until the connection ends.
-- role: muster_courier
SELECT pg_try_advisory_lock(hashtext('muster.courier'))
