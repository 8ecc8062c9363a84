-- Open cases by cell, as counted last: cells cut to so many symbols, the most urgent first. The first row has an empty cell: those whose place is not
-- known, which may be none; and when it was counted.
-- role: muster_desk
-- params: $1 symbols of a cell, $2-$5 west, south, east, north (null: everywhere), $6 crisis (null: all), $7 at most so many cells
WITH by_queue AS (
  SELECT left(k.cell, $1::integer) AS cell, k.queue, min(k.band) AS band, sum(k.cases) AS cases, sum(k.unclaimed) AS unclaimed,
    sum(k.late) AS late, sum(k.people) AS people
  FROM desk.scope AS place JOIN register.case_count AS k ON k.crisis_id = place.crisis_id AND k.post_id = place.post_id AND k.cases > 0
  WHERE ($6::text IS NULL OR k.crisis_id = $6::text)
    AND ($2::double precision IS NULL OR k.cell = ''
      OR (k.lon BETWEEN $2::double precision AND $4::double precision AND k.lat BETWEEN $3::double precision AND $5::double precision))
  GROUP BY left(k.cell, $1::integer), k.queue),
by_cell AS (
  SELECT cell, min(band) AS band, sum(cases)::bigint AS cases, sum(unclaimed)::bigint AS unclaimed, sum(late)::bigint AS late,
    sum(people)::bigint AS people, jsonb_object_agg(queue, cases)::text AS queues
  FROM by_queue GROUP BY cell)
(SELECT '', coalesce(b.band, 0), coalesce(b.cases, 0), coalesce(b.unclaimed, 0), coalesce(b.late, 0), coalesce(b.people, 0),
   coalesce(b.queues, '{}'), (SELECT d.counted_at FROM register.case_counted AS d WHERE d.one)
 FROM (VALUES (1)) AS always LEFT JOIN by_cell AS b ON b.cell = '')
UNION ALL
(SELECT b.cell, b.band, b.cases, b.unclaimed, b.late, b.people, b.queues, NULL FROM by_cell AS b WHERE b.cell <> ''
 ORDER BY b.band, b.cases DESC, b.cell LIMIT $7::integer)
