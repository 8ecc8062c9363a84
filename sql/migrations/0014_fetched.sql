-- Texts that a phone fetches instead of being handed them (SMSSync). The courier opens number and text and locks them under a subkey of the index
-- key, for the edge that the phone asks: only while a phone asks, and only until it has them. See docs/decisions/0007-outbox.md.

ALTER TABLE register.gateway
  ADD COLUMN asked_at timestamptz,                 -- when a phone last asked for texts
  ADD COLUMN took_at timestamptz;                  -- when one last said which it took: it takes nothing that it does not say

-- A text that waits for its phone is wired and has a parcel; its gateway_id is the parcel's.
ALTER TABLE register.message
  ADD COLUMN parcel bytea,                         -- locked (lib/seal/locked.h)
  ADD COLUMN listed_at timestamptz,                -- the phone was told of it: once
  ADD CHECK (parcel IS NULL OR gateway_id IS NOT NULL);

-- What waits for the phone that asks, each told once: a phone that does not say what it takes would send it at each asking.
CREATE FUNCTION edge.list_parcels(gateway text, OUT id text, OUT parcel bytea)
RETURNS SETOF record LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
  WITH asked AS (
    UPDATE register.gateway AS g SET asked_at = now()
    WHERE g.name = list_parcels.gateway AND g.sends AND (g.asked_at IS NULL OR g.asked_at < now() - interval '5 seconds')),
  due AS MATERIALIZED (
    SELECT m.registration_id, m.message_id FROM register.message AS m
    WHERE m.gateway = list_parcels.gateway AND m.state = 'wired' AND m.parcel IS NOT NULL AND m.listed_at IS NULL AND m.expires_at > now()
      AND EXISTS (SELECT FROM register.gateway AS g WHERE g.name = list_parcels.gateway AND g.sends)
    ORDER BY m.rank, m.wired_at LIMIT 16 FOR UPDATE SKIP LOCKED)
  UPDATE register.message AS m SET listed_at = now() FROM due
  WHERE m.registration_id = due.registration_id AND m.message_id = due.message_id
  RETURNING m.gateway_id, m.parcel
$$;

-- The phone says which it took; those that it may send are returned. Said again within two minutes it is told the same: its answer may have been lost.
CREATE FUNCTION edge.take_parcels(gateway text, ids text[])
RETURNS SETOF text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
  WITH taken AS (
    UPDATE register.message AS m SET state = 'sent', sent_at = coalesce(m.sent_at, now()), parcel = NULL
    WHERE m.gateway = take_parcels.gateway AND m.gateway_id = ANY (ids) AND m.listed_at IS NOT NULL
      AND ((m.state = 'wired' AND m.parcel IS NOT NULL) OR (m.state = 'sent' AND m.sent_at > now() - interval '2 minutes'))
    RETURNING m.gateway_id),
  told AS (
    UPDATE register.gateway AS g SET took_at = now() WHERE g.name = take_parcels.gateway AND EXISTS (SELECT FROM taken))
  SELECT gateway_id FROM taken
$$;

-- Of which texts the phone may tell how they ended.
CREATE FUNCTION edge.parcels_out(gateway text)
RETURNS SETOF text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
  SELECT m.gateway_id FROM register.message AS m
  WHERE m.gateway = parcels_out.gateway AND m.gateway_id IS NOT NULL AND m.listed_at IS NOT NULL AND m.state = 'sent'
    AND m.sent_at > now() - interval '1 day'
  ORDER BY m.sent_at DESC LIMIT 100
$$;
REVOKE ALL ON FUNCTION edge.list_parcels, edge.take_parcels, edge.parcels_out FROM PUBLIC;
GRANT EXECUTE ON FUNCTION edge.list_parcels, edge.take_parcels, edge.parcels_out TO muster_edge;

GRANT UPDATE (parcel, listed_at) ON register.message TO muster_courier;
GRANT SELECT (asked_at, took_at) ON register.gateway TO muster_courier;
