-- How many texts wait in the outbox, counted to 10,000, and for how many seconds the oldest has.
-- role: muster_courier
SELECT (SELECT count(*) FROM (SELECT 1 FROM register.message WHERE state = 'queued' LIMIT 10000) AS waiting),
  coalesce((SELECT extract(epoch FROM now() - created_at) FROM register.message WHERE state = 'queued'
            ORDER BY created_at LIMIT 1), 0)::bigint
