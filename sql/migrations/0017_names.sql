-- People are found by name: keyed hashes of its words, their sounds and beginnings, made where names are sealed (lib/store/name_index.h).

ALTER TABLE register.party_member ADD COLUMN name_keys bigint[]; -- null: not made yet
CREATE INDEX party_member_names ON register.party_member USING gin (name_keys);
CREATE INDEX party_member_unnamed ON register.party_member (registration_id, ordinal) WHERE name_keys IS NULL;

-- As 0002_edge.sql has it, with the names.
DROP FUNCTION edge.store_registrations;
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
REVOKE ALL ON FUNCTION edge.store_registrations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION edge.store_registrations TO muster_edge, muster_courier;

-- Members that were stored before there were keys, for the courier, which opens them; and what it makes of them.
CREATE FUNCTION register.names_due(most integer, recipient text,
  OUT registration_id bigint, OUT ordinal smallint, OUT epoch_id uuid, OUT sealed_person bytea, OUT wrapped bytea) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
  SELECT m.registration_id, m.ordinal, m.epoch_id, m.sealed_person, w.wrapped
  FROM (SELECT p.registration_id, p.ordinal, p.epoch_id, p.sealed_person FROM register.party_member AS p
        WHERE p.name_keys IS NULL ORDER BY p.registration_id, p.ordinal LIMIT most) AS m
  LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = m.epoch_id AND w.recipient_id = recipient
$$;
CREATE FUNCTION register.add_names(ids bigint[], ordinals smallint[], names text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
  UPDATE register.party_member AS m SET name_keys = i.names::bigint[]
  FROM unnest(ids, ordinals, names) AS i (id, ordinal, names)
  WHERE m.registration_id = i.id AND m.ordinal = i.ordinal AND m.name_keys IS NULL
$$;
REVOKE ALL ON FUNCTION register.names_due, register.add_names FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.names_due, register.add_names TO muster_courier;
