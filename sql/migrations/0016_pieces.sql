-- Long texts whose gateway passes their pieces on one by one. Each piece is a check-in of its own, stored and triaged at once; the courier that leads
-- joins them, and the whole is one more check-in. See docs/decisions/0006-gateways.md, "Pieces".

CREATE TABLE register.sms_piece (
  registration_id  bigint NOT NULL,
  client_id        uuid NOT NULL,
  piece_set        bytea NOT NULL,                 -- keyed hash of gateway, sender, recipient, reference and total
  number           smallint NOT NULL,              -- from 1; 0: not a piece but what was joined of some, and may be joined anew
  total            smallint NOT NULL CHECK (total BETWEEN 2 AND 255),
  received_at      timestamptz NOT NULL,
  due_at           timestamptz DEFAULT now(),      -- when the courier looks at it; null: it is done with
  whole_party      bigint,                         -- where the message is that it was joined into
  whole_id         uuid,
  PRIMARY KEY (registration_id, client_id),
  FOREIGN KEY (registration_id, client_id) REFERENCES register.check_in ON DELETE CASCADE,
  CHECK (number BETWEEN 0 AND total),
  CHECK ((whole_party IS NULL) = (whole_id IS NULL))
);
CREATE INDEX sms_piece_due ON register.sms_piece (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX sms_piece_set ON register.sms_piece (piece_set, received_at);

ALTER TABLE register.sms_piece ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.sms_piece FOR SELECT TO muster_desk
  USING (EXISTS (SELECT 1 FROM register.registration AS r WHERE r.registration_id = sms_piece.registration_id));
GRANT SELECT (registration_id, client_id, number, total, whole_party, whole_id) ON register.sms_piece TO muster_desk;

-- The courier: pieces, and of the register what was said in them.
CREATE POLICY courier_joins ON register.sms_piece TO muster_courier USING (true);
CREATE POLICY courier_joins ON register.check_in FOR SELECT TO muster_courier USING (EXISTS (SELECT 1 FROM register.sms_piece AS p
  WHERE p.registration_id = check_in.registration_id AND p.client_id = check_in.client_id));
GRANT SELECT, INSERT, UPDATE (due_at, whole_party, whole_id) ON register.sms_piece TO muster_courier;
GRANT SELECT (band, at, sealed_message) ON register.check_in TO muster_courier;
GRANT SELECT (epoch_id, crisis_id) ON register.epoch TO muster_courier;

-- As 0010_check_ins_at_first_try.sql has it, with the pieces.
DROP FUNCTION edge.store_check_ins;
CREATE FUNCTION edge.store_check_ins(
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
      SELECT min(c.registration_id) AS registration_id FROM register.contact AS c
      JOIN register.registration AS r USING (registration_id)
      JOIN register.crisis AS k ON k.crisis_id = r.crisis_id AND k.closed_at IS NULL
      WHERE i.target IS NULL AND c.value_index = i.phone
      HAVING count(DISTINCT c.registration_id) = 1) AS matched ON true;
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
  FROM (SELECT DISTINCT i.id FROM unnest(targets, fresh, bands, statuses) AS i (id, fresh, band, status)
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
  FROM unnest(targets, fresh, client_ids, content_macs) WITH ORDINALITY AS i (id, fresh, client_id, content_mac, record)
  LEFT JOIN register.check_in AS c ON c.registration_id = i.id AND c.client_id = i.client_id
  LEFT JOIN register.registration AS r ON r.registration_id = i.id
  ORDER BY i.record;
END $$;
REVOKE ALL ON FUNCTION edge.store_check_ins FROM PUBLIC;
GRANT EXECUTE ON FUNCTION edge.store_check_ins TO muster_edge, muster_courier;
