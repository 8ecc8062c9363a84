-- Each queue: how many cases, how many nobody holds, how many are late, since when the oldest waits; and when that was so.
-- role: muster_desk
SELECT q.queue, coalesce(d.cases, 0), coalesce(d.unclaimed, 0), coalesce(d.late, 0), d.oldest, coalesce(d.counted_at, now())
FROM unnest(ARRAY['emergency', 'assistance', 'overdue', 'identification', 'departure', 'inquiry']) WITH ORDINALITY AS q (queue, place)
LEFT JOIN desk.queues() AS d USING (queue)
ORDER BY q.place
