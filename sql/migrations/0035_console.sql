-- What the console shows beside the case itself: what was done with it, what a change of the triage policy would move, and who changed the policy before.
-- See docs/decisions/0019-console.md.

-- Each policy that a crisis had, for its history; the audit says the same, and to whoever may read it, more.
CREATE TABLE register.triage_policy_change (
  crisis_id       text NOT NULL REFERENCES register.crisis,
  version         integer NOT NULL,
  changed_at      timestamptz NOT NULL DEFAULT now(),
  staff_id        bigint,
  bands           smallint[] NOT NULL,
  answer_minutes  integer[] NOT NULL,
  PRIMARY KEY (crisis_id, version)
);
INSERT INTO register.triage_policy_change (crisis_id, version, changed_at, staff_id, bands, answer_minutes)
SELECT c.crisis_id, (a.detail ->> 'version')::integer, a.at, a.staff_id,
  ARRAY(SELECT e.value::smallint FROM jsonb_array_elements_text(a.detail -> 'new' -> 'bands') WITH ORDINALITY AS e (value, n) ORDER BY e.n),
  ARRAY(SELECT e.value::integer FROM jsonb_array_elements_text(a.detail -> 'new' -> 'answer_minutes') WITH ORDINALITY AS e (value, n) ORDER BY e.n)
FROM register.audit AS a JOIN register.crisis AS c ON c.crisis_id = a.detail ->> 'crisis'
WHERE a.action = 'policy.change'
ON CONFLICT DO NOTHING;

ALTER TABLE register.triage_policy_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.triage_policy_change FOR SELECT TO muster_desk USING (EXISTS (
  SELECT FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
  WHERE a.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')
    AND a.crisis_id = triage_policy_change.crisis_id));
CREATE POLICY desk_adds ON register.triage_policy_change FOR INSERT TO muster_desk
  WITH CHECK (desk.leads(crisis_id) AND staff_id = desk.staff_id());
GRANT SELECT, INSERT (crisis_id, version, staff_id, bands, answer_minutes) ON register.triage_policy_change TO muster_desk;

-- How many open cases have the same reasons and band, as the courier counts them from time to time: what a policy would move is told from these few
-- rows, not from millions of cases.
CREATE TABLE register.reason_count (
  crisis_id  text NOT NULL REFERENCES register.crisis,
  reasons    integer NOT NULL,
  band       smallint NOT NULL,
  cases      integer NOT NULL,
  PRIMARY KEY (crisis_id, reasons, band)
);
CREATE TABLE register.reason_counted (
  one         boolean PRIMARY KEY DEFAULT true CHECK (one),
  counted_at  timestamptz NOT NULL
);
-- Reads every open case once, and writes the counts that have changed.
CREATE FUNCTION register.count_reasons() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  written bigint;
BEGIN
  WITH counted AS MATERIALIZED (
    SELECT c.crisis_id, c.reasons, c.band, count(*)::integer AS cases FROM register.triage_case AS c
    WHERE c.state <> 'resolved' GROUP BY c.crisis_id, c.reasons, c.band),
  gone AS (
    DELETE FROM register.reason_count AS k WHERE NOT EXISTS (
      SELECT FROM counted AS n WHERE (n.crisis_id, n.reasons, n.band) = (k.crisis_id, k.reasons, k.band))),
  known AS (
    INSERT INTO register.reason_count AS k (crisis_id, reasons, band, cases)
    SELECT n.crisis_id, n.reasons, n.band, n.cases FROM counted AS n
    LEFT JOIN register.reason_count AS old USING (crisis_id, reasons, band)
    WHERE old.cases IS DISTINCT FROM n.cases
    ON CONFLICT (crisis_id, reasons, band) DO UPDATE SET cases = excluded.cases
    RETURNING 1)
  SELECT count(*) INTO written FROM known;
  INSERT INTO register.reason_counted AS r (counted_at) VALUES (now()) ON CONFLICT (one) DO UPDATE SET counted_at = excluded.counted_at;
  RETURN written;
END $$;

ALTER TABLE register.reason_count ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.reason_count FOR SELECT TO muster_desk USING (desk.leads(crisis_id));
GRANT SELECT ON register.reason_count, register.reason_counted TO muster_desk;

-- What was done with a case and by whom, from the audit, for whoever sees the case: neither looks at it, nor what stands in its timeline anyway.
CREATE FUNCTION desk.case_steps(id bigint, most integer, OUT at timestamptz, OUT who text, OUT action text, OUT post text, OUT taker text,
  OUT until timestamptz, OUT waits_on text)
RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
  SELECT a.at, s.name, substr(a.action, 6), CASE WHEN a.action IN ('case.transfer', 'case.escalate') THEN a.detail ->> 'post' END, t.name,
    CASE WHEN a.action = 'case.waiting' THEN (a.detail ->> 'until')::timestamptz END, CASE WHEN a.action = 'case.waiting' THEN a.detail ->> 'on' END
  FROM register.audit AS a
  LEFT JOIN register.staff AS s ON s.staff_id = a.staff_id
  LEFT JOIN register.staff AS t ON t.staff_id = CASE WHEN a.action = 'case.transfer' THEN (a.detail ->> 'to')::bigint END
  WHERE a.registration_id = id
    AND a.action IN ('case.claim', 'case.release', 'case.resolve', 'case.reopen', 'case.waiting', 'case.transfer', 'case.escalate', 'case.keep_apart',
      'case.maybe_same')
    AND EXISTS (SELECT FROM register.triage_case AS c WHERE c.registration_id = id AND (c.crisis_id, c.post_id) IN (SELECT p.crisis_id, p.post_id FROM desk.scope AS p))
  ORDER BY a.audit_id DESC LIMIT most
$$;
REVOKE ALL ON FUNCTION register.count_reasons, desk.case_steps FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.count_reasons TO muster_courier;
GRANT EXECUTE ON FUNCTION desk.case_steps TO muster_desk;
