-- Assembly points that a lead tells citizens of, if they say so: see docs/decisions/0018-zones.md.

ALTER TABLE register.zone
  ADD COLUMN tell_citizens boolean NOT NULL DEFAULT false,
  ADD COLUMN lat double precision,                 -- where it is, for who goes there: the middle, or a corner of what has its middle outside
  ADD COLUMN lon double precision,
  ADD COLUMN middle_cell text,                     -- of that
  ADD CONSTRAINT zone_told CHECK (NOT tell_citizens OR (kind = 'assembly_point' AND num_nulls(lat, lon, middle_cell) = 0));

-- What is told now of a crisis, all together: what edges read.
CREATE TABLE register.assembly (
  crisis_id   text PRIMARY KEY REFERENCES register.crisis ON DELETE CASCADE,
  version     integer NOT NULL DEFAULT 1,
  points      jsonb NOT NULL,                      -- [{"name", "lat", "lon"}]
  changed_at  timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE register.assembly ENABLE ROW LEVEL SECURITY;
CREATE POLICY edge_reads ON register.assembly FOR SELECT TO muster_edge USING (true);
GRANT SELECT ON register.assembly TO muster_edge;
-- Who draws sees whether it is told.
GRANT EXECUTE ON FUNCTION register.is_in_danger TO muster_desk;

-- As 0033_zones.sql has it, with what citizens are told: never of a point that lies in danger.
CREATE OR REPLACE FUNCTION register.turn_zones(crisis text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  all_of_them text[];
  told        jsonb;
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
  SELECT coalesce(jsonb_agg(jsonb_build_object('name', z.name, 'lat', z.lat, 'lon', z.lon) ORDER BY z.name, z.zone_id), '[]') INTO told
  FROM register.zone AS z WHERE z.crisis_id = crisis AND z.in_force AND z.tell_citizens AND NOT register.is_in_danger(crisis, z.middle_cell);
  INSERT INTO register.assembly AS a (crisis_id, points) SELECT crisis, told
  WHERE told <> '[]' OR EXISTS (SELECT FROM register.assembly AS t WHERE t.crisis_id = crisis)
  ON CONFLICT (crisis_id) DO UPDATE SET version = a.version + 1, points = excluded.points, changed_at = now() WHERE a.points <> excluded.points;
END $$;

-- As 0033_zones.sql has it, with whether citizens are told of it, and where it is for them.
DROP FUNCTION desk.put_zone;
CREATE FUNCTION desk.put_zone(zone uuid, crisis text, seen integer, new_kind text, new_name text, new_geometry text, new_radius double precision,
  new_cells text[], new_from timestamptz, new_until timestamptz, new_tell boolean, new_lat double precision,
  new_lon double precision, new_middle text, OUT version integer, OUT was jsonb) RETURNS SETOF record
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
  INSERT INTO register.zone AS z (zone_id, crisis_id, kind, name, geometry, radius_m, cells, valid_from, valid_until, tell_citizens, lat, lon, middle_cell)
  VALUES (zone, crisis, new_kind, new_name, new_geometry, new_radius, new_cells, coalesce(new_from, now()), new_until, new_tell, new_lat,
    new_lon, new_middle)
  ON CONFLICT (zone_id) DO UPDATE SET kind = excluded.kind, name = excluded.name, geometry = excluded.geometry, radius_m = excluded.radius_m,
    cells = excluded.cells, valid_from = coalesce(new_from, z.valid_from), valid_until = excluded.valid_until,
    tell_citizens = excluded.tell_citizens, lat = excluded.lat, lon = excluded.lon, middle_cell = excluded.middle_cell, version = put_zone.version,
    changed_at = now(), removed_at = NULL;
  IF old.cells IS DISTINCT FROM new_cells OR old.removed_at IS NOT NULL THEN
    DELETE FROM register.zone_cell AS c WHERE c.zone_id = zone;
    INSERT INTO register.zone_cell (zone_id, cell, crisis_id, danger) SELECT zone, c.cell, crisis, false FROM unnest(new_cells) AS c (cell);
  END IF;
  PERFORM register.turn_zones(crisis);
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION desk.put_zone FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.put_zone TO muster_desk;

-- As 0046_when_asked.sql has it, with the cell where they were last: the edge finds the nearest point by it.
DROP FUNCTION edge.own_record;
CREATE FUNCTION edge.own_record(id bigint, secret bytea,
  OUT crisis_id text, OUT language text, OUT party_size smallint, OUT needs integer, OUT intent text, OUT received_at timestamptz,
  OUT check_in_by timestamptz, OUT last_status text, OUT last_check_in_at timestamptz, OUT case_state text, OUT case_received_at timestamptz,
  OUT read_at timestamptz, OUT answered_at timestamptz, OUT resolved_at timestamptz, OUT cell text) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.crisis_id, r.language, r.party_size, r.needs, r.intent, r.received_at,
    register.check_in_due(h.crisis_id, h.cell, coalesce(h.last_check_in_at, h.received_at), h.check_in_by), h.last_status, h.last_check_in_at, c.state, c.received_at, c.read_at, c.answered_at, c.resolved_at, h.cell
  FROM register.registration AS r
  LEFT JOIN register.merged AS m ON m.registration_id = r.registration_id AND m.undone_at IS NULL
  JOIN register.registration AS h ON h.registration_id = coalesce(m.case_id, r.registration_id)
  LEFT JOIN register.triage_case AS c ON c.registration_id = h.registration_id
  WHERE r.registration_id = own_record.id AND r.secret_mac = own_record.secret AND (r.state = 'registered' OR m.was_state = 'registered')
$$;
REVOKE ALL ON FUNCTION edge.own_record FROM PUBLIC;
GRANT EXECUTE ON FUNCTION edge.own_record TO muster_edge;
