-- Broadcasts: one text, in several languages, to the parties of an audience. The courier that leads fills the outbox from it at its pace, party by party
-- in the order of their numbers, so that it goes on where it was after any crash. See docs/decisions/0008-broadcasts.md.

ALTER TABLE register.crisis ADD COLUMN broadcast_approval_above integer NOT NULL DEFAULT 200 CHECK (broadcast_approval_above >= 0);
ALTER TABLE register.gateway
  ADD COLUMN segment_price numeric(10, 5) CHECK (segment_price >= 0), -- null: not known
  ADD COLUMN price_currency char(3) CHECK (price_currency ~ '^[A-Z]{3}$'), -- ISO 4217
  ADD CHECK ((segment_price IS NULL) = (price_currency IS NULL));

CREATE TABLE register.broadcast (
  broadcast_id    uuid PRIMARY KEY,
  crisis_id       text NOT NULL REFERENCES register.crisis,
  staff_id        bigint NOT NULL REFERENCES register.staff,
  created_at      timestamptz NOT NULL DEFAULT now(),
  -- The audience: all that is given must hold. Null: whoever.
  posts           text[],
  cells           text[],                          -- geohashes of five symbols
  zone_lat        double precision,                -- the circle that the cells were made of; shown, not asked
  zone_lon        double precision,
  zone_km         double precision,
  languages       text[],
  bands           smallint[],                      -- of the open case
  needs           integer,                         -- any of these bits
  intents         text[],
  statuses        text[],                          -- the last; 'none' for who was never heard from
  overdue         boolean NOT NULL DEFAULT false,
  texts_a_second  smallint NOT NULL CHECK (texts_a_second BETWEEN 1 AND 100),
  hours           smallint NOT NULL CHECK (hours BETWEEN 1 AND 72), -- after its start nobody gets it any more
  state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'proposed', 'running', 'stopped', 'finished')),
  reason          text,
  -- As last counted: only a draft is.
  count_asked_at  timestamptz,                     -- it is too large to be counted while somebody waits
  counted_at      timestamptz,
  recipients      integer,
  opted_out       integer,
  no_number       integer,
  approval_above  integer NOT NULL,                -- the crisis's, when it was written
  proposed_at     timestamptz,
  approved_by     bigint REFERENCES register.staff,
  started_at      timestamptz,
  expires_at      timestamptz,
  ended_at        timestamptz,
  ended_by        bigint REFERENCES register.staff, -- null: it ended by itself
  -- How far the outbox was filled.
  last_id         bigint NOT NULL DEFAULT -1,      -- parties up to this one
  filled          integer NOT NULL DEFAULT 0,
  filled_at       timestamptz,
  all_filled      boolean NOT NULL DEFAULT false,
  CHECK (approved_by <> staff_id),
  CHECK (state NOT IN ('running', 'finished') OR (started_at IS NOT NULL AND expires_at IS NOT NULL AND recipients IS NOT NULL
    AND (recipients <= approval_above OR approved_by IS NOT NULL)))
);
CREATE INDEX broadcast_crisis ON register.broadcast (crisis_id, created_at);
CREATE INDEX broadcast_running ON register.broadcast (started_at) WHERE state = 'running';
CREATE INDEX broadcast_count ON register.broadcast (count_asked_at) WHERE state = 'draft' AND count_asked_at IS NOT NULL;

CREATE TABLE register.broadcast_text (
  text_id       uuid PRIMARY KEY,
  broadcast_id  uuid NOT NULL REFERENCES register.broadcast,
  language      text NOT NULL,
  place         smallint NOT NULL,                 -- the first is for who reads none of the others
  epoch_id      uuid NOT NULL,
  sealed_text   bytea NOT NULL,
  segments      smallint NOT NULL,
  recipients    integer,                           -- as last counted
  UNIQUE (broadcast_id, language)
);

-- Who asked for no more broadcasts, and who for them again. The last word of a number counts.
CREATE TABLE register.opt_choice (
  registration_id  bigint NOT NULL REFERENCES register.registration, -- the party it was filed under
  client_id        uuid NOT NULL,                  -- the text that said it
  phone_index      bytea,                          -- blind; null: its sender did not open
  opts_out         boolean NOT NULL,
  received_at      timestamptz NOT NULL,
  PRIMARY KEY (registration_id, client_id)
);
CREATE INDEX opt_choice_phone ON register.opt_choice (phone_index, received_at);
CREATE INDEX check_in_opt_choice ON register.check_in (registration_id, client_id) WHERE reasons & 50331648 <> 0; -- opted_out, opted_in

ALTER TABLE register.message
  ADD COLUMN broadcast_id uuid REFERENCES register.broadcast,
  ADD COLUMN text_id uuid REFERENCES register.broadcast_text,
  ALTER COLUMN epoch_id DROP NOT NULL,
  ALTER COLUMN sealed_text DROP NOT NULL,
  DROP CONSTRAINT message_origin_check,
  ADD CONSTRAINT message_origin_check CHECK (origin IN ('reply', 'officer', 'broadcast')), -- rank 2
  ADD CONSTRAINT message_text CHECK ((origin = 'broadcast') = (broadcast_id IS NOT NULL) AND (broadcast_id IS NULL) = (text_id IS NULL)
    AND (text_id IS NULL) = (sealed_text IS NOT NULL) AND (epoch_id IS NULL) = (sealed_text IS NULL));
CREATE INDEX message_broadcast ON register.message (broadcast_id, state) WHERE broadcast_id IS NOT NULL;

-- One text a party and broadcast, whoever fills the outbox and however often.
CREATE FUNCTION register.broadcast_message_id(broadcast_id uuid, registration_id bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT encode(substr(sha256(uuid_send(broadcast_id) || int8send(registration_id)), 1, 16), 'hex')::uuid
$$;

CREATE FUNCTION register.has_opted_out(registration_id bigint, phone_index bytea) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(CASE WHEN phone_index IS NULL
    THEN (SELECT o.opts_out FROM register.opt_choice AS o WHERE o.registration_id = has_opted_out.registration_id
          ORDER BY o.received_at DESC LIMIT 1)
    ELSE (SELECT o.opts_out FROM register.opt_choice AS o WHERE o.phone_index = has_opted_out.phone_index
          ORDER BY o.received_at DESC LIMIT 1) END, false)
$$;

-- The parties after the one with the number `after`, `looked_at` at most, in order. Of those that are in the broadcast's audience the way a text takes: to the
-- first registered phone; to a stranger's, from which it texted; `way` says why none, and is null of who is not in it. A registered party without a phone is
-- not texted: whoever texts with its case code may be anybody. Relatives' questions are no parties to text; exercises are never texted.
CREATE FUNCTION register.broadcast_audience(b register.broadcast, after bigint, looked_at integer,
  OUT registration_id bigint, OUT way text, OUT to_contact smallint, OUT to_check_in uuid, OUT phone_index bytea, OUT text_id uuid)
RETURNS SETOF record LANGUAGE sql STABLE AS $$
  SELECT r.registration_id,
    CASE WHEN NOT i.included THEN NULL WHEN c.ordinal IS NULL AND h.client_id IS NULL THEN 'no_number'
      WHEN coalesce(of_phone.opts_out, of_stranger.opts_out, false) THEN 'opted_out' ELSE 'text' END,
    c.ordinal, h.client_id, c.value_index, t.text_id
  FROM (SELECT p.* FROM register.registration AS p WHERE p.registration_id > after ORDER BY p.registration_id LIMIT looked_at) AS r
  CROSS JOIN LATERAL (SELECT coalesce(r.crisis_id = b.crisis_id AND r.state IN ('registered', 'unidentified')
    AND (b.posts IS NULL OR r.post_id = ANY (b.posts))
    AND (b.cells IS NULL OR r.cell = ANY (b.cells))
    AND (b.languages IS NULL OR r.language = ANY (b.languages))
    AND (b.intents IS NULL OR r.intent = ANY (b.intents))
    AND (b.statuses IS NULL OR coalesce(r.last_status, 'none') = ANY (b.statuses))
    AND (NOT b.overdue OR r.check_in_by < now())
    AND ((b.bands IS NULL AND b.needs IS NULL) OR EXISTS (
      SELECT FROM (VALUES (1)) AS one LEFT JOIN register.triage_case AS k ON k.registration_id = r.registration_id AND k.state <> 'resolved'
      WHERE (b.bands IS NULL OR k.band = ANY (b.bands)) AND (b.needs IS NULL OR (r.needs | coalesce(k.needs, 0)) & b.needs <> 0)))
    AND NOT register.is_exercise_party(r.registration_id, r.client_id), false) AS included) AS i
  LEFT JOIN LATERAL (SELECT c.ordinal, c.value_index FROM register.contact AS c
    WHERE c.registration_id = r.registration_id AND i.included AND r.state = 'registered' AND c.kind IN ('phone', 'whatsapp')
    ORDER BY c.is_primary DESC, c.ordinal LIMIT 1) AS c ON true
  LEFT JOIN LATERAL (SELECT k.client_id FROM register.check_in AS k
    WHERE k.registration_id = r.registration_id AND i.included AND r.state = 'unidentified' AND k.sealed_sender IS NOT NULL
      AND NOT register.is_exercise(k.client_id)
    ORDER BY (k.channel = 'sms') DESC, k.received_at DESC LIMIT 1) AS h ON true
  LEFT JOIN LATERAL (SELECT o.opts_out FROM register.opt_choice AS o WHERE o.phone_index = c.value_index
    ORDER BY o.received_at DESC LIMIT 1) AS of_phone ON c.value_index IS NOT NULL
  LEFT JOIN LATERAL (SELECT o.opts_out FROM register.opt_choice AS o WHERE o.registration_id = r.registration_id
    ORDER BY o.received_at DESC LIMIT 1) AS of_stranger ON h.client_id IS NOT NULL
  LEFT JOIN LATERAL (SELECT t.text_id FROM register.broadcast_text AS t
    WHERE t.broadcast_id = b.broadcast_id AND i.included ORDER BY (t.language IS NOT DISTINCT FROM r.language) DESC, t.place LIMIT 1) AS t ON true
  ORDER BY r.registration_id
$$;

-- Whether the signed-in officer works the whole of it: the crisis, and each of these posts (null: every post).
CREATE FUNCTION desk.may_broadcast(crisis_id text, posts text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead'))
    AND (EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.crisis_id = may_broadcast.crisis_id
                 AND a.post_id IS NULL)
      OR coalesce(posts <@ (SELECT array_agg(a.post_id) FROM register.staff_access AS a
                            WHERE a.staff_id = desk.staff_id() AND a.crisis_id = may_broadcast.crisis_id), false))
$$;

-- Whether the signed-in officer may look at it: it goes to a post of theirs.
CREATE FUNCTION desk.may_see_broadcast(crisis_id text, posts text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')
      AND a.crisis_id = may_see_broadcast.crisis_id AND (a.post_id IS NULL OR posts IS NULL OR a.post_id = ANY (posts)))
$$;

-- What a draft's audience comes to, in a register of at most `most` parties (null: of any size); false when it is larger. Parties that share a phone are one
-- recipient.
CREATE FUNCTION register.tally_broadcast(b register.broadcast, most integer) RETURNS boolean LANGUAGE plpgsql
  SET enable_seqscan = on SET enable_hashjoin = on SET enable_mergejoin = on SET plan_cache_mode = force_custom_plan SET work_mem = '128MB' AS $$
DECLARE
  tallied jsonb;
BEGIN
  WITH found AS MATERIALIZED (
    SELECT a.way, a.text_id, coalesce(a.phone_index, int8send(a.registration_id)) AS phone
    FROM register.broadcast_audience(b, -1, most + 1) AS a),
  once AS MATERIALIZED (SELECT min(text_id::text)::uuid AS text_id FROM found WHERE way = 'text' GROUP BY phone),
  texts AS (SELECT text_id, count(*) AS recipients FROM once GROUP BY text_id)
  SELECT jsonb_build_object('looked_at', count(*), 'opted_out', count(*) FILTER (WHERE way = 'opted_out'),
    'no_number', count(*) FILTER (WHERE way = 'no_number'), 'recipients', (SELECT coalesce(sum(recipients), 0) FROM texts),
    'texts', (SELECT coalesce(jsonb_object_agg(text_id, recipients), '{}') FROM texts)) INTO tallied FROM found;
  IF (tallied ->> 'looked_at')::bigint > most THEN RETURN false; END IF;
  UPDATE register.broadcast AS d SET counted_at = clock_timestamp(), count_asked_at = NULL, recipients = (tallied ->> 'recipients')::integer,
    opted_out = (tallied ->> 'opted_out')::integer, no_number = (tallied ->> 'no_number')::integer
  WHERE d.broadcast_id = b.broadcast_id AND d.state = 'draft';
  IF FOUND THEN
    UPDATE register.broadcast_text AS t SET recipients = coalesce((tallied -> 'texts' ->> t.text_id::text)::integer, 0)
    WHERE t.broadcast_id = b.broadcast_id;
  END IF;
  RETURN true;
END
$$;

-- Counts a draft's audience in a small register; in a large one that is the courier's to do (count_asked_at), so that nobody waits at the desk behind it.
CREATE FUNCTION desk.count_broadcast(id uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  b register.broadcast;
BEGIN
  SELECT * INTO b FROM register.broadcast AS d WHERE d.broadcast_id = id AND d.state = 'draft' AND desk.may_broadcast(d.crisis_id, d.posts);
  IF FOUND AND b.count_asked_at IS NULL AND (b.counted_at IS NULL OR b.counted_at < now() - interval '1 minute')
      AND NOT register.tally_broadcast(b, 20000) THEN
    UPDATE register.broadcast AS d SET count_asked_at = now(), counted_at = NULL WHERE d.broadcast_id = id AND d.state = 'draft';
  END IF;
END
$$;

CREATE FUNCTION register.count_broadcasts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  b register.broadcast;
BEGIN
  SELECT * INTO b FROM register.broadcast AS d WHERE d.state = 'draft' AND d.count_asked_at IS NOT NULL ORDER BY d.count_asked_at LIMIT 1;
  IF FOUND THEN
    BEGIN
      PERFORM register.tally_broadcast(b, NULL);
    EXCEPTION WHEN OTHERS THEN -- the others have their turn first
      UPDATE register.broadcast AS d SET count_asked_at = clock_timestamp() WHERE d.broadcast_id = b.broadcast_id AND d.state = 'draft';
    END;
  END IF;
END
$$;

-- What of a broadcast was not handed over is not any more; what is with a gateway now is not handed over again, should it be put off there.
CREATE FUNCTION register.hold_back_broadcast(id uuid, why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE register.message AS m SET state = 'failed', reason = why, parcel = NULL
  WHERE m.broadcast_id = id AND (m.state = 'queued' OR (m.state = 'wired' AND m.parcel IS NOT NULL AND m.listed_at IS NULL));
  UPDATE register.message AS m SET expires_at = now() WHERE m.broadcast_id = id AND m.state = 'wired';
END
$$;

-- Adds to the outbox at most a second's worth of one broadcast's texts, and never more than ten seconds' worth ahead of what is handed over: what is stopped
-- soon stops. Looks at 5,000 parties at most, and keeps how far it looked. Ends it when nobody is left to text. Returns how many were added.
CREATE FUNCTION register.fill_broadcast(b register.broadcast) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  most   integer := b.recipients + b.recipients / 10 + 10; -- an audience that grew since it was counted: a tenth more than somebody agreed to
  room   integer;
  looked integer;
  here   integer; -- of the audience, as far as there was room
  last   bigint;
  new    integer := 0;
BEGIN
  IF b.expires_at <= now() OR EXISTS (SELECT FROM register.crisis AS c WHERE c.crisis_id = b.crisis_id AND c.closed_at IS NOT NULL) THEN
    PERFORM register.hold_back_broadcast(b.broadcast_id, 'expired');
    UPDATE register.broadcast AS r SET state = 'stopped', ended_at = now(),
      reason = CASE WHEN b.expires_at <= now() THEN 'expired' ELSE 'crisis_closed' END WHERE r.broadcast_id = b.broadcast_id;
    RETURN 0;
  END IF;
  IF NOT EXISTS (SELECT FROM register.gateway AS g WHERE g.crisis_id = b.crisis_id AND g.sends) THEN
    RETURN 0; -- it waits
  END IF;
  room := least(most - b.filled,
    10 * b.texts_a_second - (SELECT count(*) FROM register.message AS m WHERE m.broadcast_id = b.broadcast_id AND m.state = 'queued'),
    floor(b.texts_a_second * least(extract(epoch FROM now() - coalesce(b.filled_at, now() - interval '1 second')), 1)));
  IF NOT b.all_filled AND room > 0 THEN
    WITH looked_at AS MATERIALIZED (
      SELECT a.*, count(*) FILTER (WHERE a.way IS NOT NULL) OVER (ORDER BY a.registration_id) AS nth
      FROM register.broadcast_audience(b, b.last_id, 5000) AS a),
    reached AS MATERIALIZED (SELECT l.* FROM looked_at AS l WHERE l.nth <= room),
    once AS (
      SELECT DISTINCT ON (coalesce(a.phone_index, int8send(a.registration_id))) a.* FROM reached AS a
      WHERE a.way = 'text' AND NOT EXISTS ( -- this phone had it, as another party's
        SELECT FROM register.contact AS c JOIN register.message AS m ON m.registration_id = c.registration_id
          AND m.message_id = register.broadcast_message_id(b.broadcast_id, c.registration_id)
        WHERE c.value_index = a.phone_index AND m.to_contact = c.ordinal AND m.state <> 'failed')
      ORDER BY coalesce(a.phone_index, int8send(a.registration_id)), a.registration_id),
    ways AS (
      SELECT o.*, (SELECT count(*) FROM register.message AS m
                   WHERE m.registration_id = o.registration_id AND m.created_at > now() - interval '1 hour') AS texts,
        coalesce(
          (SELECT g.name FROM register.message AS m JOIN register.gateway AS g ON g.name = m.gateway AND g.sends AND g.crisis_id = b.crisis_id
           WHERE m.registration_id = o.registration_id ORDER BY m.created_at DESC LIMIT 1),
          (SELECT g.name FROM register.gateway AS g WHERE g.crisis_id = b.crisis_id AND g.sends ORDER BY g.created_at, g.name LIMIT 1)) AS gateway
      FROM once AS o),
    put AS (
      INSERT INTO register.message (registration_id, message_id, origin, rank, to_check_in, to_contact, gateway, broadcast_id, text_id, expires_at,
        state, reason)
      SELECT w.registration_id, register.broadcast_message_id(b.broadcast_id, w.registration_id), 'broadcast', 2, w.to_check_in, w.to_contact,
        w.gateway, b.broadcast_id, w.text_id, b.expires_at,
        CASE WHEN w.texts < 40 THEN 'queued' ELSE 'failed' END, CASE WHEN w.texts < 40 THEN NULL ELSE 'too_many_texts' END
      FROM ways AS w
      ON CONFLICT DO NOTHING RETURNING 1)
    SELECT (SELECT count(*) FROM put), (SELECT count(*) FROM looked_at), count(*), max(r.registration_id) INTO new, looked, here, last FROM reached AS r;
    b.all_filled := looked < 5000 AND here = looked;
    UPDATE register.broadcast AS r SET filled = r.filled + new, last_id = coalesce(last, r.last_id), all_filled = b.all_filled,
      filled_at = CASE WHEN new > 0 THEN now() ELSE r.filled_at END WHERE r.broadcast_id = b.broadcast_id;
  ELSIF NOT b.all_filled AND b.filled >= most THEN
    UPDATE register.broadcast AS r SET all_filled = true, reason = 'audience_grew' WHERE r.broadcast_id = b.broadcast_id;
    b.all_filled := true;
  END IF;
  IF b.all_filled AND NOT EXISTS (SELECT FROM register.message AS m WHERE m.broadcast_id = b.broadcast_id AND m.state IN ('queued', 'wired')) THEN
    UPDATE register.broadcast AS r SET state = 'finished', ended_at = now() WHERE r.broadcast_id = b.broadcast_id;
  END IF;
  RETURN new;
END
$$;

-- Fills the outbox from each broadcast that runs; one that cannot be filled is stopped, and stops no other. Returns how many run, how many texts were
-- added, and how many drafts wait to be counted.
CREATE FUNCTION register.fill_broadcasts(OUT running integer, OUT added integer, OUT uncounted integer) LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
  SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  b register.broadcast;
BEGIN
  added := 0;
  FOR b IN SELECT * FROM register.broadcast AS r WHERE r.state = 'running' ORDER BY r.started_at FOR UPDATE SKIP LOCKED LOOP
    BEGIN
      added := added + register.fill_broadcast(b);
    EXCEPTION WHEN OTHERS THEN
      IF substr(SQLSTATE, 1, 2) NOT IN ('40', '53', '55', '57') THEN -- what does not pass by itself
        UPDATE register.broadcast AS r SET state = 'stopped', reason = 'error', ended_at = now() WHERE r.broadcast_id = b.broadcast_id;
        RAISE WARNING 'broadcast % stopped: %', b.broadcast_id, SQLSTATE;
      END IF;
    END;
  END LOOP;
  running := (SELECT count(*) FROM register.broadcast AS r WHERE r.state = 'running');
  uncounted := (SELECT count(*) FROM register.broadcast AS d WHERE d.state = 'draft' AND d.count_asked_at IS NOT NULL);
END
$$;

-- What waits of a broadcast that an officer stopped is not handed over any more.
CREATE FUNCTION desk.stop_broadcast_texts(id uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM register.broadcast AS b WHERE b.broadcast_id = id AND b.state = 'stopped' AND desk.may_broadcast(b.crisis_id, b.posts)) THEN
    PERFORM register.hold_back_broadcast(id, 'stopped');
  END IF;
END
$$;

-- A draft with its texts. Of who works some posts only it goes to those. Said again with the same id it is one. False when its author does not work the
-- crisis, or a post that it names.
CREATE FUNCTION desk.draft_broadcast(id uuid, crisis text, posts text[], cells text[], lat double precision, lon double precision, km double precision,
  languages text[], bands smallint[], needs integer, intents text[], statuses text[], overdue boolean, texts_a_second smallint, hours smallint,
  epoch_id uuid, epoch_opened_at timestamptz, recipient_ids text[], wraps bytea[],
  text_ids uuid[], text_languages text[], sealed_texts bytea[], segments smallint[])
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  scope text[] := posts;
BEGIN
  IF posts IS NULL AND NOT EXISTS (
      SELECT FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.crisis_id = crisis AND a.post_id IS NULL) THEN
    scope := (SELECT array_agg(a.post_id) FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.crisis_id = crisis);
  END IF;
  IF NOT desk.may_broadcast(crisis, scope) THEN RETURN false; END IF;
  INSERT INTO register.broadcast (broadcast_id, crisis_id, staff_id, posts, cells, zone_lat, zone_lon, zone_km, languages, bands, needs, intents,
    statuses, overdue, texts_a_second, hours, approval_above)
  SELECT id, crisis, desk.staff_id(), scope, cells, lat, lon, km, languages, bands, needs, intents, statuses, overdue, texts_a_second, hours,
    c.broadcast_approval_above
  FROM register.crisis AS c WHERE c.crisis_id = crisis AND c.closed_at IS NULL
  ON CONFLICT ON CONSTRAINT broadcast_pkey DO NOTHING;
  IF NOT FOUND THEN
    RETURN EXISTS (SELECT FROM register.broadcast AS b WHERE b.broadcast_id = id AND b.staff_id = desk.staff_id());
  END IF;
  INSERT INTO register.epoch (epoch_id, opened_at) VALUES (epoch_id, epoch_opened_at) ON CONFLICT DO NOTHING;
  INSERT INTO register.epoch_wrap SELECT epoch_id, w.recipient_id, w.wrapped FROM unnest(recipient_ids, wraps) AS w (recipient_id, wrapped)
  ON CONFLICT DO NOTHING;
  INSERT INTO register.broadcast_text (text_id, broadcast_id, language, place, epoch_id, sealed_text, segments)
  SELECT t.text_id, id, t.language, t.place, epoch_id, t.sealed, t.segments
  FROM unnest(text_ids, text_languages, sealed_texts, segments) WITH ORDINALITY AS t (text_id, language, sealed, segments, place);
  RETURN true;
END
$$;

-- What became of a broadcast's texts ('text', by state), and what those who got it have said since ('answer', by their last status).
CREATE FUNCTION desk.broadcast_progress(id uuid, OUT kind text, OUT name text, OUT parties bigint) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
  SET enable_seqscan = on SET enable_hashjoin = on SET enable_mergejoin = on SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM register.broadcast AS b WHERE b.broadcast_id = id AND desk.may_see_broadcast(b.crisis_id, b.posts)) THEN RETURN; END IF;
  RETURN QUERY SELECT 'text', m.state, count(*) FROM register.message AS m WHERE m.broadcast_id = id GROUP BY m.state;
  RETURN QUERY SELECT 'answer', r.last_status, count(*) FROM register.message AS m JOIN register.registration AS r USING (registration_id)
    WHERE m.broadcast_id = id AND r.last_check_in_at > m.sent_at AND r.last_status IS NOT NULL GROUP BY r.last_status;
END
$$;

-- Keeps choices about broadcasts; what of one waits for a number that wants none is not handed over, nor again.
CREATE FUNCTION register.add_opt_choices(ids bigint[], client_ids uuid[], phones bytea[], outs boolean[], receiveds timestamptz[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  gone record;
BEGIN
  PERFORM FROM register.broadcast AS b WHERE b.state = 'running' ORDER BY b.started_at FOR UPDATE; -- what is being filled is there before we look
  INSERT INTO register.opt_choice (registration_id, client_id, phone_index, opts_out, received_at)
  SELECT * FROM unnest(ids, client_ids, phones, outs, receiveds) ON CONFLICT DO NOTHING;
  FOR gone IN
    SELECT w.registration_id, w.message_id
    FROM unnest(ids, phones) AS i (id, phone)
    JOIN LATERAL (SELECT i.id UNION SELECT c.registration_id FROM register.contact AS c WHERE c.value_index = i.phone) AS p (id) ON true
    JOIN register.message AS w ON w.registration_id = p.id AND w.state IN ('queued', 'wired') AND w.origin = 'broadcast'
    LEFT JOIN register.contact AS k ON k.registration_id = w.registration_id AND k.ordinal = w.to_contact
    WHERE register.has_opted_out(w.registration_id, k.value_index)
  LOOP
    UPDATE register.message AS m SET state = 'failed', reason = 'opted_out', parcel = NULL
    WHERE m.registration_id = gone.registration_id AND m.message_id = gone.message_id
      AND (m.state = 'queued' OR (m.state = 'wired' AND m.parcel IS NOT NULL AND m.listed_at IS NULL));
    UPDATE register.message AS m SET expires_at = now()
    WHERE m.registration_id = gone.registration_id AND m.message_id = gone.message_id AND m.state = 'wired';
  END LOOP;
END
$$;

-- Who approved is set with the step from proposed to running, and by nothing else.
CREATE FUNCTION register.guard_approval() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.approved_by IS DISTINCT FROM OLD.approved_by AND NOT (OLD.state = 'proposed' AND NEW.state = 'running') THEN
    RAISE check_violation USING MESSAGE = 'a broadcast is approved as it begins to run';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER broadcast_approval BEFORE UPDATE ON register.broadcast FOR EACH ROW EXECUTE FUNCTION register.guard_approval();

ALTER TABLE register.broadcast ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.broadcast_text ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.broadcast FOR SELECT TO muster_desk USING (desk.may_see_broadcast(crisis_id, posts));
CREATE POLICY desk_works ON register.broadcast FOR UPDATE TO muster_desk USING (desk.may_broadcast(crisis_id, posts))
  WITH CHECK (approved_by IS NULL OR approved_by = desk.staff_id() OR state <> 'running');
CREATE POLICY desk_reads ON register.broadcast_text FOR SELECT TO muster_desk
  USING (EXISTS (SELECT 1 FROM register.broadcast AS b WHERE b.broadcast_id = broadcast_text.broadcast_id));
GRANT SELECT ON register.broadcast, register.broadcast_text TO muster_desk;
GRANT UPDATE (state, reason, proposed_at, approved_by, started_at, expires_at, ended_at, ended_by) ON register.broadcast TO muster_desk;
GRANT SELECT (segment_price, price_currency) ON register.gateway TO muster_desk;
REVOKE ALL ON FUNCTION register.broadcast_message_id, register.has_opted_out, register.broadcast_audience, register.tally_broadcast,
  register.count_broadcasts, register.fill_broadcasts, register.fill_broadcast, register.hold_back_broadcast, register.guard_approval,
  desk.may_broadcast, desk.may_see_broadcast, desk.draft_broadcast, desk.count_broadcast, desk.broadcast_progress, desk.stop_broadcast_texts,
  register.add_opt_choices FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.may_broadcast, desk.may_see_broadcast, desk.draft_broadcast, desk.count_broadcast, desk.broadcast_progress, desk.stop_broadcast_texts
  TO muster_desk;

-- The courier: fills the outbox without seeing the register, opens the broadcast's words, and the sender of who opted out or in.
GRANT EXECUTE ON FUNCTION register.fill_broadcasts, register.count_broadcasts, register.add_opt_choices TO muster_courier;
GRANT SELECT (text_id, epoch_id, sealed_text) ON register.broadcast_text TO muster_courier;
CREATE POLICY courier_reads ON register.broadcast_text FOR SELECT TO muster_courier USING (true);
CREATE POLICY courier_reads_choices ON register.check_in FOR SELECT TO muster_courier USING (reasons & 50331648 <> 0);
GRANT SELECT (reasons, received_at) ON register.check_in TO muster_courier;
GRANT EXECUTE ON FUNCTION register.is_exercise TO muster_courier;
GRANT SELECT ON register.opt_choice TO muster_courier;
GRANT SELECT (broadcast_id, text_id) ON register.message TO muster_courier;
ALTER TABLE register.opt_choice ENABLE ROW LEVEL SECURITY;
CREATE POLICY courier_reads ON register.opt_choice FOR SELECT TO muster_courier USING (true);

-- As 0013_outbox.sql has it, with the choices.
CREATE OR REPLACE FUNCTION register.remove_parties(ids bigint[], OUT members bigint, OUT contacts bigint, OUT cases bigint, OUT notes bigint)
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM register.opt_choice WHERE registration_id = ANY (ids);
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
