-- Texts to people. Each row is handed to its gateway by the courier that leads: marked `wired` before the request leaves, so that a crash in
-- between is seen and never repeated unless the gateway knows our reference again. See docs/decisions/0007-outbox.md.

ALTER TABLE register.gateway
  ADD COLUMN account_epoch uuid,                   -- the operator's account there, sealed (lib/seal/seal.h)
  ADD COLUMN sealed_account bytea,                 -- null: nothing is sent through it
  ADD COLUMN sends boolean GENERATED ALWAYS AS (sealed_account IS NOT NULL) STORED,
  ADD COLUMN fallback text REFERENCES register.gateway CHECK (fallback <> name),
  ADD COLUMN texts_a_second integer NOT NULL DEFAULT 10 CHECK (texts_a_second BETWEEN 1 AND 1000),
  ADD CHECK ((account_epoch IS NULL) = (sealed_account IS NULL));

CREATE TABLE register.message (
  registration_id  bigint NOT NULL REFERENCES register.registration,
  message_id       uuid NOT NULL,                  -- and our reference at the gateway. Of a reply: that of the check-in it answers
  origin           text NOT NULL CHECK (origin IN ('reply', 'officer')),
  rank             smallint NOT NULL,              -- what goes first: 0 an officer's words, 1 a reply
  staff_id         bigint,
  to_check_in      uuid,                           -- it goes to whoever sent this
  to_contact       smallint,                       -- or to this contact
  gateway          text NOT NULL REFERENCES register.gateway,
  epoch_id         uuid NOT NULL,
  sealed_text      bytea NOT NULL,
  state            text NOT NULL DEFAULT 'queued'
                     CHECK (state IN ('queued', 'wired', 'unsure', 'sent', 'delivered', 'failed')),
  reason           text,                           -- failed: a code of ours, or the gateway's word
  attempts         smallint NOT NULL DEFAULT 0,
  take_id          uuid,                           -- of the statement that wired it
  moves            smallint NOT NULL DEFAULT 0,    -- to a fallback gateway
  stays            boolean NOT NULL DEFAULT false, -- an attempt at this gateway was not answered: another does not know the reference
  gateway_id       text,                           -- the gateway's own id of it
  created_at       timestamptz NOT NULL DEFAULT now(),
  due_at           timestamptz NOT NULL DEFAULT now(),
  expires_at       timestamptz NOT NULL,           -- not handed over after that
  wired_at         timestamptz,
  sent_at          timestamptz,                    -- the gateway took it
  delivered_at     timestamptz,                    -- the handset has it
  PRIMARY KEY (registration_id, message_id),
  CHECK ((to_check_in IS NULL) <> (to_contact IS NULL)),
  CHECK ((origin = 'officer') = (staff_id IS NOT NULL))
);
CREATE INDEX message_due ON register.message (gateway, rank, due_at) WHERE state = 'queued';
CREATE INDEX message_age ON register.message (created_at) WHERE state = 'queued';
CREATE INDEX message_expires ON register.message (expires_at) WHERE state = 'queued';
CREATE INDEX message_wired ON register.message (wired_at) WHERE state = 'wired';
CREATE INDEX message_reference ON register.message (message_id);
CREATE INDEX message_at_gateway ON register.message (gateway, gateway_id) WHERE gateway_id IS NOT NULL;

-- An automatic reply to each of these check-ins, once; through a gateway that sends, and to a party that had fewer than twenty texts within the
-- hour: two machines that answer each other would never end. In an exercise nobody is
-- texted: its numbers are invented, and may be somebody's.
CREATE FUNCTION edge.store_replies(
  ids bigint[], check_ins uuid[], gateways text[], epochs uuid[], sealed_texts bytea[], expires timestamptz[],
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[], wrap_epochs uuid[], wrap_recipients text[], wraps bytea[])
RETURNS SETOF boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
  IF cardinality(epoch_ids) > 0 THEN
    PERFORM edge.store_epochs(epoch_ids, epoch_crises, epoch_times, wrap_epochs, wrap_recipients, wraps);
  END IF;
  INSERT INTO register.message (registration_id, message_id, origin, rank, to_check_in, gateway, epoch_id, sealed_text, expires_at)
  SELECT i.id, i.check_in, 'reply', 1, i.check_in, i.gateway, i.epoch, i.sealed, least(i.expires, now() + interval '2 hours')
  FROM (SELECT *, row_number() OVER (PARTITION BY id) AS nth
        FROM unnest(ids, check_ins, gateways, epochs, sealed_texts, expires) AS g (id, check_in, gateway, epoch, sealed, expires)) AS i
  JOIN register.check_in AS c ON c.registration_id = i.id AND c.client_id = i.check_in AND c.sealed_sender IS NOT NULL
    AND c.channel = 'sms' AND c.received_at > now() - interval '1 hour'
  JOIN register.gateway AS g ON g.name = i.gateway AND g.sends
  WHERE NOT register.is_exercise(i.check_in) AND i.nth + (SELECT count(*) FROM register.message AS m
    WHERE m.registration_id = i.id AND m.created_at > now() - interval '1 hour') <= 20
  ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT true FROM unnest(ids);
END
$$;

-- What a gateway tells of texts that were handed to it, by our reference or by its own id; only of those that went through it. A text is known to be
-- delivered for ever, whatever comes later or late; one that failed at the gateway may still turn out to be delivered. That it failed is not
-- believed of a gateway that it has left. Returns how many it knew.
CREATE FUNCTION edge.store_receipts(gateway text, refs uuid[], gateway_ids text[], states text[], reasons text[], ats timestamptz[])
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
  WITH told AS (
    SELECT DISTINCT ON (m.registration_id, m.message_id) m.registration_id, m.message_id, i.state, i.reason, i.at, i.gateway_id
    FROM unnest(refs, gateway_ids, states, reasons, ats) WITH ORDINALITY AS i (ref, gateway_id, state, reason, at, place)
    JOIN register.message AS m ON m.message_id = i.ref OR (i.ref IS NULL AND m.gateway = store_receipts.gateway AND m.gateway_id = i.gateway_id)
    JOIN register.gateway AS g ON g.name = store_receipts.gateway
      AND (m.gateway = g.name OR (m.gateway = g.fallback AND m.moves > 0 AND i.state <> 'failed'))
    WHERE m.attempts > 0 AND i.state IN ('sent', 'delivered', 'failed')
    ORDER BY m.registration_id, m.message_id, (i.state = 'delivered') DESC, i.place DESC),
  changed AS (
    UPDATE register.message AS m
    SET state = told.state, reason = CASE told.state WHEN 'failed' THEN coalesce(told.reason, 'failed') END,
      gateway_id = coalesce(m.gateway_id, told.gateway_id), sent_at = coalesce(m.sent_at, told.at, now()),
      delivered_at = CASE told.state WHEN 'delivered' THEN coalesce(told.at, now()) END
    FROM told WHERE m.registration_id = told.registration_id AND m.message_id = told.message_id AND m.state <> 'delivered'
      AND (told.state <> 'sent' OR m.state IN ('queued', 'wired', 'unsure')))
  SELECT count(*) FROM told
$$;
REVOKE ALL ON FUNCTION edge.store_replies, edge.store_receipts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION edge.store_replies, edge.store_receipts TO muster_edge;

-- The desk: what is visible with the party; an officer writes where there is a case of theirs.
ALTER TABLE register.message ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.message FOR SELECT TO muster_desk
  USING (EXISTS (SELECT 1 FROM register.registration AS r WHERE r.registration_id = message.registration_id));
CREATE POLICY desk_writes ON register.message FOR INSERT TO muster_desk WITH CHECK (origin = 'officer' AND staff_id = desk.staff_id()
  AND (state = 'queued' OR (state = 'failed' AND reason = 'exercise'))
  AND EXISTS (SELECT 1 FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.role IN ('officer', 'lead'))
  AND EXISTS (SELECT 1 FROM register.triage_case AS c WHERE c.registration_id = message.registration_id));
GRANT SELECT ON register.message TO muster_desk;
GRANT INSERT (registration_id, message_id, origin, rank, staff_id, to_check_in, to_contact, gateway, epoch_id, sealed_text, expires_at,
  state, reason) ON register.message TO muster_desk;
GRANT SELECT (name, crisis_id, sends, created_at) ON register.gateway TO muster_desk;

-- The courier: the outbox, and of the register the numbers that its texts go to.
CREATE POLICY courier_sends ON register.message TO muster_courier USING (true);
CREATE POLICY courier_sends ON register.check_in FOR SELECT TO muster_courier USING (EXISTS (SELECT 1 FROM register.message AS m
  WHERE m.registration_id = check_in.registration_id AND m.to_check_in = check_in.client_id));
CREATE POLICY courier_sends ON register.contact FOR SELECT TO muster_courier USING (EXISTS (SELECT 1 FROM register.message AS m
  WHERE m.registration_id = contact.registration_id AND m.to_contact = contact.ordinal));
GRANT SELECT, UPDATE (state, reason, attempts, take_id, moves, stays, gateway, gateway_id, due_at, wired_at, sent_at) ON register.message TO muster_courier;
GRANT SELECT (registration_id, client_id, epoch_id, sealed_sender) ON register.check_in TO muster_courier;
GRANT SELECT (registration_id, ordinal, epoch_id, sealed_value) ON register.contact TO muster_courier;
GRANT SELECT (name, kind, account_epoch, sealed_account, sends, fallback, texts_a_second) ON register.gateway TO muster_courier;
GRANT SELECT ON register.epoch_wrap TO muster_courier;
GRANT USAGE ON SCHEMA register TO muster_courier;

CREATE OR REPLACE VIEW report.message AS
  SELECT registration_id, client_id, 'inbound'::text AS direction, channel, 'handled'::text AS state, received_at
  FROM register.check_in WHERE channel = 'sms'
  UNION ALL
  SELECT registration_id, message_id, 'outbound'::text, 'sms'::text, state, created_at FROM register.message;

-- As 0006_exercise.sql has it, with the texts.
CREATE OR REPLACE FUNCTION register.remove_parties(ids bigint[], OUT members bigint, OUT contacts bigint, OUT cases bigint, OUT notes bigint)
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM register.message WHERE registration_id = ANY (ids);
  DELETE FROM register.case_note WHERE registration_id = ANY (ids);
  GET DIAGNOSTICS notes = ROW_COUNT;
  DELETE FROM register.triage_case WHERE registration_id = ANY (ids);
  GET DIAGNOSTICS cases = ROW_COUNT;
  DELETE FROM register.party_member WHERE registration_id = ANY (ids);
  GET DIAGNOSTICS members = ROW_COUNT;
  DELETE FROM register.contact WHERE registration_id = ANY (ids);
  GET DIAGNOSTICS contacts = ROW_COUNT;
  DELETE FROM register.registration WHERE registration_id = ANY (ids);
END $$;
