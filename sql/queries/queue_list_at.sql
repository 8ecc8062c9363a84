-- As queue_list.sql, of the cases in some cells alone; without since when the oldest waits. And whether this is so now, or was when it was counted last.
-- role: muster_desk
-- params: $1 cells
SELECT q.queue, d.cases, d.unclaimed, d.late, NULL::timestamptz, coalesce(d.counted_at, now()), d.exact
FROM unnest(ARRAY['emergency', 'assistance', 'overdue', 'identification', 'departure', 'inquiry']) WITH ORDINALITY AS q (queue, place)
JOIN desk.queues_at($1::text[]) AS d USING (queue)
ORDER BY q.place
