-- Open cases are counted as they change: the log of changes says what a case was and what it is, and the courier that leads adds up what came since it
-- last did. Nothing reads all cases for a figure any more but the first count, and the one after a crash. See docs/decisions/0023-pace.md.

-- What nobody has counted yet is counted below, whole.
TRUNCATE register.case_change;
ALTER TABLE register.case_change
  ADD COLUMN xid          xid8 NOT NULL DEFAULT pg_current_xact_id(),
  ADD COLUMN respond_by   timestamptz NOT NULL,
  ADD COLUMN answered     boolean NOT NULL,
  ADD COLUMN received_at  timestamptz NOT NULL,
  ADD COLUMN cell         text,
  ADD COLUMN people       integer NOT NULL,
  ADD COLUMN holder       bigint,
  -- what it was before; null: it is new
  ADD COLUMN was_post_id      text,
  ADD COLUMN was_queue        text,
  ADD COLUMN was_band         smallint,
  ADD COLUMN was_state        text,
  ADD COLUMN was_due          timestamptz,             -- its answer-by, unless it was answered
  ADD COLUMN was_received_at  timestamptz,
  ADD COLUMN was_cell         text,
  ADD COLUMN was_people       integer;

-- By hash: the two tables of a statement that changes many are as long as each other, and the plan is kept from one that changed few.
CREATE OR REPLACE FUNCTION register.log_case_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO register.case_change (registration_id, crisis_id, post_id, queue, band, state, version, respond_by, answered, received_at, cell, people, holder)
    SELECT m.registration_id, m.crisis_id, m.post_id, m.queue, m.band, m.state, m.version, m.respond_by, m.answered_at IS NOT NULL, m.received_at,
      m.cell, coalesce(m.people, 1), m.claimed_by
    FROM made AS m;
  ELSE
    -- One that goes to another crisis, which was a stranger's, is gone in the one and new in the other.
    WITH pair AS MATERIALIZED (
      SELECT m.registration_id, m.crisis_id, m.post_id, m.queue, m.band, m.state, m.version, m.respond_by, m.answered_at IS NOT NULL AS answered, m.received_at,
        m.cell, coalesce(m.people, 1) AS people, m.claimed_by AS holder, w.crisis_id AS was_crisis_id, w.post_id AS was_post_id, w.queue AS was_queue,
        w.band AS was_band, w.state AS was_state, CASE WHEN w.answered_at IS NULL THEN w.respond_by END AS was_due, w.received_at AS was_received_at,
        w.cell AS was_cell, coalesce(w.people, 1) AS was_people
      FROM made AS m JOIN was AS w USING (registration_id))
    INSERT INTO register.case_change (registration_id, crisis_id, post_id, queue, band, state, version, respond_by, answered, received_at, cell, people, holder,
      was_post_id, was_queue, was_band, was_state, was_due, was_received_at, was_cell, was_people)
    SELECT p.registration_id, p.crisis_id, p.post_id, p.queue, p.band, p.state, p.version, p.respond_by, p.answered, p.received_at, p.cell, p.people, p.holder,
      p.was_post_id, p.was_queue, p.was_band, p.was_state, p.was_due, p.was_received_at, p.was_cell, p.was_people
    FROM pair AS p WHERE p.crisis_id = p.was_crisis_id
    UNION ALL
    SELECT p.registration_id, p.was_crisis_id, p.was_post_id, p.was_queue, p.was_band, 'resolved', p.version, p.respond_by, true, p.was_received_at, NULL, 1, NULL,
      p.was_post_id, p.was_queue, p.was_band, p.was_state, p.was_due, p.was_received_at, p.was_cell, p.was_people
    FROM pair AS p WHERE p.crisis_id <> p.was_crisis_id
    UNION ALL
    SELECT p.registration_id, p.crisis_id, p.post_id, p.queue, p.band, p.state, p.version, p.respond_by, p.answered, p.received_at, p.cell, p.people, p.holder,
      NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM pair AS p WHERE p.crisis_id <> p.was_crisis_id;
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER log_changed ON register.triage_case;
CREATE TRIGGER log_changed AFTER UPDATE ON register.triage_case REFERENCING OLD TABLE AS was NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION register.log_case_changes();

-- What is deleted is not spoken of any more, but was counted: its changes stay, without saying whose they are.
CREATE OR REPLACE FUNCTION register.forget_case_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE register.case_change AS c SET registration_id = 0 FROM gone AS g WHERE c.registration_id = g.registration_id;
  INSERT INTO register.case_change (registration_id, crisis_id, post_id, queue, band, state, version, respond_by, answered, received_at, people,
    was_post_id, was_queue, was_band, was_state, was_due, was_received_at, was_cell, was_people)
  SELECT 0, g.crisis_id, g.post_id, g.queue, g.band, 'resolved', g.version, g.respond_by, true, g.received_at, 1,
    g.post_id, g.queue, g.band, g.state, CASE WHEN g.answered_at IS NULL THEN g.respond_by END, g.received_at, g.cell, coalesce(g.people, 1)
  FROM gone AS g WHERE g.state <> 'resolved';
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.case_changes(after bigint, missed bigint[], most integer) RETURNS SETOF register.case_change
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.* FROM (
    SELECT c.* FROM unnest(missed) AS m (change_id) JOIN register.case_change AS c USING (change_id) WHERE c.registration_id <> 0
    UNION ALL
    (SELECT c.* FROM register.case_change AS c WHERE c.change_id > after AND c.registration_id <> 0 ORDER BY c.change_id LIMIT most)) AS f
  WHERE desk.staff_id() IS NULL OR (f.crisis_id, f.post_id) IN (SELECT s.crisis_id, s.post_id FROM desk.scope AS s)
$$;

-- What was counted last: the cases as that snapshot shows them, as late as they were at late_at. Not in the write-ahead log, as the changes are not:
-- after a crash there is none, and all is counted anew.
CREATE UNLOGGED TABLE register.case_count_mark (
  one         boolean PRIMARY KEY DEFAULT true CHECK (one),
  cluster     bigint NOT NULL DEFAULT (pg_control_system()).system_identifier, -- a dump that is restored elsewhere brings a snapshot that means nothing
  snapshot    pg_snapshot NOT NULL,
  late_at     timestamptz NOT NULL,
  -- Every change up to `upto` is counted. Those up to `next` were numbered by transactions before `next_xmax`: once these have all ended, that is so for `next`.
  upto        bigint NOT NULL,
  next        bigint NOT NULL,
  next_xmax   xid8 NOT NULL
);
CREATE TABLE register.queue_count (
  crisis_id   text NOT NULL REFERENCES register.crisis ON DELETE CASCADE,
  post_id     text NOT NULL,
  queue       text NOT NULL,
  cases       integer NOT NULL,
  unclaimed   integer NOT NULL,
  late        integer NOT NULL,
  oldest      timestamptz,                             -- the least received_at, or earlier when that case has left and `seek` is set
  seek        boolean NOT NULL DEFAULT false,
  PRIMARY KEY (crisis_id, post_id, queue)
);

-- Reads every open case once.
CREATE FUNCTION register.count_all_cases() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
  SET enable_seqscan = on SET enable_hashjoin = on SET enable_mergejoin = on AS $$
DECLARE
  written bigint;
  newest  bigint;
BEGIN
  DELETE FROM register.case_count_mark;
  SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END INTO newest FROM register.case_change_id AS s; -- before the snapshot of what follows
  WITH counted AS MATERIALIZED (
    SELECT c.crisis_id, c.post_id, coalesce(c.cell, '') AS cell, c.queue, c.band, count(*)::integer AS cases,
      (count(*) FILTER (WHERE c.state = 'open'))::integer AS unclaimed,
      (count(*) FILTER (WHERE c.respond_by < now() AND c.answered_at IS NULL))::integer AS late,
      sum(coalesce(c.people, 1))::integer AS people, min(c.received_at) AS oldest
    FROM register.triage_case AS c WHERE c.state <> 'resolved'
    GROUP BY c.crisis_id, c.post_id, coalesce(c.cell, ''), c.queue, c.band),
  queues AS MATERIALIZED (
    SELECT n.crisis_id, n.post_id, n.queue, sum(n.cases) AS cases, sum(n.unclaimed) AS unclaimed, sum(n.late) AS late, min(n.oldest) AS oldest
    FROM counted AS n GROUP BY n.crisis_id, n.post_id, n.queue),
  marked AS (
    INSERT INTO register.case_count_mark (snapshot, late_at, upto, next, next_xmax)
    VALUES (pg_current_snapshot(), now(), 0, 0, pg_current_xact_id())),
  gone AS (
    DELETE FROM register.case_count AS k WHERE NOT EXISTS (
      SELECT FROM counted AS n WHERE (n.crisis_id, n.post_id, n.cell, n.queue, n.band) = (k.crisis_id, k.post_id, k.cell, k.queue, k.band))),
  empty AS (
    DELETE FROM register.queue_count AS k WHERE NOT EXISTS (
      SELECT FROM queues AS n WHERE (n.crisis_id, n.post_id, n.queue) = (k.crisis_id, k.post_id, k.queue))),
  filled AS (
    INSERT INTO register.queue_count AS k SELECT n.*, false FROM queues AS n
    ON CONFLICT (crisis_id, post_id, queue) DO UPDATE SET cases = excluded.cases, unclaimed = excluded.unclaimed, late = excluded.late,
      oldest = excluded.oldest, seek = false),
  known AS (
    INSERT INTO register.case_count AS k (crisis_id, post_id, cell, queue, band, lat, lon, cases, unclaimed, late, people)
    SELECT n.crisis_id, n.post_id, n.cell, n.queue, n.band, m.lat, m.lon, n.cases, n.unclaimed, n.late, n.people
    FROM counted AS n LEFT JOIN LATERAL register.cell_middle(n.cell) AS m ON n.cell <> ''
    ON CONFLICT (crisis_id, post_id, cell, queue, band) DO UPDATE
      SET cases = excluded.cases, unclaimed = excluded.unclaimed, late = excluded.late, people = excluded.people
    RETURNING 1)
  SELECT count(*) INTO written FROM known;
  INSERT INTO register.case_counted AS c (counted_at) VALUES (now()) ON CONFLICT (one) DO UPDATE SET counted_at = excluded.counted_at;
  RETURN written;
END $$;

-- Counts what changed since, and what became late.
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
    JOIN register.triage_case AS c ON c.crisis_id = p.crisis_id AND c.post_id = p.post_id AND c.queue = p.queue AND (c.band > 1) = f.after_first_band
      AND c.respond_by >= mark.late_at AND c.respond_by < late_to AND c.state <> 'resolved' AND c.answered_at IS NULL),
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

-- The oldest of the queues that the oldest has left: reads those queues whole.
CREATE FUNCTION register.count_oldest() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
  UPDATE register.queue_count AS k SET seek = false, oldest = (
    SELECT min(c.received_at) FROM register.triage_case AS c
    WHERE c.crisis_id = k.crisis_id AND c.post_id = k.post_id AND c.queue = k.queue AND c.state <> 'resolved')
  WHERE k.seek;
  DELETE FROM register.case_count AS k WHERE k.cases = 0;
$$;
REVOKE ALL ON FUNCTION register.count_all_cases, register.count_oldest FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.count_oldest TO muster_courier;

CREATE FUNCTION register.forget_case_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM register.case_count_mark;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION register.forget_case_counts FROM PUBLIC;
CREATE TRIGGER forget_counts AFTER TRUNCATE ON register.triage_case FOR EACH STATEMENT EXECUTE FUNCTION register.forget_case_counts();

-- Whoever sees a case, or saw it before it changed, sees it counted.
ALTER TABLE register.queue_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.case_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.queue_count FOR SELECT TO muster_desk USING (
  crisis_id IN (
    SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead'))
  OR (crisis_id, post_id) IN (
    SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')));
CREATE POLICY desk_reads ON register.case_change FOR SELECT TO muster_desk USING (
  crisis_id IN (
    SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead'))
  OR (crisis_id, post_id) IN (
    SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead'))
  OR (crisis_id, was_post_id) IN (
    SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')));
CREATE POLICY courier_counts ON register.queue_count FOR SELECT TO muster_courier USING (true);
CREATE POLICY courier_purges ON register.case_change TO muster_courier USING (true);
GRANT SELECT ON register.queue_count TO muster_desk, muster_courier;
GRANT SELECT ON register.case_count_mark TO muster_desk, muster_courier;
GRANT SELECT ON register.case_change TO muster_desk;

-- As of now: what is kept, what changed since, and what became late since. While too much waits to be counted, or nothing was counted since a crash, what is
-- kept, and when that was true.
DROP FUNCTION desk.queues;
CREATE FUNCTION desk.queues(OUT queue text, OUT cases bigint, OUT unclaimed bigint, OUT late bigint, OUT oldest timestamptz, OUT counted_at timestamptz)
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
    JOIN register.triage_case AS c ON c.crisis_id = p.crisis_id AND c.post_id = p.post_id AND c.queue = p.queue AND (c.band > 1) = f.after_first_band
      AND c.respond_by >= mark.late_at AND c.respond_by < now() AND c.state <> 'resolved' AND c.answered_at IS NULL)
  SELECT n.queue, sum(n.cases)::bigint, sum(n.unclaimed)::bigint, sum(n.late)::bigint, CASE WHEN sum(n.cases) > 0 THEN min(n.oldest) END, now()
  FROM counted AS n GROUP BY n.queue;
END $$;
REVOKE ALL ON FUNCTION desk.queues FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.queues TO muster_desk;

-- The first time.
SELECT register.count_all_cases();
