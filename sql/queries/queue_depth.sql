-- How many cases each queue holds, how many nobody holds, how many are late, and how long the oldest has waited, in seconds; as counted last.
-- role: muster_courier
SELECT queue, sum(cases), sum(unclaimed), sum(late), coalesce(extract(epoch FROM now() - min(oldest)), 0)::bigint
FROM register.queue_count
GROUP BY queue
HAVING sum(cases) > 0
ORDER BY queue
