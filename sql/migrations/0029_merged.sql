-- Two cases of the same people are worked as one, until somebody undoes it. Nothing is moved: what a party told stays where it was told, under its own code and
-- secret; one case hears of both. See docs/decisions/0016-merging.md.

CREATE TABLE register.merged (
  registration_id  bigint NOT NULL REFERENCES register.registration,
  merged_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  into_id          bigint NOT NULL REFERENCES register.registration, -- as it was merged
  case_id          bigint NOT NULL REFERENCES register.registration, -- whose case it is part of now: of A into B into C, C
  place            smallint NOT NULL,              -- among those that are part of one case, from 1
  merged_by        bigint NOT NULL REFERENCES register.staff,
  was_state        text NOT NULL,                  -- of the registration
  was_post         text NOT NULL,
  was_case         jsonb,                          -- its case as it was; null: it had none
  kept_case        jsonb,                          -- the other's, before anything was merged into it
  kept_cell        text,
  undone_at        timestamptz,
  undone_by        bigint REFERENCES register.staff,
  PRIMARY KEY (registration_id, merged_at),
  CHECK (registration_id <> into_id AND registration_id <> case_id),
  CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
CREATE UNIQUE INDEX merged_now ON register.merged (registration_id) WHERE undone_at IS NULL;
CREATE INDEX merged_case ON register.merged (case_id) WHERE undone_at IS NULL;
CREATE INDEX merged_into ON register.merged (into_id, merged_at);

-- Not validated: the rows that are there are of the states that were.
ALTER TABLE register.registration
  DROP CONSTRAINT registration_state_check,
  ADD CONSTRAINT registration_state_check CHECK (state IN ('registered', 'unidentified', 'sought', 'merged')) NOT VALID, -- merged: part of another's case
  DROP CONSTRAINT registration_check,
  ADD CONSTRAINT registration_check CHECK (state IN ('unidentified', 'merged')
    OR (client_id IS NOT NULL AND content_mac IS NOT NULL AND secret_mac IS NOT NULL)) NOT VALID;

-- Visible with the party; its own case rests.
ALTER TABLE register.merged ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.merged FOR SELECT TO muster_desk
  USING (EXISTS (SELECT FROM register.registration AS r WHERE r.registration_id = merged.registration_id));
GRANT SELECT (registration_id, merged_at, into_id, case_id, place, merged_by, undone_at, undone_by, was_state) ON register.merged TO muster_desk;
ALTER POLICY desk_writes ON register.message WITH CHECK (origin = 'officer' AND staff_id = desk.staff_id()
  AND (state = 'queued' OR (state = 'failed' AND reason = 'exercise'))
  AND EXISTS (SELECT 1 FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.role IN ('officer', 'lead'))
  AND (EXISTS (SELECT 1 FROM register.triage_case AS c WHERE c.registration_id = message.registration_id)
    OR EXISTS (SELECT 1 FROM register.merged AS m WHERE m.registration_id = message.registration_id AND m.undone_at IS NULL)));
CREATE POLICY merged_rests ON register.triage_case AS RESTRICTIVE FOR UPDATE TO muster_desk
  USING (NOT EXISTS (SELECT FROM register.merged AS m WHERE m.registration_id = triage_case.registration_id AND m.undone_at IS NULL));

-- The parties that a case is of: its own, with place 0, and those that were merged into it; what is shown of them row-level security judges. The number of a
-- contact in a case is that of its party, and a hundred for each place.
CREATE VIEW register.party_of AS
  SELECT r.registration_id AS case_id, r.registration_id, 0 AS place, r.state = 'registered' AS registered FROM register.registration AS r
  UNION ALL
  SELECT m.case_id, m.registration_id, m.place, m.was_state = 'registered' FROM register.merged AS m WHERE m.undone_at IS NULL;
-- The same, as far as row-level security shows the parties to who asks.
CREATE VIEW desk.party_of WITH (security_invoker = true) AS
  SELECT r.registration_id AS case_id, r.registration_id, 0 AS place, r.state = 'registered' AS registered FROM register.registration AS r
  UNION ALL
  SELECT m.case_id, m.registration_id, m.place, m.was_state = 'registered' FROM register.merged AS m WHERE m.undone_at IS NULL;
GRANT SELECT ON desk.party_of TO muster_desk;

-- Parties of one case are of one post, wherever it is passed to.
CREATE FUNCTION register.keep_merged_together() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off AS $$
BEGIN
  UPDATE register.registration AS r SET post_id = new.post_id FROM register.merged AS m
  WHERE m.case_id = new.registration_id AND m.undone_at IS NULL AND r.registration_id = m.registration_id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION register.keep_merged_together FROM PUBLIC;
CREATE TRIGGER keep_merged_together AFTER UPDATE OF post_id ON register.registration FOR EACH ROW
  WHEN (old.post_id IS DISTINCT FROM new.post_id) EXECUTE FUNCTION register.keep_merged_together();

-- As 0025_policy.sql has it; what is merged cries in the case that it is part of.
CREATE OR REPLACE FUNCTION edge.raise_cases(
  ids bigint[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[], receiveds timestamptz[],
  statuses text[], cry_needs integer[], peoples smallint[], cells text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
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

-- As 0016_pieces.sql has it; what is merged brings the other up to date, too.
CREATE OR REPLACE FUNCTION edge.store_check_ins(
  client_ids uuid[], ids bigint[], phones bytea[], strangers bigint[], crises text[], content_macs bytea[], statuses text[],
  cry_needs integer[], peoples smallint[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[],
  languages text[], channels text[], cells text[], epochs uuid[], sealed_messages bytea[], sealed_locations bytea[],
  sealed_senders bytea[], ats timestamptz[], receiveds timestamptz[], stored_vias text[], unknown_reason integer,
  unknown_minutes integer,
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[],
  wrap_epochs uuid[], wrap_recipients text[], wraps bytea[],
  piece_records integer[] DEFAULT '{}', piece_sets bytea[] DEFAULT '{}', piece_numbers smallint[] DEFAULT '{}', piece_totals smallint[] DEFAULT '{}',
  OUT outcome smallint, OUT band smallint, OUT registration_id bigint, OUT known boolean, OUT stored_via text) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
  SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  newest       text;      -- the crisis of a check-in that names none
  targets      bigint[];  -- for each record, the party it belongs to
  seen         boolean[]; -- for each record, whether its client_id is there already
  skip         boolean[]; -- for each record, whether it is not to be written: it is there, or the same stands before it
  fresh        boolean[]; -- for each record, whether this call stored it
  missing      bigint[];  -- parties that are not there (yet)
  unregistered bigint[];  -- parties of this batch that are unidentified, or sought
  unidentified bigint[];
  pass_missing bigint[];
  pass_unregistered bigint[];
  pass_unidentified bigint[];
  stored       uuid[];
  fresh_count  bigint;
  homes        bigint[];  -- for each record, the party whose case hears of it: another than its target where that was merged into one
BEGIN
  -- The epochs that the caller does not yet know to be committed arrive with the first records sealed under them.
  IF cardinality(epoch_ids) > 0 THEN
    PERFORM edge.store_epochs(epoch_ids, epoch_crises, epoch_times, wrap_epochs, wrap_recipients, wraps);
  END IF;

  -- What was stored before belongs where it was stored.
  SELECT array_agg(coalesce(c.registration_id, i.id) ORDER BY i.record), array_agg(c.registration_id IS NOT NULL ORDER BY i.record)
    INTO targets, seen
  FROM unnest(client_ids, ids) WITH ORDINALITY AS i (client_id, id, record)
  LEFT JOIN LATERAL (
    SELECT c.registration_id FROM register.check_in AS c WHERE c.client_id = i.client_id LIMIT 1) AS c ON true;

  IF array_position(targets, NULL) IS NOT NULL THEN -- texts and calls: by the one party that has the phone in an open crisis
    SELECT array_agg(coalesce(i.target, matched.registration_id, i.stranger) ORDER BY i.record) INTO targets
    FROM unnest(targets, phones, strangers) WITH ORDINALITY AS i (target, phone, stranger, record)
    LEFT JOIN LATERAL (
      SELECT min(coalesce(m.case_id, c.registration_id)) AS registration_id FROM register.contact AS c
      JOIN register.registration AS r USING (registration_id)
      JOIN register.crisis AS k ON k.crisis_id = r.crisis_id AND k.closed_at IS NULL
      LEFT JOIN register.merged AS m ON m.registration_id = c.registration_id AND m.undone_at IS NULL
      WHERE i.target IS NULL AND c.value_index = i.phone
      HAVING count(DISTINCT coalesce(m.case_id, c.registration_id)) = 1) AS matched ON true;
  END IF;

  -- Of parties that were merged both are brought up to date: they are locked in the one order before either is. Nearly always there are none.
  IF EXISTS (SELECT FROM register.merged AS m WHERE m.undone_at IS NULL) THEN
    SELECT array_agg(m.case_id) INTO homes FROM register.merged AS m WHERE m.registration_id = ANY (targets) AND m.undone_at IS NULL;
    IF homes IS NOT NULL THEN
      PERFORM FROM register.registration AS r WHERE r.registration_id = ANY (targets || homes) ORDER BY r.registration_id FOR UPDATE;
    END IF;
  END IF;

  -- Each party is locked as it is brought up to date, in one order, so that two batches never wait for each other. A second pass serves
  -- those who first had to be entered as unidentified.
  FOR pass IN 1 .. 2 LOOP
    WITH latest AS (
      SELECT DISTINCT ON (i.id) i.id, i.status, i.received, i.cell
      FROM unnest(targets, seen, statuses, receiveds, cells) AS i (id, seen, status, received, cell)
      WHERE NOT i.seen AND (pass = 1 OR i.id = ANY (missing))
      ORDER BY i.id, i.received DESC
    ), moved AS (
      UPDATE register.registration AS r SET -- a check-in that comes late, by the journal, sets nothing back
        last_status = CASE WHEN r.last_check_in_at > l.received THEN r.last_status ELSE coalesce(l.status, r.last_status) END,
        cell = CASE WHEN r.last_check_in_at > l.received THEN r.cell ELSE coalesce(l.cell, r.cell) END,
        check_in_by = CASE WHEN r.last_check_in_at > l.received THEN r.check_in_by ELSE l.received + c.check_in_every END,
        last_check_in_at = greatest(r.last_check_in_at, l.received)
      FROM latest AS l, register.crisis AS c
      WHERE r.registration_id = l.id AND c.crisis_id = r.crisis_id
      RETURNING r.registration_id, r.state)
    SELECT array_agg(l.id) FILTER (WHERE m.registration_id IS NULL), array_agg(l.id) FILTER (WHERE m.state <> 'registered'),
      array_agg(l.id) FILTER (WHERE m.state = 'unidentified')
      INTO pass_missing, pass_unregistered, pass_unidentified
    FROM latest AS l LEFT JOIN moved AS m ON m.registration_id = l.id;

    missing := pass_missing;
    unregistered := unregistered || pass_unregistered;
    unidentified := unidentified || pass_unidentified;
    EXIT WHEN missing IS NULL OR pass = 2;

    -- A cry outlives its crisis: with none open it is kept under the one that was opened last.
    SELECT k.crisis_id INTO newest FROM register.crisis AS k ORDER BY k.closed_at IS NOT NULL, k.opened_at DESC LIMIT 1;
    INSERT INTO register.registration (registration_id, crisis_id, post_id, state, language, channel, stored_via, received_at,
        check_in_by)
    SELECT DISTINCT ON (i.id) i.id, c.crisis_id, p.post_id, 'unidentified', i.language, i.channel, i.via, i.received,
        i.received + c.check_in_every
    FROM unnest(targets, crises, languages, channels, stored_vias, receiveds)
      WITH ORDINALITY AS i (id, crisis_id, language, channel, via, received, record)
    JOIN register.crisis AS c ON c.crisis_id = coalesce(i.crisis_id, newest)
    JOIN register.crisis_post AS p ON p.crisis_id = c.crisis_id AND p.part = 'lead'
    WHERE i.id = ANY (missing)
    ORDER BY i.id, i.record
    ON CONFLICT DO NOTHING;
  END LOOP;

  -- Asked again behind the locks: a merge that was under way is there now, or waits until this is.
  homes := targets;
  IF EXISTS (SELECT FROM register.merged AS m WHERE m.undone_at IS NULL) THEN
    SELECT array_agg(coalesce(m.case_id, i.id) ORDER BY i.record) INTO homes
    FROM unnest(targets) WITH ORDINALITY AS i (id, record)
    LEFT JOIN register.merged AS m ON m.registration_id = i.id AND m.undone_at IS NULL;
    IF homes <> targets THEN
      UPDATE register.registration AS r SET
        last_status = CASE WHEN r.last_check_in_at > l.received THEN r.last_status ELSE coalesce(l.status, r.last_status) END,
        cell = CASE WHEN r.last_check_in_at > l.received THEN r.cell ELSE coalesce(l.cell, r.cell) END,
        check_in_by = CASE WHEN r.last_check_in_at > l.received THEN r.check_in_by ELSE l.received + c.check_in_every END,
        last_check_in_at = greatest(r.last_check_in_at, l.received)
      FROM (SELECT DISTINCT ON (i.home) i.home, i.status, i.received, i.cell
            FROM unnest(targets, homes, seen, statuses, receiveds, cells) AS i (id, home, seen, status, received, cell)
            WHERE NOT i.seen AND i.home <> i.id ORDER BY i.home, i.received DESC) AS l, register.crisis AS c
      WHERE r.registration_id = l.home AND c.crisis_id = r.crisis_id;
      UPDATE register.registration AS r SET check_in_by = NULL -- it is the other that is waited for
      WHERE r.check_in_by IS NOT NULL AND r.registration_id IN (SELECT i.id FROM unnest(targets, homes) AS i (id, home) WHERE i.id <> i.home);
      SELECT array_agg(DISTINCT i.id) FILTER (WHERE r.state = 'unidentified'), array_agg(DISTINCT i.id) FILTER (WHERE r.state = 'registered')
        INTO pass_unidentified, pass_unregistered
      FROM unnest(targets, homes) AS i (id, home) JOIN register.registration AS r ON r.registration_id = i.home WHERE i.id <> i.home;
      unidentified := unidentified || pass_unidentified;
      unregistered := ARRAY(SELECT unnest(unregistered) EXCEPT SELECT unnest(pass_unregistered));
    END IF;
  END IF;

  -- The unique key decides between two batches that bring the same check-in at the same time, and between two copies in one. Nearly always
  -- there are none, so nothing is looked at before: when the key refuses, what it refused is left out and the rest is written again.
  skip := seen;
  FOR attempt IN 1 .. 3 LOOP
    BEGIN
      WITH added AS (
        INSERT INTO register.check_in
        SELECT i.id, i.client_id, i.content_mac, i.status, i.needs, i.people,
          CASE WHEN i.id = ANY (unidentified) THEN coalesce(i.band, 5) ELSE i.band END,
          CASE WHEN i.id = ANY (unidentified) THEN i.reasons | unknown_reason ELSE i.reasons END,
          i.channel, i.cell, i.epoch_id, i.message, i.location, i.sender, i.at, i.received, i.via
        FROM unnest(targets, skip, client_ids, content_macs, statuses, cry_needs, peoples, bands, cry_reasons, channels, cells, epochs,
            sealed_messages, sealed_locations, sealed_senders, ats, receiveds, stored_vias)
          AS i (id, skip, client_id, content_mac, status, needs, people, band, reasons, channel, cell, epoch_id, message, location, sender,
            at, received, via)
        WHERE NOT i.skip AND (missing IS NULL OR i.id <> ALL (missing))
        RETURNING client_id)
      SELECT array_agg(client_id), count(*) INTO stored, fresh_count FROM added;
      EXIT;
    EXCEPTION WHEN unique_violation THEN
      -- The other batch has committed: the insertion waited for that. So the second attempt is the last.
      IF attempt = 3 THEN
        RAISE;
      END IF;
      SELECT array_agg(i.skip OR i.nth > 1 OR EXISTS (
          SELECT 1 FROM register.check_in AS c WHERE c.registration_id = i.id AND c.client_id = i.client_id) ORDER BY i.record) INTO skip
      FROM (SELECT t.id, t.client_id, t.skip, t.record, row_number() OVER (PARTITION BY t.id, t.client_id ORDER BY t.record) AS nth
            FROM unnest(targets, client_ids, skip) WITH ORDINALITY AS t (id, client_id, skip, record)) AS i;
    END;
  END LOOP;

  -- Pieces of long texts, few among many records: so they are a table, and not columns that every check-in would carry.
  IF cardinality(piece_records) > 0 THEN
    INSERT INTO register.sms_piece (registration_id, client_id, piece_set, number, total, received_at)
    SELECT targets[p.record], client_ids[p.record], p.piece_set, p.number, p.total, receiveds[p.record]
    FROM unnest(piece_records, piece_sets, piece_numbers, piece_totals) AS p (record, piece_set, number, total)
    WHERE missing IS NULL OR targets[p.record] <> ALL (missing)
    ON CONFLICT DO NOTHING;
  END IF;

  IF fresh_count = cardinality(client_ids) THEN
    fresh := array_fill(true, ARRAY[cardinality(client_ids)]);
  ELSE
    SELECT array_agg(NOT i.seen AND i.nth = 1 AND coalesce(i.client_id = ANY (stored), false) ORDER BY i.record) INTO fresh
    FROM (SELECT t.client_id, t.seen, t.record, row_number() OVER (PARTITION BY t.id, t.client_id ORDER BY t.record) AS nth
          FROM unnest(targets, client_ids, seen) WITH ORDINALITY AS t (id, client_id, seen, record)) AS i;
  END IF;

  -- A stranger's check-in always needs someone to find out who it is.
  PERFORM edge.raise_cases(array_agg(i.id),
    array_agg(CASE WHEN i.id = ANY (unidentified) THEN coalesce(i.band, 5::smallint) ELSE i.band END),
    array_agg(CASE WHEN i.id = ANY (unidentified) THEN i.reasons | unknown_reason ELSE i.reasons END),
    array_agg(coalesce(i.queue, 'identification')),
    array_agg(coalesce(i.respond_by, i.received + make_interval(mins => unknown_minutes))),
    array_agg(i.received), array_agg(i.status), array_agg(i.needs), array_agg(i.people), array_agg(i.cell))
  FROM unnest(targets, fresh, bands, cry_reasons, queues, respond_bys, receiveds, statuses, cry_needs, peoples, cells)
    AS i (id, fresh, band, reasons, queue, respond_by, received, status, needs, people, cell)
  WHERE i.fresh AND (i.band IS NOT NULL OR i.id = ANY (unidentified))
  HAVING count(*) > 0;

  -- Someone who now says they are safe keeps their case until an officer closes it; the case shows it.
  UPDATE register.triage_case AS t SET version = t.version + 1,
    last_status = (SELECT r.last_status FROM register.registration AS r WHERE r.registration_id = t.registration_id)
  FROM (SELECT DISTINCT i.id FROM unnest(homes, fresh, bands, statuses) AS i (id, fresh, band, status)
        WHERE i.fresh AND i.band IS NULL AND i.status IS NOT NULL) AS said
  WHERE t.registration_id = said.id AND t.state <> 'resolved';

  IF fresh_count = cardinality(client_ids) THEN
    RETURN QUERY
    SELECT 0::smallint, CASE WHEN i.id = ANY (unidentified) THEN coalesce(i.band, 5::smallint) ELSE i.band END, i.id,
      coalesce(i.id <> ALL (unregistered), true), i.via
    FROM unnest(targets, bands, stored_vias) WITH ORDINALITY AS i (id, band, via, record)
    ORDER BY i.record;
    RETURN;
  END IF;
  RETURN QUERY
  SELECT (CASE WHEN c.client_id IS NULL THEN 3 WHEN c.content_mac IS DISTINCT FROM i.content_mac THEN 2 WHEN i.fresh THEN 0 ELSE 1 END)::smallint,
    c.band, c.registration_id, r.state = 'registered', c.stored_via
  FROM unnest(targets, homes, fresh, client_ids, content_macs) WITH ORDINALITY AS i (id, home, fresh, client_id, content_mac, record)
  LEFT JOIN register.check_in AS c ON c.registration_id = i.id AND c.client_id = i.client_id
  LEFT JOIN register.registration AS r ON r.registration_id = i.home
  ORDER BY i.record;
END $$;

-- As 0017_names.sql has it, with strangers that were merged before their registration came.
CREATE OR REPLACE FUNCTION edge.store_registrations(
  ids bigint[], client_ids uuid[], crises text[], content_macs bytea[], secret_macs bytea[], languages text[],
  party_sizes smallint[], party_needs integer[], intents text[], cells text[], consents_family boolean[],
  consents_partners boolean[], epochs uuid[], sealed_locations bytea[], sealed_emergencies bytea[], channels text[],
  receiveds timestamptz[], stored_vias text[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[],
  member_records integer[], member_ordinals smallint[], member_categories text[], member_needs integer[], member_sealed bytea[],
  member_documents bytea[],
  contact_records integer[], contact_ordinals smallint[], contact_kinds text[], contact_primaries boolean[],
  contact_sealed bytea[], contact_indexes bytea[],
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[],
  wrap_epochs uuid[], wrap_recipients text[], wraps bytea[], member_names text[],
  OUT outcome smallint, OUT check_in_by timestamptz, OUT stored_via text) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  taken integer[]; -- the records (1..n) that this call made or completed
BEGIN
  -- The epochs that the caller does not yet know to be committed arrive with the first records sealed under them.
  IF cardinality(epoch_ids) > 0 THEN
    PERFORM edge.store_epochs(epoch_ids, epoch_crises, epoch_times, wrap_epochs, wrap_recipients, wraps);
  END IF;

  WITH incoming AS (
    SELECT DISTINCT ON (i.id) i.*, p.post_id, i.received + c.check_in_every AS due
    FROM unnest(ids, client_ids, crises, content_macs, secret_macs, languages, party_sizes, party_needs, intents, cells,
        consents_family, consents_partners, epochs, sealed_locations, sealed_emergencies, channels, receiveds, stored_vias)
      WITH ORDINALITY AS i (id, client_id, crisis_id, content_mac, secret_mac, language, party_size, needs, intent, cell,
        consent_family, consent_partners, epoch_id, sealed_location, sealed_emergency_contact, channel, received, via, record)
    JOIN register.crisis AS c USING (crisis_id)
    JOIN register.crisis_post AS p ON p.crisis_id = i.crisis_id AND p.part = 'lead'
    ORDER BY i.id, i.record
  ), stored AS (
    INSERT INTO register.registration AS r (registration_id, crisis_id, post_id, state, client_id, content_mac, secret_mac,
        language, party_size, needs, intent, cell, consent_family, consent_partners, epoch_id, sealed_location,
        sealed_emergency_contact, channel, stored_via, received_at, check_in_by)
    SELECT id, crisis_id, post_id, CASE WHEN queues[record] = 'inquiry' THEN 'sought' ELSE 'registered' END, client_id, content_mac, secret_mac, language, party_size, needs, intent, cell,
        consent_family, consent_partners, epoch_id, sealed_location, sealed_emergency_contact, channel, via, received, due
    FROM incoming
    -- someone checked in with this code before its registration was replayed from a journal: complete what is there
    ON CONFLICT (registration_id) DO UPDATE SET
      -- a stranger who was merged stays so, and where the case is that they are part of
      crisis_id = CASE r.state WHEN 'merged' THEN r.crisis_id ELSE excluded.crisis_id END,
      post_id = CASE r.state WHEN 'merged' THEN r.post_id ELSE excluded.post_id END,
      state = CASE r.state WHEN 'merged' THEN 'merged' ELSE excluded.state END, client_id = excluded.client_id,
      content_mac = excluded.content_mac, secret_mac = excluded.secret_mac, language = excluded.language,
      party_size = excluded.party_size, needs = excluded.needs, intent = excluded.intent,
      cell = coalesce(r.cell, excluded.cell), consent_family = excluded.consent_family,
      consent_partners = excluded.consent_partners, epoch_id = excluded.epoch_id, sealed_location = excluded.sealed_location,
      sealed_emergency_contact = excluded.sealed_emergency_contact, channel = excluded.channel,
      stored_via = excluded.stored_via, received_at = excluded.received_at,
      check_in_by = CASE WHEN r.state <> 'merged' THEN greatest(r.check_in_by, excluded.check_in_by) END
      WHERE r.state = 'unidentified' OR (r.state = 'merged' AND r.client_id IS NULL)
    RETURNING registration_id)
  SELECT coalesce(array_agg(record), '{}') INTO taken FROM incoming JOIN stored ON stored.registration_id = incoming.id;

  IF cardinality(taken) > 0 AND EXISTS (SELECT FROM register.merged AS m WHERE m.undone_at IS NULL) THEN
    UPDATE register.merged AS m SET was_state = CASE WHEN queues[k] = 'inquiry' THEN 'sought' ELSE 'registered' END
    FROM unnest(taken) AS k WHERE m.registration_id = ids[k] AND m.undone_at IS NULL;
  END IF;

  INSERT INTO register.party_member
  SELECT ids[m.record], m.ordinal, m.category, m.needs, epochs[m.record], m.sealed, m.document, m.names::bigint[]
  FROM unnest(member_records, member_ordinals, member_categories, member_needs, member_sealed, member_documents, member_names)
    AS m (record, ordinal, category, needs, sealed, document, names)
  WHERE m.record = ANY (taken);

  INSERT INTO register.contact
  SELECT ids[c.record], c.ordinal, c.kind, c.is_primary, epochs[c.record], c.sealed, c.index
  FROM unnest(contact_records, contact_ordinals, contact_kinds, contact_primaries, contact_sealed, contact_indexes)
    AS c (record, ordinal, kind, is_primary, sealed, index)
  WHERE c.record = ANY (taken);

  -- A party that is now known leaves the identification queue for the queue its band asks for, in the crisis it named itself.
  UPDATE register.triage_case AS t SET crisis_id = r.crisis_id, post_id = r.post_id, version = t.version + 1,
    queue = CASE WHEN t.queue <> 'identification' THEN t.queue WHEN t.band <= 2 THEN 'emergency' ELSE 'assistance' END
  FROM register.registration AS r
  WHERE t.registration_id = r.registration_id AND r.registration_id IN (SELECT ids[k] FROM unnest(taken) AS k);

  PERFORM edge.raise_cases(array_agg(ids[k]), array_agg(bands[k]), array_agg(cry_reasons[k]), array_agg(queues[k]),
    array_agg(respond_bys[k]), array_agg(receiveds[k]), array_agg(NULL::text), array_agg(party_needs[k]),
    array_agg(party_sizes[k]), array_agg(cells[k]))
  FROM unnest(taken) AS k WHERE bands[k] IS NOT NULL HAVING count(*) > 0;

  RETURN QUERY
  SELECT (CASE WHEN i.record = ANY (taken) THEN 0
               WHEN r.registration_id IS NULL OR r.client_id <> i.client_id THEN 3
               WHEN r.content_mac <> i.content_mac THEN 2
               ELSE 1 END)::smallint, r.received_at + c.check_in_every, r.stored_via -- as first answered
  FROM unnest(ids, client_ids, content_macs) WITH ORDINALITY AS i (id, client_id, content_mac, record)
  LEFT JOIN register.registration AS r ON r.registration_id = i.id
  LEFT JOIN register.crisis AS c ON c.crisis_id = r.crisis_id
  ORDER BY i.record;
END $$;

-- As 0002_edge.sql has it; who holds the secret of either is told how the one case stands.
CREATE OR REPLACE FUNCTION edge.own_record(id bigint, secret bytea,
  OUT crisis_id text, OUT language text, OUT party_size smallint, OUT needs integer, OUT intent text, OUT received_at timestamptz,
  OUT check_in_by timestamptz, OUT last_status text, OUT last_check_in_at timestamptz, OUT case_state text, OUT case_received_at timestamptz,
  OUT read_at timestamptz, OUT answered_at timestamptz, OUT resolved_at timestamptz) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.crisis_id, r.language, r.party_size, r.needs, r.intent, r.received_at, h.check_in_by, h.last_status,
    h.last_check_in_at, c.state, c.received_at, c.read_at, c.answered_at, c.resolved_at
  FROM register.registration AS r
  LEFT JOIN register.merged AS m ON m.registration_id = r.registration_id AND m.undone_at IS NULL
  JOIN register.registration AS h ON h.registration_id = coalesce(m.case_id, r.registration_id)
  LEFT JOIN register.triage_case AS c ON c.registration_id = h.registration_id
  WHERE r.registration_id = own_record.id AND r.secret_mac = own_record.secret AND (r.state = 'registered' OR m.was_state = 'registered')
$$;
