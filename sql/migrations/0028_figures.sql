-- The dashboard's figures, as the courier counts them; every five minutes' last count is kept for two weeks. See docs/decisions/0011-map.md.

CREATE TABLE register.figure (
  crisis_id       text NOT NULL REFERENCES register.crisis ON DELETE CASCADE,
  post_id         text NOT NULL,
  at              timestamptz NOT NULL,            -- the beginning of its five minutes
  -- registered parties: each is one of these
  accounted_for   integer NOT NULL,
  not_heard_from  integer NOT NULL,
  need_help       integer NOT NULL,
  departed        integer NOT NULL,
  -- open cases
  open            integer NOT NULL,
  unclaimed       integer NOT NULL,
  late            integer NOT NULL,
  PRIMARY KEY (crisis_id, post_id, at)
);
CREATE INDEX figure_at ON register.figure (at);

CREATE TABLE register.need_count (
  crisis_id  text NOT NULL REFERENCES register.crisis ON DELETE CASCADE,
  post_id    text NOT NULL,
  queue      text NOT NULL,
  need       text NOT NULL,
  cases      integer NOT NULL,
  PRIMARY KEY (crisis_id, post_id, queue, need)
);

-- Who departed has; who last asked for help needs it until they say otherwise; of the rest, who has said nothing, or nothing when it was time, is not heard from.
-- Exercises are counted in the queues, where they stand beside the others, but are nobody to account for.
CREATE FUNCTION register.count_figures() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  bin timestamptz := date_bin('5 minutes', now(), '2020-01-01');
BEGIN
  WITH parties AS (
    SELECT r.crisis_id, r.post_id, CASE
      WHEN r.last_status = 'departed' THEN 'departed' WHEN r.last_status IN ('need_help', 'injured', 'in_danger') THEN 'need_help'
      WHEN r.last_status IS NULL OR r.check_in_by < now() THEN 'not_heard_from' ELSE 'accounted_for' END AS how
    FROM register.registration AS r WHERE r.state = 'registered' AND NOT register.is_exercise(r.client_id)),
  people AS (
    SELECT crisis_id, post_id, count(*) FILTER (WHERE how = 'accounted_for') AS accounted_for, count(*) FILTER (WHERE how = 'not_heard_from') AS not_heard_from,
      count(*) FILTER (WHERE how = 'need_help') AS need_help, count(*) FILTER (WHERE how = 'departed') AS departed
    FROM parties GROUP BY crisis_id, post_id),
  cases AS (
    SELECT crisis_id, post_id, sum(cases) AS open, sum(unclaimed) AS unclaimed, sum(late) AS late FROM register.case_count GROUP BY crisis_id, post_id)
  INSERT INTO register.figure AS f
  SELECT p.crisis_id, p.post_id, bin, coalesce(n.accounted_for, 0), coalesce(n.not_heard_from, 0), coalesce(n.need_help, 0), coalesce(n.departed, 0),
    coalesce(c.open, 0), coalesce(c.unclaimed, 0), coalesce(c.late, 0)
  FROM register.crisis_post AS p
  JOIN register.crisis AS k ON k.crisis_id = p.crisis_id AND k.closed_at IS NULL
  LEFT JOIN people AS n ON n.crisis_id = p.crisis_id AND n.post_id = p.post_id
  LEFT JOIN cases AS c ON c.crisis_id = p.crisis_id AND c.post_id = p.post_id
  ON CONFLICT (crisis_id, post_id, at) DO UPDATE SET accounted_for = excluded.accounted_for, not_heard_from = excluded.not_heard_from,
    need_help = excluded.need_help, departed = excluded.departed, open = excluded.open, unclaimed = excluded.unclaimed, late = excluded.late;
  DELETE FROM register.figure AS f WHERE f.at < now() - interval '14 days';

  WITH counted AS MATERIALIZED (
    SELECT n.crisis_id, n.post_id, n.queue, named.need, sum(n.cases)::integer AS cases
    FROM (SELECT c.crisis_id, c.post_id, c.queue, c.needs, count(*) AS cases FROM register.triage_case AS c
          WHERE c.state <> 'resolved' AND c.needs <> 0 GROUP BY c.crisis_id, c.post_id, c.queue, c.needs) AS n
    CROSS JOIN LATERAL unnest(register.need_names(n.needs)) AS named (need)
    GROUP BY n.crisis_id, n.post_id, n.queue, named.need),
  gone AS (
    DELETE FROM register.need_count AS k WHERE NOT EXISTS (
      SELECT FROM counted AS n WHERE (n.crisis_id, n.post_id, n.queue, n.need) = (k.crisis_id, k.post_id, k.queue, k.need)))
  INSERT INTO register.need_count AS k SELECT * FROM counted
  ON CONFLICT (crisis_id, post_id, queue, need) DO UPDATE SET cases = excluded.cases WHERE k.cases <> excluded.cases;
END $$;
REVOKE ALL ON FUNCTION register.count_figures FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.count_figures TO muster_courier;

ALTER TABLE register.figure ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.need_count ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.figure FOR SELECT TO muster_desk USING (
  crisis_id IN (
    SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead'))
  OR (crisis_id, post_id) IN (
    SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')));
CREATE POLICY desk_reads ON register.need_count FOR SELECT TO muster_desk USING (
  crisis_id IN (
    SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead'))
  OR (crisis_id, post_id) IN (
    SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')));
GRANT SELECT ON register.figure, register.need_count TO muster_desk;
