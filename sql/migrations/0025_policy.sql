-- The triage policy of a crisis, where a lead changed it: which band each reason has, and in how many minutes each band is answered. A crisis
-- without a row has the default (lib/domain/triage.c). What it means of a case is for lib/domain to say: the courier that leads judges open cases
-- anew after a change, some at a time. See docs/decisions/0013-triage-policy.md.

CREATE TABLE register.triage_policy (
  crisis_id       text PRIMARY KEY REFERENCES register.crisis,
  version         integer NOT NULL DEFAULT 1,
  bands           smallint[] NOT NULL,             -- by reason, in the order of enum triage_reason; 0: no band of its own
  answer_minutes  integer[] NOT NULL CHECK (cardinality(answer_minutes) = 5), -- by band, from 1
  changed_at      timestamptz NOT NULL DEFAULT now(),
  judging         boolean NOT NULL DEFAULT true,   -- open cases are being judged anew
  judged_to       bigint NOT NULL DEFAULT -1       -- those up to this one were
);

-- Said under another policy than that of its crisis: by an edge that has not read it yet, or before it was changed, in a journal.
ALTER TABLE register.triage_case ADD COLUMN judge_again boolean NOT NULL DEFAULT false;
CREATE INDEX triage_case_judge_again ON register.triage_case (registration_id) WHERE judge_again;

-- As 0002_edge.sql has it, with what is to be judged again; and a cry after an answer counts from when it came.
CREATE OR REPLACE FUNCTION edge.raise_cases(
  ids bigint[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[], receiveds timestamptz[],
  statuses text[], cry_needs integer[], peoples smallint[], cells text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN -- PL/pgSQL for its kept plan: a function in SQL would be parsed and planned at each call
  INSERT INTO register.triage_case AS c (registration_id, crisis_id, post_id, queue, band, reasons, state, respond_by,
      received_at, opened_at, needs, people, cell, last_status, judge_again)
  SELECT r.registration_id, r.crisis_id, r.post_id,
      CASE WHEN r.state = 'unidentified' THEN 'identification' ELSE cry.queue END,
      cry.band, cry.reasons, 'open', cry.respond_by, cry.received_at, cry.received_at,
      -- where they are and how they are: the party's, which a cry that comes late, by the journal, does not set back
      cry.needs | r.needs, cry.people, coalesce(r.cell, cry.cell), coalesce(r.last_status, cry.status),
      coalesce(cry.received_at < p.changed_at + interval '15 seconds', false)
  FROM (
    SELECT id, min(band) AS band, bit_or(reasons) AS reasons, min(respond_by) AS respond_by, min(received_at) AS received_at,
        (array_agg(queue ORDER BY band, respond_by))[1] AS queue, bit_or(needs) AS needs, max(people) AS people,
        (array_agg(cell ORDER BY received_at DESC) FILTER (WHERE cell IS NOT NULL))[1] AS cell,
        (array_agg(status ORDER BY received_at DESC) FILTER (WHERE status IS NOT NULL))[1] AS status
    FROM unnest(ids, bands, cry_reasons, queues, respond_bys, receiveds, statuses, cry_needs, peoples, cells)
      AS t (id, band, reasons, queue, respond_by, received_at, status, needs, people, cell)
    WHERE band IS NOT NULL
    GROUP BY id) AS cry
  JOIN register.registration AS r ON r.registration_id = cry.id
  LEFT JOIN register.triage_policy AS p ON p.crisis_id = r.crisis_id
  ORDER BY r.registration_id
  ON CONFLICT (registration_id) DO UPDATE SET
    band = CASE WHEN c.state = 'resolved' THEN excluded.band ELSE least(c.band, excluded.band) END,
    queue = CASE WHEN c.state = 'resolved' OR excluded.band < c.band THEN excluded.queue ELSE c.queue END,
    reasons = CASE WHEN c.state = 'resolved' THEN excluded.reasons ELSE c.reasons | excluded.reasons END,
    respond_by = CASE WHEN c.state = 'resolved' OR c.answered_at IS NOT NULL THEN excluded.respond_by
                      ELSE least(c.respond_by, excluded.respond_by) END,
    received_at = CASE WHEN c.state = 'resolved' OR c.answered_at IS NOT NULL THEN excluded.received_at
                       ELSE least(c.received_at, excluded.received_at) END,
    opened_at = CASE WHEN c.state = 'resolved' THEN excluded.opened_at ELSE c.opened_at END,
    -- a case that waited on the citizen has heard from them
    state = CASE WHEN c.state = 'waiting' AND c.claimed_by IS NOT NULL THEN 'claimed'
                 WHEN c.state = 'claimed' THEN 'claimed' ELSE 'open' END,
    claimed_by = CASE WHEN c.state = 'resolved' THEN NULL ELSE c.claimed_by END,
    claimed_at = CASE WHEN c.state = 'resolved' THEN NULL ELSE c.claimed_at END,
    lease_until = CASE WHEN c.state = 'resolved' THEN NULL
                       WHEN c.state = 'waiting' THEN now() + interval '15 minutes' ELSE c.lease_until END,
    waiting_until = NULL,
    -- read and acted on are facts about this cry, not about an earlier one
    read_at = NULL,
    answered_at = NULL,
    resolved_at = NULL,
    needs = c.needs | excluded.needs,
    people = coalesce(excluded.people, c.people),
    cell = coalesce(excluded.cell, c.cell),
    last_status = coalesce(excluded.last_status, c.last_status),
    judge_again = c.judge_again OR excluded.judge_again,
    version = c.version + 1;
END $$;

-- Whether the signed-in member of staff leads the whole crisis: its policy is that of every post.
CREATE FUNCTION desk.leads(crisis_id text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role = 'lead' AND a.crisis_id = leads.crisis_id AND a.post_id IS NULL)
$$;

ALTER TABLE register.triage_policy ENABLE ROW LEVEL SECURITY;
CREATE POLICY edge_reads ON register.triage_policy FOR SELECT TO muster_edge, muster_courier USING (true);
CREATE POLICY desk_reads ON register.triage_policy FOR SELECT TO muster_desk USING (EXISTS (
  SELECT FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
  WHERE a.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')
    AND a.crisis_id = triage_policy.crisis_id));
CREATE POLICY desk_adds ON register.triage_policy FOR INSERT TO muster_desk WITH CHECK (desk.leads(crisis_id));
CREATE POLICY desk_changes ON register.triage_policy FOR UPDATE TO muster_desk USING (desk.leads(crisis_id));
GRANT SELECT ON register.triage_policy TO muster_edge, muster_courier;
GRANT SELECT, INSERT (crisis_id, bands, answer_minutes), UPDATE (version, bands, answer_minutes, changed_at, judging, judged_to)
  ON register.triage_policy TO muster_desk;

-- The next open cases to be judged anew, `most` looked at, with the policy of their crisis (null: the default); first those that are marked. Of a
-- walk through a crisis each row tells how far it went, and one row without a case is there when none of those looked at is open.
CREATE FUNCTION register.cases_to_judge(most integer, OUT crisis_id text, OUT version integer, OUT bands text, OUT answer_minutes text,
  OUT judged_to bigint, OUT last boolean, OUT registration_id bigint, OUT reasons integer, OUT received_at timestamptz, OUT unidentified boolean)
RETURNS SETOF record LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  p register.triage_policy;
BEGIN
  RETURN QUERY SELECT NULL::text, NULL::integer, array_to_string(p.bands, ' '), array_to_string(p.answer_minutes, ' '), NULL::bigint, false,
    c.registration_id, c.reasons, c.received_at, r.state = 'unidentified'
  FROM (SELECT * FROM register.triage_case AS t WHERE t.judge_again ORDER BY t.registration_id LIMIT most) AS c
  JOIN register.registration AS r USING (registration_id)
  LEFT JOIN register.triage_policy AS p ON p.crisis_id = c.crisis_id;
  IF FOUND THEN RETURN; END IF;
  SELECT * INTO p FROM register.triage_policy AS t WHERE t.judging ORDER BY t.changed_at LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN QUERY
  WITH looked_at AS MATERIALIZED (
    SELECT t.* FROM register.triage_case AS t WHERE t.registration_id > p.judged_to ORDER BY t.registration_id LIMIT most),
  far AS (SELECT coalesce(max(l.registration_id), p.judged_to) AS judged_to, count(*) < most AS last FROM looked_at AS l)
  SELECT p.crisis_id, p.version, array_to_string(p.bands, ' '), array_to_string(p.answer_minutes, ' '), f.judged_to, f.last,
    l.registration_id, l.reasons, l.received_at, r.state = 'unidentified'
  FROM far AS f LEFT JOIN looked_at AS l ON l.crisis_id = p.crisis_id AND l.state <> 'resolved'
  LEFT JOIN register.registration AS r ON r.registration_id = l.registration_id;
END $$;

-- What came of it; and how far the walk through a crisis (null: none) went under that version of its policy. A case that somebody changes at this
-- moment, or has changed since it was looked at, is left, and the walk goes no further than it: it never waits behind a check-in, nor a
-- check-in for long behind it. Tells how many cases moved, and whether one was left.
CREATE FUNCTION register.judge_cases(crisis text, seen integer, up_to bigint, done boolean, ids bigint[], seen_reasons integer[],
  new_bands smallint[], new_queues text[], new_respond_bys timestamptz[], OUT moved bigint, OUT held_up boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  held bigint[];
  left_at bigint;
BEGIN
  SELECT array_agg(l.registration_id) INTO held FROM (
    SELECT c.registration_id FROM register.triage_case AS c JOIN unnest(ids, seen_reasons) AS j (id, reasons)
      ON c.registration_id = j.id AND c.reasons = j.reasons
    ORDER BY c.registration_id FOR UPDATE OF c SKIP LOCKED) AS l;
  SELECT min(m.id) INTO left_at FROM (SELECT unnest(ids) EXCEPT SELECT unnest(held)) AS m (id)
  WHERE EXISTS (SELECT FROM register.triage_case AS c WHERE c.registration_id = m.id);
  WITH changed AS (
    UPDATE register.triage_case AS c SET judge_again = false, version = c.version + 1,
      band = CASE c.state WHEN 'resolved' THEN c.band ELSE j.band END, queue = CASE c.state WHEN 'resolved' THEN c.queue ELSE j.queue END,
      respond_by = CASE c.state WHEN 'resolved' THEN c.respond_by ELSE j.respond_by END
    FROM unnest(ids, new_bands, new_queues, new_respond_bys) AS j (id, band, queue, respond_by)
    WHERE c.registration_id = j.id AND j.id = ANY (held)
      AND (c.judge_again OR (c.state <> 'resolved' AND (c.band, c.queue, c.respond_by) IS DISTINCT FROM (j.band, j.queue, j.respond_by)))
    RETURNING 1)
  SELECT count(*) INTO moved FROM changed;
  held_up := left_at IS NOT NULL;
  UPDATE register.triage_policy AS p SET judged_to = least(up_to, left_at - 1), judging = NOT done OR held_up
  WHERE p.crisis_id = crisis AND p.version = seen;
END $$;
REVOKE ALL ON FUNCTION desk.leads, register.cases_to_judge, register.judge_cases FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.leads TO muster_desk;
GRANT EXECUTE ON FUNCTION register.cases_to_judge, register.judge_cases TO muster_courier;
