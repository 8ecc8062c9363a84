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
