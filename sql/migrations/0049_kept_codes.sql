-- Requests for a case code that were texted while the database was away: kept in the journal, and answered once when it is back.

-- Each brings three texts, whose ids come from the message that asked: brought again, or asked for again by a gateway's copy, nothing is there twice. A
-- day later nobody waits for it any more.
CREATE FUNCTION register.send_kept_codes(
  phones bytea[], crises text[], vias text[], asked_at timestamptz[], ids uuid[], epochs uuid[], sealed_texts bytea[],
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[], wrap_epochs uuid[], wrap_recipients text[], wraps bytea[])
RETURNS TABLE (outcome integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
  FOR i IN 1 .. cardinality(phones) LOOP
    IF asked_at[i] > now() - interval '1 day' THEN
      PERFORM edge.send_codes(phones[i], crises[i], vias[i], ids[3 * i - 2 : 3 * i], epochs[3 * i - 2 : 3 * i], sealed_texts[3 * i - 2 : 3 * i],
        epoch_ids, epoch_crises, epoch_times, wrap_epochs, wrap_recipients, wraps);
    END IF;
    outcome := 0;
    RETURN NEXT;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION register.send_kept_codes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.send_kept_codes TO muster_courier;

-- As 0040_helper.sql has it; a request that is brought again sends nothing, also where somebody else has registered the number since.
CREATE OR REPLACE FUNCTION edge.send_codes(
  phone bytea, crisis text, via text, ids uuid[], epochs uuid[], sealed_texts bytea[],
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[], wrap_epochs uuid[], wrap_recipients text[], wraps bytea[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  gate text := coalesce(
    (SELECT g.name FROM register.gateway AS g WHERE g.name = via AND g.crisis_id = crisis AND g.sends),
    (SELECT g.name FROM register.gateway AS g WHERE g.crisis_id = crisis AND g.sends ORDER BY g.created_at, g.name LIMIT 1));
BEGIN
  IF gate IS NULL OR NOT EXISTS (SELECT FROM register.contact AS c WHERE c.value_index = phone)
      OR EXISTS (SELECT FROM register.message AS m WHERE m.message_id = ANY (ids)) THEN -- this request was answered
    RETURN;
  END IF;
  PERFORM edge.store_epochs(epoch_ids, epoch_crises, epoch_times, wrap_epochs, wrap_recipients, wraps);
  INSERT INTO register.message (registration_id, message_id, origin, rank, to_contact, gateway, epoch_id, sealed_text, expires_at)
  SELECT p.registration_id, ids[p.nth], 'reply', 1, p.ordinal, gate, epochs[p.nth], sealed_texts[p.nth], now() + interval '2 hours'
  FROM (
    SELECT q.*, row_number() OVER (ORDER BY q.received_at DESC, q.registration_id) AS nth
    FROM (
      SELECT DISTINCT ON (c.registration_id) c.registration_id, c.ordinal, r.received_at
      FROM register.contact AS c JOIN register.registration AS r USING (registration_id)
      WHERE c.value_index = phone AND c.kind IN ('phone', 'whatsapp') AND r.crisis_id = crisis
        AND (r.state = 'registered' OR EXISTS (SELECT FROM register.merged AS m -- its code is good still
          WHERE m.registration_id = r.registration_id AND m.undone_at IS NULL AND m.was_state = 'registered'))
        AND NOT register.is_exercise_party(r.registration_id, r.client_id)
      ORDER BY c.registration_id, c.ordinal) AS q) AS p
  WHERE p.nth <= cardinality(ids) AND (SELECT count(*) FROM register.message AS m WHERE m.registration_id = p.registration_id
    AND m.origin = 'reply' AND m.to_contact IS NOT NULL AND m.created_at > now() - interval '1 hour') < 3
  ON CONFLICT DO NOTHING;
END
$$;
