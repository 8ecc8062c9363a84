-- The map: open cases counted by place, so that no request reads the cases themselves. See docs/decisions/0011-map.md.

CREATE TABLE register.case_count (
  crisis_id  text NOT NULL REFERENCES register.crisis ON DELETE CASCADE,
  post_id    text NOT NULL,
  cell       text NOT NULL,                        -- '': where they are is not known
  queue      text NOT NULL,
  band       smallint NOT NULL,
  lat        double precision,                     -- the cell's middle
  lon        double precision,
  cases      integer NOT NULL,
  unclaimed  integer NOT NULL,
  late       integer NOT NULL,
  people     integer NOT NULL,
  PRIMARY KEY (crisis_id, post_id, cell, queue, band)
);
CREATE TABLE register.case_counted (
  one         boolean PRIMARY KEY DEFAULT true CHECK (one),
  counted_at  timestamptz NOT NULL
);

-- As cell_middle() of lib/domain/place.c.
CREATE FUNCTION register.cell_middle(cell text, OUT lat double precision, OUT lon double precision) LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  south double precision := -90; north double precision := 90; west double precision := -180; east double precision := 180;
  digit integer; number integer := 0;
BEGIN
  FOR place IN 1 .. length(cell) LOOP
    digit := strpos('0123456789bcdefghjkmnpqrstuvwxyz', substr(cell, place, 1)) - 1;
    FOR bit IN REVERSE 4 .. 0 LOOP
      IF number % 2 = 0 THEN
        IF digit & (1 << bit) <> 0 THEN west := (west + east) / 2; ELSE east := (west + east) / 2; END IF;
      ELSE
        IF digit & (1 << bit) <> 0 THEN south := (south + north) / 2; ELSE north := (south + north) / 2; END IF;
      END IF;
      number := number + 1;
    END LOOP;
  END LOOP;
  lat := (south + north) / 2;
  lon := (west + east) / 2;
END $$;

-- Reads every open case once, and writes the counts that have changed.
CREATE FUNCTION register.count_cases() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  written bigint;
BEGIN
  WITH counted AS MATERIALIZED (
    SELECT c.crisis_id, c.post_id, coalesce(c.cell, '') AS cell, c.queue, c.band, count(*)::integer AS cases,
      (count(*) FILTER (WHERE c.state = 'open'))::integer AS unclaimed,
      (count(*) FILTER (WHERE c.respond_by < now() AND c.answered_at IS NULL))::integer AS late,
      sum(coalesce(c.people, 1))::integer AS people
    FROM register.triage_case AS c WHERE c.state <> 'resolved'
    GROUP BY c.crisis_id, c.post_id, coalesce(c.cell, ''), c.queue, c.band),
  gone AS (
    DELETE FROM register.case_count AS k WHERE NOT EXISTS (
      SELECT FROM counted AS n WHERE (n.crisis_id, n.post_id, n.cell, n.queue, n.band) = (k.crisis_id, k.post_id, k.cell, k.queue, k.band))),
  known AS (
    INSERT INTO register.case_count AS k (crisis_id, post_id, cell, queue, band, lat, lon, cases, unclaimed, late, people)
    SELECT n.crisis_id, n.post_id, n.cell, n.queue, n.band, m.lat, m.lon, n.cases, n.unclaimed, n.late, n.people
    FROM counted AS n
    LEFT JOIN register.case_count AS old USING (crisis_id, post_id, cell, queue, band)
    LEFT JOIN LATERAL register.cell_middle(n.cell) AS m ON n.cell <> ''
    WHERE (old.cases, old.unclaimed, old.late, old.people) IS DISTINCT FROM (n.cases, n.unclaimed, n.late, n.people)
    ON CONFLICT (crisis_id, post_id, cell, queue, band) DO UPDATE
      SET cases = excluded.cases, unclaimed = excluded.unclaimed, late = excluded.late, people = excluded.people
    RETURNING 1)
  SELECT count(*) INTO written FROM known;
  INSERT INTO register.case_counted AS c (counted_at) VALUES (now()) ON CONFLICT (one) DO UPDATE SET counted_at = excluded.counted_at;
  RETURN written;
END $$;
REVOKE ALL ON FUNCTION register.count_cases, register.cell_middle FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.count_cases TO muster_courier;

-- Whoever sees a case sees it counted.
ALTER TABLE register.case_count ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.case_count FOR SELECT TO muster_desk USING (
  crisis_id IN (
    SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead'))
  OR (crisis_id, post_id) IN (
    SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')));
GRANT SELECT ON register.case_count, register.case_counted TO muster_desk;
