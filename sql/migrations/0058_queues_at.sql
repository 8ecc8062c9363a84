-- Open cases of some cells by queue, as of now: as desk.queues has it (0053_late_by_key.sql), from what is counted by cell. While too much waits to be counted, or
-- nothing was counted since a crash, what is kept, and `exact` is false. A row for each queue, so that nothing counted is told from nothing known.
CREATE FUNCTION desk.queues_at(inside text[], OUT queue text, OUT cases bigint, OUT unclaimed bigint, OUT late bigint, OUT counted_at timestamptz, OUT exact boolean)
RETURNS SETOF record LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  mark register.case_count_mark;
BEGIN
  SELECT m.* INTO mark FROM register.case_count_mark AS m WHERE m.one;
  exact := mark.one IS NOT NULL AND mark.upto + 100000 >= coalesce((SELECT max(c.change_id) FROM register.case_change AS c), 0);
  RETURN QUERY
  WITH mine AS MATERIALIZED (SELECT s.crisis_id, s.post_id FROM desk.scope AS s),
  changed AS MATERIALIZED (
    SELECT c.* FROM register.case_change AS c WHERE exact AND c.change_id > mark.upto AND NOT pg_visible_in_snapshot(c.xid, mark.snapshot)
      AND (c.cell = ANY (inside) OR c.was_cell = ANY (inside))),
  kept AS MATERIALIZED (
    SELECT k.crisis_id, k.post_id, k.queue, k.cases, k.unclaimed, k.late FROM mine AS m CROSS JOIN LATERAL (
      SELECT n.* FROM register.case_count AS n WHERE n.crisis_id = m.crisis_id AND n.post_id = m.post_id AND n.cell = ANY (inside) OFFSET 0) AS k),
  place AS (
    SELECT k.crisis_id, k.post_id, k.queue FROM kept AS k WHERE exact AND k.cases > 0
    UNION SELECT c.crisis_id, c.post_id, c.queue FROM changed AS c),
  counted AS (
    SELECT k.queue, k.cases, k.unclaimed, k.late FROM kept AS k
    UNION ALL
    SELECT c.queue, 1, (c.state = 'open')::integer, (NOT c.answered AND c.respond_by < mark.late_at)::integer
    FROM changed AS c WHERE c.state <> 'resolved' AND c.cell = ANY (inside) AND (c.crisis_id, c.post_id) IN (SELECT m.crisis_id, m.post_id FROM mine AS m)
    UNION ALL
    SELECT c.was_queue, -1, -(c.was_state = 'open')::integer, -coalesce(c.was_due < mark.late_at, false)::integer
    FROM changed AS c WHERE c.was_state <> 'resolved' AND c.was_cell = ANY (inside) AND (c.crisis_id, c.was_post_id) IN (SELECT m.crisis_id, m.post_id FROM mine AS m)
    UNION ALL
    SELECT p.queue, 0, 0, 1 FROM place AS p CROSS JOIN (VALUES (false), (true)) AS f (after_first_band)
    CROSS JOIN LATERAL (
      SELECT FROM register.triage_case AS c WHERE c.crisis_id = p.crisis_id AND c.post_id = p.post_id AND c.queue = p.queue AND (c.band > 1) = f.after_first_band
      AND c.respond_by >= mark.late_at AND c.respond_by < now() AND c.state <> 'resolved' AND c.answered_at IS NULL AND c.cell = ANY (inside) OFFSET 0) AS c)
  SELECT n.queue, sum(n.cases)::bigint, sum(n.unclaimed)::bigint, sum(n.late)::bigint,
    CASE WHEN exact THEN now() ELSE (SELECT d.counted_at FROM register.case_counted AS d WHERE d.one) END, exact
  FROM (SELECT c.queue, c.cases, c.unclaimed, c.late FROM counted AS c
        UNION ALL SELECT q.queue, 0, 0, 0 FROM unnest(ARRAY['emergency', 'assistance', 'overdue', 'identification', 'departure', 'inquiry']) AS q (queue)) AS n
  GROUP BY n.queue;
END $$;
REVOKE ALL ON FUNCTION desk.queues_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.queues_at TO muster_desk;
