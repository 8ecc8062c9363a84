-- Each queue: how many cases, how many nobody holds, how many are late, and since when the oldest waits.
-- role: muster_desk
SELECT q.queue, count(c.registration_id), count(*) FILTER (WHERE c.state = 'open'),
  count(*) FILTER (WHERE c.respond_by < now() AND c.answered_at IS NULL), min(c.received_at)
FROM unnest(ARRAY['emergency', 'assistance', 'overdue', 'identification', 'departure', 'inquiry']) WITH ORDINALITY AS q (queue, place)
LEFT JOIN register.triage_case AS c ON c.queue = q.queue AND c.state <> 'resolved'
GROUP BY q.queue, q.place
ORDER BY q.place
