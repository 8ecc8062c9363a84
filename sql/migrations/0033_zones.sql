-- Zones that a lead draws on the map of a crisis: danger, which makes a case more urgent, and assembly points. What the register keeps of a place in the
-- clear is a cell of some 5 km, so a zone acts by the cells that it touches; what it means of a case is for lib/domain to say, and the courier that
-- leads judges open cases anew when the cells in danger change. See docs/decisions/0018-zones.md.

CREATE TABLE register.zone (
  zone_id      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  crisis_id    text NOT NULL REFERENCES register.crisis ON DELETE CASCADE,
  kind         text NOT NULL CHECK (kind IN ('danger', 'assembly_point')),
  name         text NOT NULL,
  geometry     text NOT NULL,                      -- as GeoJSON: a Polygon of one ring, or a Point
  radius_m     double precision,                   -- of a circle about a Point
  cells        text[] NOT NULL,                    -- that it touches; one of less than five symbols stands for all that begin so
  valid_from   timestamptz NOT NULL DEFAULT now(),
  valid_until  timestamptz,
  in_force     boolean NOT NULL DEFAULT false,     -- it is between the two, as was looked at last
  version      integer NOT NULL DEFAULT 1,
  changed_at   timestamptz NOT NULL DEFAULT now(),
  removed_at   timestamptz                         -- kept, so that it can be brought back
);
CREATE INDEX zone_of_crisis ON register.zone (crisis_id) WHERE removed_at IS NULL;
CREATE TABLE register.zone_cell (
  zone_id    uuid NOT NULL REFERENCES register.zone ON DELETE CASCADE,
  cell       text NOT NULL,
  crisis_id  text NOT NULL,
  danger     boolean NOT NULL,                     -- of a danger zone that is in force
  PRIMARY KEY (zone_id, cell)
);
CREATE INDEX zone_cell_danger ON register.zone_cell (crisis_id, cell) WHERE danger;

-- The cells in danger of a crisis, all together: what edges read, and how far the open cases were judged by them.
CREATE TABLE register.danger (
  crisis_id   text PRIMARY KEY REFERENCES register.crisis ON DELETE CASCADE,
  version     integer NOT NULL DEFAULT 1,
  cells       text[] NOT NULL,
  changed_at  timestamptz NOT NULL DEFAULT now(),
  judging     boolean NOT NULL DEFAULT true,       -- open cases are being judged anew
  judged_to   bigint NOT NULL DEFAULT -1           -- those up to this one were
);

-- Registered parties that have not departed, by where they were last; and both, open cases and parties, by zone.
CREATE TABLE register.party_count (
  crisis_id  text NOT NULL REFERENCES register.crisis ON DELETE CASCADE,
  post_id    text NOT NULL,
  cell       text NOT NULL,
  parties    integer NOT NULL,
  people     integer NOT NULL,
  PRIMARY KEY (crisis_id, post_id, cell)
);
CREATE TABLE register.zone_count (
  zone_id    uuid NOT NULL REFERENCES register.zone ON DELETE CASCADE,
  crisis_id  text NOT NULL,
  post_id    text NOT NULL,
  queue      text NOT NULL,                        -- '': registered parties, and not cases
  band       smallint NOT NULL,                    -- the worst; 0: none
  number     integer NOT NULL,
  unclaimed  integer NOT NULL,
  late       integer NOT NULL,
  people     integer NOT NULL,
  PRIMARY KEY (zone_id, post_id, queue)
);

-- Brings the cells in danger of a crisis up to date with its zones and the time.
CREATE FUNCTION register.turn_zones(crisis text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  all_of_them text[];
BEGIN
  PERFORM FROM register.crisis AS c WHERE c.crisis_id = crisis FOR NO KEY UPDATE; -- one at a time
  UPDATE register.zone AS z SET in_force = NOT z.in_force
  WHERE z.crisis_id = crisis AND z.in_force <> (z.removed_at IS NULL AND z.valid_from <= now() AND coalesce(z.valid_until > now(), true));
  UPDATE register.zone_cell AS c SET danger = NOT c.danger FROM register.zone AS z
  WHERE z.crisis_id = crisis AND c.zone_id = z.zone_id AND c.danger <> (z.in_force AND z.kind = 'danger');
  SELECT coalesce(array_agg(DISTINCT c.cell ORDER BY c.cell), '{}') INTO all_of_them FROM register.zone_cell AS c WHERE c.crisis_id = crisis AND c.danger;
  INSERT INTO register.danger AS d (crisis_id, cells) SELECT crisis, all_of_them
  WHERE all_of_them <> '{}' OR EXISTS (SELECT FROM register.danger AS t WHERE t.crisis_id = crisis)
  ON CONFLICT (crisis_id) DO UPDATE SET version = d.version + 1, cells = excluded.cells, changed_at = now(), judging = true, judged_to = -1
  WHERE d.cells <> excluded.cells;
END $$;

-- A lead's new zone (`seen` 0), or the next version of one that stands or was removed, if it still is at the version that they saw. No row when it is
-- not, or not theirs; a row without a version when the crisis has as many as it may.
CREATE FUNCTION desk.put_zone(zone uuid, crisis text, seen integer, new_kind text, new_name text, new_geometry text, new_radius double precision,
  new_cells text[], new_from timestamptz, new_until timestamptz, OUT version integer, OUT was jsonb) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  old register.zone;
BEGIN
  PERFORM FROM register.crisis AS c WHERE c.crisis_id = crisis AND c.closed_at IS NULL AND desk.leads(c.crisis_id) FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT * INTO old FROM register.zone AS z WHERE z.zone_id = zone FOR UPDATE;
  IF FOUND <> (seen > 0) OR old.crisis_id <> crisis OR old.version <> seen THEN RETURN; END IF;
  IF (old.zone_id IS NULL OR old.removed_at IS NOT NULL)
    AND (SELECT count(*) FROM register.zone AS z WHERE z.crisis_id = crisis AND z.removed_at IS NULL) >= 100 THEN
    RETURN NEXT;
    RETURN;
  END IF;
  version := seen + 1;
  was := CASE WHEN old.zone_id IS NOT NULL THEN to_jsonb(old) - 'cells' END;
  INSERT INTO register.zone AS z (zone_id, crisis_id, kind, name, geometry, radius_m, cells, valid_from, valid_until)
  VALUES (zone, crisis, new_kind, new_name, new_geometry, new_radius, new_cells, coalesce(new_from, now()), new_until)
  ON CONFLICT (zone_id) DO UPDATE SET kind = excluded.kind, name = excluded.name, geometry = excluded.geometry, radius_m = excluded.radius_m,
    cells = excluded.cells, valid_from = coalesce(new_from, z.valid_from), valid_until = excluded.valid_until, version = put_zone.version,
    changed_at = now(), removed_at = NULL;
  IF old.cells IS DISTINCT FROM new_cells OR old.removed_at IS NOT NULL THEN
    DELETE FROM register.zone_cell AS c WHERE c.zone_id = zone;
    INSERT INTO register.zone_cell (zone_id, cell, crisis_id, danger) SELECT zone, c.cell, crisis, false FROM unnest(new_cells) AS c (cell);
  END IF;
  PERFORM register.turn_zones(crisis);
  RETURN NEXT;
END $$;

-- Takes a lead's zone off the map. No row when it is not at the version that they saw, or not theirs.
CREATE FUNCTION desk.remove_zone(zone uuid, seen integer, OUT version integer, OUT crisis text, OUT was jsonb) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  old register.zone;
BEGIN
  SELECT * INTO old FROM register.zone AS z WHERE z.zone_id = zone;
  PERFORM FROM register.crisis AS c WHERE c.crisis_id = old.crisis_id AND desk.leads(c.crisis_id) FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE register.zone AS z SET removed_at = now(), changed_at = now(), version = z.version + 1
  WHERE z.zone_id = zone AND z.version = seen AND z.removed_at IS NULL RETURNING z.version INTO version;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM register.turn_zones(old.crisis_id);
  DELETE FROM register.zone_cell AS c WHERE c.zone_id = zone;
  DELETE FROM register.zone_count AS c WHERE c.zone_id = zone;
  crisis := old.crisis_id;
  was := to_jsonb(old) - 'cells';
  RETURN NEXT;
END $$;

-- Whether open cases are still being judged by the crisis's zones.
CREATE FUNCTION desk.is_judging(crisis text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM register.danger AS d WHERE d.crisis_id = crisis AND d.judging)
$$;

-- Reads every registered party once.
CREATE FUNCTION register.count_parties() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
BEGIN
  WITH counted AS MATERIALIZED (
    SELECT r.crisis_id, r.post_id, r.cell, count(*)::integer AS parties, sum(r.party_size)::integer AS people
    FROM register.registration AS r
    WHERE r.state = 'registered' AND r.cell IS NOT NULL AND r.last_status IS DISTINCT FROM 'departed' AND NOT register.is_exercise(r.client_id)
    GROUP BY r.crisis_id, r.post_id, r.cell),
  gone AS (
    DELETE FROM register.party_count AS k WHERE NOT EXISTS (
      SELECT FROM counted AS n WHERE (n.crisis_id, n.post_id, n.cell) = (k.crisis_id, k.post_id, k.cell)))
  INSERT INTO register.party_count AS k SELECT * FROM counted
  ON CONFLICT (crisis_id, post_id, cell) DO UPDATE SET parties = excluded.parties, people = excluded.people
    WHERE (k.parties, k.people) <> (excluded.parties, excluded.people);
END $$;

-- Sums what was counted by cell over the cells of each zone.
CREATE FUNCTION register.count_zones() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM register.zone_cell) AND NOT EXISTS (SELECT FROM register.zone_count) THEN RETURN; END IF;
  WITH placed AS (
    SELECT k.crisis_id, k.post_id, k.cell, k.queue, k.band, k.cases AS number, k.unclaimed, k.late, k.people
    FROM register.case_count AS k WHERE k.cell <> ''
    UNION ALL
    SELECT p.crisis_id, p.post_id, p.cell, '', 0, p.parties, 0, 0, p.people FROM register.party_count AS p),
  counted AS MATERIALIZED (
    SELECT z.zone_id, p.crisis_id, p.post_id, p.queue, min(p.band)::smallint AS band, sum(p.number)::integer AS number,
      sum(p.unclaimed)::integer AS unclaimed, sum(p.late)::integer AS late, sum(p.people)::integer AS people
    FROM placed AS p CROSS JOIN LATERAL unnest(ARRAY[left(p.cell, 2), left(p.cell, 3), left(p.cell, 4), p.cell]) AS n (cell)
    JOIN register.zone_cell AS z ON z.crisis_id = p.crisis_id AND z.cell = n.cell
    GROUP BY z.zone_id, p.crisis_id, p.post_id, p.queue),
  gone AS (
    DELETE FROM register.zone_count AS k WHERE NOT EXISTS (
      SELECT FROM counted AS n WHERE (n.zone_id, n.post_id, n.queue) = (k.zone_id, k.post_id, k.queue)))
  INSERT INTO register.zone_count AS k SELECT * FROM counted
  ON CONFLICT (zone_id, post_id, queue) DO UPDATE SET band = excluded.band, number = excluded.number, unclaimed = excluded.unclaimed,
    late = excluded.late, people = excluded.people
    WHERE (k.band, k.number, k.unclaimed, k.late, k.people) <> (excluded.band, excluded.number, excluded.unclaimed, excluded.late, excluded.people);
END $$;

-- What is inside cells that are not a zone yet, of what the caller may see. Thousands of cells against thousands of counts: by hashing, in one pass.
CREATE FUNCTION desk.count_within(crisis text, cells text[], OUT queue text, OUT band smallint, OUT number bigint, OUT unclaimed bigint, OUT late bigint,
  OUT people bigint) RETURNS SETOF record LANGUAGE sql STABLE SET enable_hashjoin = on SET jit = off AS $$
  WITH placed AS (
    SELECT k.cell, k.queue, k.band, k.cases AS number, k.unclaimed, k.late, k.people
    FROM desk.scope AS s JOIN register.case_count AS k ON k.crisis_id = s.crisis_id AND k.post_id = s.post_id
    WHERE s.crisis_id = crisis AND k.cell <> ''
    UNION ALL
    SELECT p.cell, '', 0, p.parties, 0, 0, p.people
    FROM desk.scope AS s JOIN register.party_count AS p ON p.crisis_id = s.crisis_id AND p.post_id = s.post_id WHERE s.crisis_id = crisis),
  wanted AS MATERIALIZED (SELECT DISTINCT w.cell FROM unnest(cells) AS w (cell))
  SELECT p.queue, min(p.band)::smallint, sum(p.number), sum(p.unclaimed), sum(p.late), sum(p.people)
  FROM placed AS p CROSS JOIN LATERAL unnest(ARRAY[left(p.cell, 2), left(p.cell, 3), left(p.cell, 4), p.cell]) AS n (cell)
  JOIN wanted AS w ON w.cell = n.cell GROUP BY p.queue
$$;

-- As 0025_policy.sql has it; and what an edge said of danger zones that is not so by the party's cell is judged again: the edge had not read them yet, or
-- was told no position. Where there is no zone this looks at one row that is not there.
CREATE OR REPLACE FUNCTION edge.raise_cases(
  ids bigint[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[], receiveds timestamptz[],
  statuses text[], cry_needs integer[], peoples smallint[], cells text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  in_danger_zone CONSTANT integer := 1 << 26; -- REASON_IN_DANGER_ZONE of lib/domain/triage.h
BEGIN -- PL/pgSQL for its kept plan: a function in SQL would be parsed and planned at each call
  IF EXISTS (SELECT FROM register.merged AS m WHERE m.undone_at IS NULL) THEN
    SELECT array_agg(coalesce(m.case_id, i.id) ORDER BY i.record) INTO ids
    FROM unnest(ids) WITH ORDINALITY AS i (id, record)
    LEFT JOIN register.merged AS m ON m.registration_id = i.id AND m.undone_at IS NULL;
  END IF;
  INSERT INTO register.triage_case AS c (registration_id, crisis_id, post_id, queue, band, reasons, state, respond_by,
      received_at, opened_at, needs, people, cell, last_status, judge_again)
  SELECT r.registration_id, r.crisis_id, r.post_id,
      CASE WHEN r.state = 'unidentified' THEN 'identification' ELSE cry.queue END,
      cry.band, cry.reasons, 'open', cry.respond_by, cry.received_at, cry.received_at,
      -- where they are and how they are: the party's, which a cry that comes late, by the journal, does not set back
      cry.needs | r.needs, cry.people, coalesce(r.cell, cry.cell), coalesce(r.last_status, cry.status),
      coalesce(cry.received_at < p.changed_at + interval '15 seconds', false)
        OR CASE WHEN d.crisis_id IS NULL THEN cry.reasons & in_danger_zone <> 0
                ELSE (cry.reasons & in_danger_zone <> 0) <> EXISTS (
                  SELECT FROM register.zone_cell AS z WHERE z.danger AND z.crisis_id = r.crisis_id
                    AND z.cell = ANY (ARRAY[left(coalesce(r.cell, cry.cell), 2), left(coalesce(r.cell, cry.cell), 3), left(coalesce(r.cell, cry.cell), 4),
                      coalesce(r.cell, cry.cell)])) END
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
  LEFT JOIN register.danger AS d ON d.crisis_id = r.crisis_id
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
    -- they have gone into a danger zone, or out of it, since
    judge_again = c.judge_again OR excluded.judge_again OR (c.reasons # excluded.reasons) & in_danger_zone <> 0,
    version = c.version + 1;
END $$;

-- As 0025_policy.sql has them, with whether the case is in a danger zone, and with a walk through a crisis whose cells in danger have changed: at most one
-- of the two walks is under way at a time, and each judges by both.
DROP FUNCTION register.cases_to_judge, register.judge_cases;
CREATE FUNCTION register.cases_to_judge(most integer, OUT crisis_id text, OUT version integer, OUT bands text, OUT answer_minutes text,
  OUT judged_to bigint, OUT last boolean, OUT registration_id bigint, OUT reasons integer, OUT received_at timestamptz, OUT unidentified boolean,
  OUT in_danger_zone boolean, OUT of_zones boolean)
RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  p record;
BEGIN
  PERFORM register.turn_zones(t.crisis_id) FROM (SELECT DISTINCT z.crisis_id FROM register.zone AS z
    WHERE z.in_force <> (z.removed_at IS NULL AND z.valid_from <= now() AND coalesce(z.valid_until > now(), true))) AS t;
  RETURN QUERY SELECT NULL::text, NULL::integer, array_to_string(p.bands, ' '), array_to_string(p.answer_minutes, ' '), NULL::bigint, false,
    c.registration_id, c.reasons, c.received_at, r.state = 'unidentified', register.is_in_danger(c.crisis_id, c.cell), false
  FROM (SELECT * FROM register.triage_case AS t WHERE t.judge_again ORDER BY t.registration_id LIMIT most) AS c
  JOIN register.registration AS r USING (registration_id)
  LEFT JOIN register.triage_policy AS p ON p.crisis_id = c.crisis_id;
  IF FOUND THEN RETURN; END IF;
  SELECT t.crisis_id, t.version, t.judged_to, t.bands, t.answer_minutes, false AS of_zones INTO p
  FROM register.triage_policy AS t WHERE t.judging ORDER BY t.changed_at LIMIT 1;
  IF NOT FOUND THEN
    SELECT d.crisis_id, d.version, d.judged_to, t.bands, t.answer_minutes, true AS of_zones INTO p
    FROM register.danger AS d LEFT JOIN register.triage_policy AS t ON t.crisis_id = d.crisis_id WHERE d.judging ORDER BY d.changed_at LIMIT 1;
  END IF;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN QUERY
  WITH looked_at AS MATERIALIZED (
    SELECT t.* FROM register.triage_case AS t WHERE t.registration_id > p.judged_to ORDER BY t.registration_id LIMIT most),
  far AS (SELECT coalesce(max(l.registration_id), p.judged_to) AS judged_to, count(*) < most AS last FROM looked_at AS l)
  SELECT p.crisis_id, p.version, array_to_string(p.bands, ' '), array_to_string(p.answer_minutes, ' '), f.judged_to, f.last,
    l.registration_id, l.reasons, l.received_at, r.state = 'unidentified', register.is_in_danger(l.crisis_id, l.cell), p.of_zones
  FROM far AS f LEFT JOIN looked_at AS l ON l.crisis_id = p.crisis_id AND l.state <> 'resolved'
  LEFT JOIN register.registration AS r ON r.registration_id = l.registration_id;
END $$;

CREATE FUNCTION register.is_in_danger(crisis text, cell text) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM register.zone_cell AS z WHERE z.danger AND z.crisis_id = crisis
    AND z.cell = ANY (ARRAY[left(is_in_danger.cell, 2), left(is_in_danger.cell, 3), left(is_in_danger.cell, 4), is_in_danger.cell]));
END $$;

-- Of a party; for who asks whether it is overdue there.
CREATE OR REPLACE FUNCTION register.is_in_danger_zone(r register.registration) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT register.is_in_danger(r.crisis_id, r.cell)
$$;

CREATE FUNCTION register.judge_cases(crisis text, seen integer, up_to bigint, done boolean, ids bigint[], seen_reasons integer[],
  new_bands smallint[], new_queues text[], new_respond_bys timestamptz[], new_reasons integer[], in_danger_zones boolean[], of_zones boolean,
  OUT moved bigint, OUT held_up boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  held bigint[];
  left_at bigint;
BEGIN
  SELECT array_agg(l.registration_id) INTO held FROM (
    SELECT c.registration_id FROM register.triage_case AS c JOIN unnest(ids, seen_reasons, in_danger_zones) AS j (id, reasons, in_danger_zone)
      ON c.registration_id = j.id AND c.reasons = j.reasons AND register.is_in_danger(c.crisis_id, c.cell) = j.in_danger_zone
    ORDER BY c.registration_id FOR UPDATE OF c SKIP LOCKED) AS l;
  SELECT min(m.id) INTO left_at FROM (SELECT unnest(ids) EXCEPT SELECT unnest(held)) AS m (id)
  WHERE EXISTS (SELECT FROM register.triage_case AS c WHERE c.registration_id = m.id);
  WITH changed AS (
    UPDATE register.triage_case AS c SET judge_again = false, version = c.version + 1,
      band = CASE c.state WHEN 'resolved' THEN c.band ELSE j.band END, queue = CASE c.state WHEN 'resolved' THEN c.queue ELSE j.queue END,
      reasons = CASE c.state WHEN 'resolved' THEN c.reasons ELSE j.reasons END,
      respond_by = CASE c.state WHEN 'resolved' THEN c.respond_by ELSE j.respond_by END
    FROM unnest(ids, new_bands, new_queues, new_respond_bys, new_reasons) AS j (id, band, queue, respond_by, reasons)
    WHERE c.registration_id = j.id AND j.id = ANY (held)
      AND (c.judge_again OR (c.state <> 'resolved' AND (c.band, c.queue, c.respond_by, c.reasons) IS DISTINCT FROM (j.band, j.queue, j.respond_by, j.reasons)))
    RETURNING 1)
  SELECT count(*) INTO moved FROM changed;
  held_up := left_at IS NOT NULL;
  IF of_zones THEN
    UPDATE register.danger AS d SET judged_to = least(up_to, left_at - 1), judging = NOT done OR held_up
    WHERE d.crisis_id = crisis AND d.version = seen;
  ELSE
    UPDATE register.triage_policy AS p SET judged_to = least(up_to, left_at - 1), judging = NOT done OR held_up
    WHERE p.crisis_id = crisis AND p.version = seen;
  END IF;
END $$;

-- As 0004_report.sql has it, with the names that came since.
CREATE OR REPLACE FUNCTION report.reason_names(reasons integer) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(name ORDER BY bit), '{}') FROM unnest(ARRAY[
    'injured_life_threat', 'in_danger_life_threat', 'trapped', 'under_fire', 'child_alone_in_danger', 'injured', 'in_danger',
    'medical', 'medication', 'pregnant', 'unaccompanied_minor', 'detained', 'violence', 'help_asked', 'moving',
    'overdue_in_danger_zone', 'wants_evacuation', 'overdue', 'travel_documents', 'change_of_plan', 'message_to_read',
    'unclear_message', 'unknown_sender', 'inquiry', 'opted_out', 'opted_in', 'in_danger_zone'])
    WITH ORDINALITY AS named (name, bit) WHERE reasons & (1 << (bit - 1)::integer) <> 0
$$;

REVOKE ALL ON FUNCTION register.turn_zones, register.is_in_danger, register.is_in_danger_zone, desk.put_zone, desk.remove_zone, desk.count_within, desk.is_judging, register.count_parties,
  register.count_zones, register.cases_to_judge, register.judge_cases FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.put_zone, desk.remove_zone, desk.count_within, desk.is_judging TO muster_desk;
GRANT EXECUTE ON FUNCTION register.count_parties, register.count_zones, register.cases_to_judge, register.judge_cases TO muster_courier;

-- Who works a crisis sees its zones, whatever their post; who sees a case sees it counted.
ALTER TABLE register.zone ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.zone_cell ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.danger ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.zone_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.party_count ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.zone FOR SELECT TO muster_desk USING (crisis_id IN (
  SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
  WHERE a.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')));
CREATE POLICY desk_reads ON register.zone_cell FOR SELECT TO muster_desk USING (crisis_id IN (
  SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
  WHERE a.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')));
CREATE POLICY edge_reads ON register.danger FOR SELECT TO muster_edge USING (true);
CREATE POLICY desk_reads ON register.zone_count FOR SELECT TO muster_desk USING (
  crisis_id IN (
    SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead'))
  OR (crisis_id, post_id) IN (
    SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')));
CREATE POLICY desk_reads ON register.party_count FOR SELECT TO muster_desk USING (
  crisis_id IN (
    SELECT a.crisis_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead'))
  OR (crisis_id, post_id) IN (
    SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')));
GRANT SELECT ON register.zone, register.zone_cell, register.zone_count, register.party_count TO muster_desk;
GRANT SELECT ON register.danger TO muster_edge;
