-- What the front door may do: add to the register through these functions, and nothing else. They run as the register's owner.
-- A plan made on the first night's empty tables is kept by its connection and must serve when they are full: the functions that store
-- forbid sequential scans (every look-up has its index) and just-in-time compilation, which costs a second to save nothing.

CREATE FUNCTION edge.store_epochs(
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[],
  wrap_epochs uuid[], wrap_recipients text[], wraps bytea[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO register.epoch SELECT * FROM unnest(epoch_ids, epoch_crises, epoch_times) ON CONFLICT DO NOTHING;
  INSERT INTO register.epoch_wrap SELECT * FROM unnest(wrap_epochs, wrap_recipients, wraps) ON CONFLICT DO NOTHING;
$$;

-- Opens, updates or reopens the one case of each party: arrays in, one element a cry. A party's open case only ever becomes more urgent
-- here; it is an officer who closes it.
CREATE FUNCTION edge.raise_cases(
  ids bigint[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[], receiveds timestamptz[],
  statuses text[], cry_needs integer[], peoples smallint[], cells text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN -- PL/pgSQL for its kept plan: a function in SQL would be parsed and planned at each call
  INSERT INTO register.triage_case AS c (registration_id, crisis_id, post_id, queue, band, reasons, state, respond_by,
      received_at, opened_at, needs, people, cell, last_status)
  SELECT r.registration_id, r.crisis_id, r.post_id,
      CASE WHEN r.state = 'unidentified' THEN 'identification' ELSE cry.queue END,
      cry.band, cry.reasons, 'open', cry.respond_by, cry.received_at, cry.received_at,
      -- where they are and how they are: the party's, which a cry that comes late, by the journal, does not set back
      cry.needs | r.needs, cry.people, coalesce(r.cell, cry.cell), coalesce(r.last_status, cry.status)
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
  ORDER BY r.registration_id
  ON CONFLICT (registration_id) DO UPDATE SET
    band = CASE WHEN c.state = 'resolved' THEN excluded.band ELSE least(c.band, excluded.band) END,
    queue = CASE WHEN c.state = 'resolved' OR excluded.band < c.band THEN excluded.queue ELSE c.queue END,
    reasons = CASE WHEN c.state = 'resolved' THEN excluded.reasons ELSE c.reasons | excluded.reasons END,
    respond_by = CASE WHEN c.state = 'resolved' OR c.answered_at IS NOT NULL THEN excluded.respond_by
                      ELSE least(c.respond_by, excluded.respond_by) END,
    received_at = CASE WHEN c.state = 'resolved' THEN excluded.received_at ELSE least(c.received_at, excluded.received_at) END,
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
    version = c.version + 1;
END $$;

-- Outcomes, in the order the edge's enum has them.
--   0 stored, 1 the same again, 2 same id but other content, 3 the number behind the case code is taken: derive another
CREATE FUNCTION edge.store_registrations(
  ids bigint[], client_ids uuid[], crises text[], content_macs bytea[], secret_macs bytea[], languages text[],
  party_sizes smallint[], party_needs integer[], intents text[], cells text[], consents_family boolean[],
  consents_partners boolean[], epochs uuid[], sealed_locations bytea[], sealed_emergencies bytea[], channels text[],
  receiveds timestamptz[], stored_vias text[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[],
  member_records integer[], member_ordinals smallint[], member_categories text[], member_needs integer[], member_sealed bytea[],
  member_documents bytea[],
  contact_records integer[], contact_ordinals smallint[], contact_kinds text[], contact_primaries boolean[],
  contact_sealed bytea[], contact_indexes bytea[],
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[],
  wrap_epochs uuid[], wrap_recipients text[], wraps bytea[],
  OUT outcome smallint, OUT check_in_by timestamptz, OUT stored_via text) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
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
      crisis_id = excluded.crisis_id, post_id = excluded.post_id, state = excluded.state, client_id = excluded.client_id,
      content_mac = excluded.content_mac, secret_mac = excluded.secret_mac, language = excluded.language,
      party_size = excluded.party_size, needs = excluded.needs, intent = excluded.intent,
      cell = coalesce(r.cell, excluded.cell), consent_family = excluded.consent_family,
      consent_partners = excluded.consent_partners, epoch_id = excluded.epoch_id, sealed_location = excluded.sealed_location,
      sealed_emergency_contact = excluded.sealed_emergency_contact, channel = excluded.channel,
      stored_via = excluded.stored_via, received_at = excluded.received_at,
      check_in_by = greatest(r.check_in_by, excluded.check_in_by)
      WHERE r.state = 'unidentified'
    RETURNING registration_id)
  SELECT coalesce(array_agg(record), '{}') INTO taken FROM incoming JOIN stored ON stored.registration_id = incoming.id;

  INSERT INTO register.party_member
  SELECT ids[m.record], m.ordinal, m.category, m.needs, epochs[m.record], m.sealed, m.document
  FROM unnest(member_records, member_ordinals, member_categories, member_needs, member_sealed, member_documents)
    AS m (record, ordinal, category, needs, sealed, document)
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

-- One row a check-in: outcome as above (3: there is no crisis to keep it under), the band that stands, whose party it was joined to, and whether that party is known.
-- A check-in names its party by number (ids) or by the blind index of a phone (phones); `strangers` is the number of the
-- unidentified party that a phone nobody registered, or several did, is kept under.
CREATE FUNCTION edge.store_check_ins(
  client_ids uuid[], ids bigint[], phones bytea[], strangers bigint[], crises text[], content_macs bytea[], statuses text[],
  cry_needs integer[], peoples smallint[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[],
  languages text[], channels text[], cells text[], epochs uuid[], sealed_messages bytea[], sealed_locations bytea[],
  sealed_senders bytea[], ats timestamptz[], receiveds timestamptz[], stored_vias text[], unknown_reason integer,
  unknown_minutes integer,
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[],
  wrap_epochs uuid[], wrap_recipients text[], wraps bytea[],
  OUT outcome smallint, OUT band smallint, OUT registration_id bigint, OUT known boolean, OUT stored_via text) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  newest  text;      -- the crisis of a check-in that names none
  targets bigint[];  -- for each record, the party it belongs to
  fresh   boolean[]; -- for each record, whether it is the first of its client_id
BEGIN
  -- The epochs that the caller does not yet know to be committed arrive with the first records sealed under them.
  IF cardinality(epoch_ids) > 0 THEN
    PERFORM edge.store_epochs(epoch_ids, epoch_crises, epoch_times, wrap_epochs, wrap_recipients, wraps);
  END IF;

  -- A cry outlives its crisis: with none open it is kept under the one that was opened last.
  SELECT k.crisis_id INTO newest FROM register.crisis AS k ORDER BY k.closed_at IS NOT NULL, k.opened_at DESC LIMIT 1;

  SELECT array_agg(coalesce(seen.registration_id, i.id, matched.registration_id, i.stranger) ORDER BY i.record) INTO targets
  FROM unnest(client_ids, ids, phones, strangers) WITH ORDINALITY AS i (client_id, id, phone, stranger, record)
  LEFT JOIN LATERAL (
    SELECT c.registration_id FROM register.check_in AS c WHERE c.client_id = i.client_id LIMIT 1) AS seen ON true
  LEFT JOIN LATERAL (
    SELECT min(c.registration_id) AS registration_id FROM register.contact AS c
    JOIN register.registration AS r USING (registration_id)
    JOIN register.crisis AS k ON k.crisis_id = r.crisis_id AND k.closed_at IS NULL
    WHERE i.phone IS NOT NULL AND c.value_index = i.phone
    HAVING count(DISTINCT c.registration_id) = 1) AS matched ON true;

  INSERT INTO register.registration (registration_id, crisis_id, post_id, state, language, channel, stored_via, received_at,
      check_in_by)
  SELECT DISTINCT ON (i.id) i.id, c.crisis_id, p.post_id, 'unidentified', i.language, i.channel, i.via, i.received,
      i.received + c.check_in_every
  FROM unnest(targets, crises, languages, channels, stored_vias, receiveds)
    WITH ORDINALITY AS i (id, crisis_id, language, channel, via, received, record)
  JOIN register.crisis AS c ON c.crisis_id = coalesce(i.crisis_id, newest)
  JOIN register.crisis_post AS p ON p.crisis_id = c.crisis_id AND p.part = 'lead'
  WHERE NOT EXISTS (SELECT 1 FROM register.registration AS r WHERE r.registration_id = i.id OFFSET 0)
  ORDER BY i.id, i.record
  ON CONFLICT DO NOTHING;

  -- Parties are locked in one order, so that two batches never wait for each other; and what is looked up behind the lock stands.
  PERFORM 1 FROM register.registration AS r WHERE r.registration_id = ANY (targets) ORDER BY r.registration_id FOR UPDATE;

  SELECT array_agg(i.nth = 1 AND NOT EXISTS (
           SELECT 1 FROM register.check_in AS c WHERE c.registration_id = i.id AND c.client_id = i.client_id) ORDER BY i.record)
    INTO fresh
  FROM (SELECT t.id, t.client_id, t.record, row_number() OVER (PARTITION BY t.id, t.client_id ORDER BY t.record) AS nth
        FROM unnest(targets, client_ids) WITH ORDINALITY AS t (id, client_id, record)) AS i;

  INSERT INTO register.check_in
  SELECT i.id, i.client_id, i.content_mac, i.status, i.needs, i.people,
    CASE WHEN r.state = 'unidentified' THEN coalesce(i.band, 5) ELSE i.band END,
    CASE WHEN r.state = 'unidentified' THEN i.reasons | unknown_reason ELSE i.reasons END,
    i.channel, i.cell, i.epoch_id, i.message, i.location, i.sender, i.at, i.received, i.via
  FROM unnest(targets, fresh, client_ids, content_macs, statuses, cry_needs, peoples, bands, cry_reasons, channels, cells, epochs,
      sealed_messages, sealed_locations, sealed_senders, ats, receiveds, stored_vias)
    AS i (id, fresh, client_id, content_mac, status, needs, people, band, reasons, channel, cell, epoch_id, message, location, sender,
      at, received, via)
  JOIN register.registration AS r ON r.registration_id = i.id
  WHERE i.fresh
  ON CONFLICT DO NOTHING;

  UPDATE register.registration AS r SET
    last_status = coalesce(latest.status, r.last_status), last_check_in_at = latest.received,
    cell = coalesce(latest.cell, r.cell), check_in_by = latest.received + c.check_in_every
  FROM (SELECT DISTINCT ON (i.id) i.id, i.status, i.received, i.cell
        FROM unnest(targets, fresh, statuses, receiveds, cells) AS i (id, fresh, status, received, cell)
        WHERE i.fresh ORDER BY i.id, i.received DESC) AS latest,
    register.crisis AS c
  WHERE r.registration_id = latest.id AND c.crisis_id = r.crisis_id
    AND (r.last_check_in_at IS NULL OR r.last_check_in_at <= latest.received);

  -- A stranger's check-in always needs someone to find out who it is.
  PERFORM edge.raise_cases(array_agg(i.id),
    array_agg(CASE WHEN r.state = 'unidentified' THEN coalesce(i.band, 5::smallint) ELSE i.band END),
    array_agg(CASE WHEN r.state = 'unidentified' THEN i.reasons | unknown_reason ELSE i.reasons END),
    array_agg(coalesce(i.queue, 'identification')),
    array_agg(coalesce(i.respond_by, i.received + make_interval(mins => unknown_minutes))),
    array_agg(i.received), array_agg(i.status), array_agg(i.needs), array_agg(i.people), array_agg(i.cell))
  FROM unnest(targets, fresh, bands, cry_reasons, queues, respond_bys, receiveds, statuses, cry_needs, peoples, cells)
    AS i (id, fresh, band, reasons, queue, respond_by, received, status, needs, people, cell)
  JOIN register.registration AS r ON r.registration_id = i.id
  WHERE i.fresh AND (i.band IS NOT NULL OR r.state = 'unidentified')
  HAVING count(*) > 0;

  -- Someone who now says they are safe keeps their case until an officer closes it; the case shows it.
  UPDATE register.triage_case AS t SET last_status = r.last_status, version = t.version + 1
  FROM (SELECT DISTINCT ON (i.id) i.id, i.status
        FROM unnest(targets, fresh, bands, statuses, receiveds) AS i (id, fresh, band, status, received)
        WHERE i.fresh AND i.band IS NULL AND i.status IS NOT NULL ORDER BY i.id, i.received DESC) AS said
  JOIN register.registration AS r ON r.registration_id = said.id
  WHERE t.registration_id = said.id AND t.state <> 'resolved';

  RETURN QUERY
  SELECT (CASE WHEN c.client_id IS NULL THEN 3 WHEN c.content_mac IS DISTINCT FROM i.content_mac THEN 2 WHEN i.fresh THEN 0 ELSE 1 END)::smallint,
    c.band, c.registration_id, r.state = 'registered', c.stored_via
  FROM unnest(targets, fresh, client_ids, content_macs) WITH ORDINALITY AS i (id, fresh, client_id, content_mac, record)
  LEFT JOIN register.check_in AS c ON c.registration_id = i.id AND c.client_id = i.client_id
  LEFT JOIN register.registration AS r ON r.registration_id = i.id
  ORDER BY i.record;
END $$;

-- A citizen's own record, for whoever holds its secret: what is in the clear, and what became of it.
CREATE FUNCTION edge.own_record(id bigint, secret bytea,
  OUT crisis_id text, OUT language text, OUT party_size smallint, OUT needs integer, OUT intent text, OUT received_at timestamptz,
  OUT check_in_by timestamptz, OUT last_status text, OUT last_check_in_at timestamptz, OUT case_state text, OUT case_received_at timestamptz,
  OUT read_at timestamptz, OUT answered_at timestamptz, OUT resolved_at timestamptz) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.crisis_id, r.language, r.party_size, r.needs, r.intent, r.received_at, r.check_in_by, r.last_status,
    r.last_check_in_at, c.state, c.received_at, c.read_at, c.answered_at, c.resolved_at
  FROM register.registration AS r LEFT JOIN register.triage_case AS c USING (registration_id)
  WHERE r.registration_id = own_record.id AND r.secret_mac = own_record.secret AND r.state = 'registered'
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA edge FROM PUBLIC;
GRANT USAGE ON SCHEMA edge, register TO muster_edge;
GRANT SELECT ON register.crisis, register.post, register.crisis_post, register.place, register.gateway TO muster_edge;
GRANT EXECUTE ON FUNCTION edge.store_registrations, edge.store_check_ins, edge.own_record TO muster_edge;

GRANT USAGE ON SCHEMA edge, register TO muster_courier;
GRANT EXECUTE ON FUNCTION edge.store_registrations, edge.store_check_ins TO muster_courier;
