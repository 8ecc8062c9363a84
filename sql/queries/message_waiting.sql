-- How many texts wait in the outbox, and for how many seconds the oldest has; counted to 10,000.
-- role: muster_courier
SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::bigint
FROM (SELECT created_at FROM register.message WHERE state = 'queued' LIMIT 10000) AS waiting
