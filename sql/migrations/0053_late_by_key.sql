-- As 0042_pace.sql has them; what became late is asked for place by place: PostgreSQL read the whole order of all cases for it (1,700 pages at 200,000).
CREATE OR REPLACE FUNCTION desk.queues(OUT queue text, OUT cases bigint, OUT unclaimed bigint, OUT late bigint, OUT oldest timestamptz, OUT counted_at timestamptz)
RETURNS SETOF record LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  mark register.case_count_mark;
BEGIN
  SELECT m.* INTO mark FROM register.case_count_mark AS m WHERE m.one;
  IF NOT FOUND OR mark.upto + 100000 < (SELECT max(c.change_id) FROM register.case_change AS c) THEN
    RETURN QUERY
    SELECT k.queue, sum(k.cases), sum(k.unclaimed), sum(k.late), min(k.oldest), (SELECT d.counted_at FROM register.case_counted AS d WHERE d.one)
    FROM register.queue_count AS k GROUP BY k.queue;
    RETURN;
  END IF;
  RETURN QUERY
  WITH mine AS MATERIALIZED (SELECT s.crisis_id, s.post_id FROM desk.scope AS s),
  changed AS MATERIALIZED (
    SELECT c.* FROM register.case_change AS c WHERE c.change_id > mark.upto AND NOT pg_visible_in_snapshot(c.xid, mark.snapshot)),
  place AS (
    SELECT k.crisis_id, k.post_id, k.queue FROM register.queue_count AS k WHERE k.cases > 0
    UNION SELECT c.crisis_id, c.post_id, c.queue FROM changed AS c),
  counted AS (
    SELECT k.queue, k.cases, k.unclaimed, k.late, k.oldest FROM register.queue_count AS k
    UNION ALL
    SELECT c.queue, 1, (c.state = 'open')::integer, (NOT c.answered AND c.respond_by < mark.late_at)::integer, c.received_at
    FROM changed AS c WHERE c.state <> 'resolved' AND (c.crisis_id, c.post_id) IN (SELECT m.crisis_id, m.post_id FROM mine AS m)
    UNION ALL
    SELECT c.was_queue, -1, -(c.was_state = 'open')::integer, -coalesce(c.was_due < mark.late_at, false)::integer, NULL
    FROM changed AS c WHERE c.was_state <> 'resolved' AND (c.crisis_id, c.was_post_id) IN (SELECT m.crisis_id, m.post_id FROM mine AS m)
    UNION ALL
    SELECT p.queue, 0, 0, 1, NULL FROM place AS p CROSS JOIN (VALUES (false), (true)) AS f (after_first_band)
    CROSS JOIN LATERAL (
      SELECT FROM register.triage_case AS c WHERE c.crisis_id = p.crisis_id AND c.post_id = p.post_id AND c.queue = p.queue AND (c.band > 1) = f.after_first_band
      AND c.respond_by >= mark.late_at AND c.respond_by < now() AND c.state <> 'resolved' AND c.answered_at IS NULL OFFSET 0) AS c)
  SELECT n.queue, sum(n.cases)::bigint, sum(n.unclaimed)::bigint, sum(n.late)::bigint, CASE WHEN sum(n.cases) > 0 THEN min(n.oldest) END, now()
  FROM counted AS n GROUP BY n.queue;
END $$;
CREATE OR REPLACE FUNCTION register.count_cases() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  mark    register.case_count_mark;
  newest  bigint;
  late_to timestamptz;
  written bigint;
BEGIN
  -- before the snapshot of what follows, and before our own number: who took a number of it has a lower one
  SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END INTO newest FROM register.case_change_id AS s;
  SELECT m.* INTO mark FROM register.case_count_mark AS m WHERE m.one FOR UPDATE;
  IF NOT FOUND OR mark.cluster <> (SELECT s.system_identifier FROM pg_control_system() AS s) THEN
    RETURN register.count_all_cases();
  END IF;
  late_to := CASE WHEN mark.late_at < now() - interval '2 seconds' THEN now() ELSE mark.late_at END;
  IF newest = mark.upto AND late_to = mark.late_at THEN
    RETURN 0;
  END IF;
  WITH changed AS MATERIALIZED (
    SELECT c.* FROM register.case_change AS c WHERE c.change_id > mark.upto AND NOT pg_visible_in_snapshot(c.xid, mark.snapshot)),
  place AS (
    SELECT k.crisis_id, k.post_id, k.queue FROM register.queue_count AS k WHERE k.cases > 0 AND late_to > mark.late_at
    UNION SELECT c.crisis_id, c.post_id, c.queue FROM changed AS c WHERE late_to > mark.late_at),
  moved AS MATERIALIZED ( -- came, went: only of those that were not, or are no more, where they are
    SELECT c.crisis_id, c.post_id, coalesce(c.cell, '') AS cell, c.queue, c.band, 1 AS cases, (c.state = 'open')::integer AS unclaimed,
      (NOT c.answered AND c.respond_by < mark.late_at)::integer AS late, c.people,
      CASE WHEN c.was_state = 'resolved' OR (c.post_id, c.queue, c.received_at) IS DISTINCT FROM (c.was_post_id, c.was_queue, c.was_received_at)
        THEN c.received_at END AS came, NULL::timestamptz AS went
    FROM changed AS c WHERE c.state <> 'resolved'
    UNION ALL
    SELECT c.crisis_id, c.was_post_id, coalesce(c.was_cell, ''), c.was_queue, c.was_band, -1, -(c.was_state = 'open')::integer,
      -coalesce(c.was_due < mark.late_at, false)::integer, -c.was_people, NULL,
      CASE WHEN c.state = 'resolved' OR (c.post_id, c.queue, c.received_at) IS DISTINCT FROM (c.was_post_id, c.was_queue, c.was_received_at)
        THEN c.was_received_at END
    FROM changed AS c WHERE c.was_state <> 'resolved'
    UNION ALL
    SELECT p.crisis_id, p.post_id, coalesce(c.cell, ''), p.queue, c.band, 0, 0, 1, 0, NULL, NULL
    FROM place AS p CROSS JOIN (VALUES (false), (true)) AS f (after_first_band)
    CROSS JOIN LATERAL (
      SELECT c.cell, c.band FROM register.triage_case AS c WHERE c.crisis_id = p.crisis_id AND c.post_id = p.post_id AND c.queue = p.queue AND (c.band > 1) = f.after_first_band
      AND c.respond_by >= mark.late_at AND c.respond_by < late_to AND c.state <> 'resolved' AND c.answered_at IS NULL OFFSET 0) AS c),
  cells AS (
    SELECT m.crisis_id, m.post_id, m.cell, m.queue, m.band, sum(m.cases)::integer AS cases, sum(m.unclaimed)::integer AS unclaimed,
      sum(m.late)::integer AS late, sum(m.people)::integer AS people
    FROM moved AS m GROUP BY m.crisis_id, m.post_id, m.cell, m.queue, m.band
    HAVING sum(m.cases) <> 0 OR sum(m.unclaimed) <> 0 OR sum(m.late) <> 0 OR sum(m.people) <> 0),
  queues AS (
    SELECT m.crisis_id, m.post_id, m.queue, sum(m.cases)::integer AS cases, sum(m.unclaimed)::integer AS unclaimed, sum(m.late)::integer AS late,
      min(m.came) AS came, min(m.went) AS went
    FROM moved AS m GROUP BY m.crisis_id, m.post_id, m.queue),
  filled AS (
    INSERT INTO register.queue_count AS k (crisis_id, post_id, queue, cases, unclaimed, late, oldest, seek)
    SELECT n.crisis_id, n.post_id, n.queue, n.cases, n.unclaimed, n.late, CASE WHEN n.cases > 0 THEN n.came END,
      coalesce(n.cases > 0 AND n.went <= n.came, false) FROM queues AS n
    ON CONFLICT (crisis_id, post_id, queue) DO UPDATE SET cases = k.cases + excluded.cases, unclaimed = k.unclaimed + excluded.unclaimed,
      late = k.late + excluded.late, oldest = CASE WHEN k.cases + excluded.cases > 0 THEN (
        SELECT least(k.oldest, n.came) FROM queues AS n WHERE (n.crisis_id, n.post_id, n.queue) = (k.crisis_id, k.post_id, k.queue)) END,
      seek = k.cases + excluded.cases > 0 AND (k.seek OR EXISTS (
        SELECT FROM queues AS n WHERE (n.crisis_id, n.post_id, n.queue) = (k.crisis_id, k.post_id, k.queue) AND n.went <= least(k.oldest, n.came)))),
  marked AS (
    UPDATE register.case_count_mark AS m SET snapshot = pg_current_snapshot(), late_at = late_to,
      upto = CASE WHEN pg_snapshot_xmin(pg_current_snapshot()) >= m.next_xmax THEN m.next ELSE m.upto END,
      next = CASE WHEN pg_snapshot_xmin(pg_current_snapshot()) >= m.next_xmax THEN newest ELSE m.next END,
      next_xmax = CASE WHEN pg_snapshot_xmin(pg_current_snapshot()) >= m.next_xmax THEN pg_current_xact_id() ELSE m.next_xmax END
    WHERE m.one),
  known AS (
    INSERT INTO register.case_count AS k (crisis_id, post_id, cell, queue, band, lat, lon, cases, unclaimed, late, people)
    SELECT n.crisis_id, n.post_id, n.cell, n.queue, n.band, m.lat, m.lon, n.cases, n.unclaimed, n.late, n.people
    FROM cells AS n LEFT JOIN LATERAL register.cell_middle(n.cell) AS m ON n.cell <> ''
    ON CONFLICT (crisis_id, post_id, cell, queue, band) DO UPDATE SET cases = k.cases + excluded.cases, unclaimed = k.unclaimed + excluded.unclaimed,
      late = k.late + excluded.late, people = k.people + excluded.people
    RETURNING 1)
  SELECT count(*) INTO written FROM known;
  IF written > 0 THEN
    UPDATE register.case_counted AS c SET counted_at = now() WHERE c.one;
  END IF;
  RETURN written;
END $$;
