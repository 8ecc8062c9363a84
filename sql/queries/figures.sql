-- The dashboard's figures as one JSON object: now, over time (some 288 points at most), by queue, post and need.
-- role: muster_desk
-- params: $1 crisis (null: all), $2 since when (null: a day ago)
WITH asked AS (
  SELECT coalesce($2::timestamptz, now() - interval '1 day') AS since),
place AS (
  SELECT s.crisis_id, s.post_id FROM desk.scope AS s WHERE $1::text IS NULL OR s.crisis_id = $1::text),
figure AS (
  SELECT f.* FROM place AS p CROSS JOIN asked AS a JOIN register.figure AS f
    ON f.crisis_id = p.crisis_id AND f.post_id = p.post_id AND f.at >= a.since),
moment AS ( -- the last of each step
  SELECT max(f.at) AS at FROM (SELECT DISTINCT at FROM figure) AS f CROSS JOIN asked AS a
  GROUP BY date_bin(greatest(interval '5 minutes', (now() - a.since) / 288), f.at, '2020-01-01')),
point AS (
  SELECT f.at, sum(f.accounted_for) AS accounted_for, sum(f.not_heard_from) AS not_heard_from, sum(f.need_help) AS need_help, sum(f.departed) AS departed,
    sum(f.stale) AS stale, sum(f.open) AS open, sum(f.unclaimed) AS unclaimed, sum(f.late) AS late
  FROM figure AS f WHERE f.at IN (SELECT m.at FROM moment AS m) GROUP BY f.at),
counted AS (
  SELECT k.* FROM place AS p JOIN register.case_count AS k ON k.crisis_id = p.crisis_id AND k.post_id = p.post_id AND k.cases > 0)
SELECT jsonb_build_object(
  'counted_at', (SELECT to_char(c.counted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM register.case_counted AS c WHERE c.one),
  'series', coalesce((SELECT jsonb_agg(jsonb_build_object('at', to_char(p.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'accounted_for', p.accounted_for, 'not_heard_from', p.not_heard_from, 'need_help', p.need_help, 'departed', p.departed, 'stale', p.stale, 'open', p.open,
    'unclaimed', p.unclaimed, 'late', p.late) ORDER BY p.at) FROM point AS p), '[]'),
  'queues', (SELECT jsonb_agg(jsonb_build_object('queue', q.queue, 'open', coalesce(n.open, 0), 'unclaimed', coalesce(n.unclaimed, 0),
      'late', coalesce(n.late, 0)) ORDER BY q.place)
    FROM unnest(ARRAY['emergency', 'assistance', 'overdue', 'identification', 'departure', 'inquiry']) WITH ORDINALITY AS q (queue, place)
    LEFT JOIN (SELECT queue, sum(cases) AS open, sum(unclaimed) AS unclaimed, sum(late) AS late FROM counted GROUP BY queue) AS n USING (queue)),
  'posts', coalesce((SELECT jsonb_agg(jsonb_build_object('post', n.post_id, 'name', o.name, 'open', n.open, 'unclaimed', n.unclaimed, 'late', n.late,
      'queues', n.queues) ORDER BY n.open DESC, n.post_id)
    FROM (SELECT post_id, sum(open) AS open, sum(unclaimed) AS unclaimed, sum(late) AS late, jsonb_object_agg(queue, open) AS queues
          FROM (SELECT post_id, queue, sum(cases) AS open, sum(unclaimed) AS unclaimed, sum(late) AS late FROM counted GROUP BY post_id, queue) AS by_queue
          GROUP BY post_id) AS n
    JOIN register.post AS o USING (post_id)), '[]'),
  'needs', coalesce((SELECT jsonb_agg(jsonb_build_object('need', n.need, 'open', n.open, 'queues', n.queues) ORDER BY n.open DESC, n.need)
    FROM (SELECT need, sum(open) AS open, jsonb_object_agg(queue, open) AS queues
          FROM (SELECT k.need, k.queue, sum(k.cases) AS open FROM place AS p
                JOIN register.need_count AS k ON k.crisis_id = p.crisis_id AND k.post_id = p.post_id GROUP BY k.need, k.queue) AS by_queue
          GROUP BY need) AS n), '[]'))::text
