-- How many cases each queue holds, how many nobody holds, how many are late, and how long the oldest has waited, in seconds.
-- role: muster_courier
SELECT queue, count(*), count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE respond_by < now() AND answered_at IS NULL),
  coalesce(extract(epoch FROM now() - min(received_at)), 0)::bigint
FROM register.triage_case WHERE state <> 'resolved'
GROUP BY queue
ORDER BY queue
