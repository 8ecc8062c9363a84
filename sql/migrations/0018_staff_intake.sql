-- What the phone bank and the radio room are told: parties that an officer registers for them.

-- Stores as the edge does, for whom the officer may work; then the party is where the officer can see it: in the crisis's lead post, or,
-- for who works other posts only, in the first of these. Nothing (no row) where they do not work the crisis, or it is closed.
CREATE FUNCTION desk.store_registration(
  ids bigint[], client_ids uuid[], crises text[], content_macs bytea[], secret_macs bytea[], languages text[],
  party_sizes smallint[], party_needs integer[], intents text[], cells text[], consents_family boolean[],
  consents_partners boolean[], epochs uuid[], sealed_locations bytea[], sealed_emergencies bytea[], channels text[],
  receiveds timestamptz[], stored_vias text[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[],
  member_records integer[], member_ordinals smallint[], member_categories text[], member_needs integer[], member_sealed bytea[],
  member_documents bytea[],
  contact_records integer[], contact_ordinals smallint[], contact_kinds text[], contact_primaries boolean[],
  contact_sealed bytea[], contact_indexes bytea[],
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[],
  wrap_epochs uuid[], wrap_recipients text[], wraps bytea[], member_names text[], origin text,
  OUT outcome smallint, OUT check_in_by timestamptz, OUT stored_via text) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  post text := (
    SELECT p.post_id FROM register.staff AS s JOIN register.staff_access AS a USING (staff_id)
    JOIN register.crisis AS c USING (crisis_id)
    JOIN register.crisis_post AS p ON p.crisis_id = a.crisis_id AND (a.post_id IS NULL OR a.post_id = p.post_id)
    WHERE s.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead')
      AND a.crisis_id = crises[1] AND c.closed_at IS NULL
    ORDER BY p.part = 'lead' DESC, p.post_id LIMIT 1);
BEGIN
  IF post IS NULL OR cardinality(ids) <> 1 OR channels[1] <> 'staff' THEN RETURN; END IF;
  SELECT s.outcome, s.check_in_by, s.stored_via INTO outcome, check_in_by, stored_via FROM edge.store_registrations(
    ids, client_ids, crises, content_macs, secret_macs, languages, party_sizes, party_needs, intents, cells, consents_family,
    consents_partners, epochs, sealed_locations, sealed_emergencies, channels, receiveds, stored_vias, bands, cry_reasons, queues,
    respond_bys, member_records, member_ordinals, member_categories, member_needs, member_sealed, member_documents,
    contact_records, contact_ordinals, contact_kinds, contact_primaries, contact_sealed, contact_indexes, epoch_ids, epoch_crises,
    epoch_times, wrap_epochs, wrap_recipients, wraps, member_names) AS s;
  IF outcome = 0 THEN
    UPDATE register.registration AS r SET post_id = post WHERE r.registration_id = ids[1] AND r.post_id <> post;
    UPDATE register.triage_case AS t SET post_id = post WHERE t.registration_id = ids[1] AND t.post_id <> post;
    INSERT INTO register.audit (staff_id, action, registration_id, origin) VALUES (desk.staff_id(), 'registration.take', ids[1], origin);
  END IF;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION desk.store_registration FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.store_registration TO muster_desk;
