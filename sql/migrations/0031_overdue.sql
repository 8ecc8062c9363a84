-- Who did not check in when it was time: asked by text, by another number, through their emergency contact, and then given to an officer. Which step
-- comes next is for lib/domain/overdue.c to say; here is who is on the ladder, and what a step does. See docs/decisions/0017-overdue.md.

-- Nobody has confirmed these for long. A week: of the daily check-ins that is seven missed, and every step of the ladder.
ALTER TABLE register.crisis ADD COLUMN stale_after interval NOT NULL DEFAULT '7 days' CHECK (stale_after >= interval '1 hour');

CREATE TABLE register.overdue (
  registration_id  bigint PRIMARY KEY REFERENCES register.registration,
  since            timestamptz NOT NULL,           -- the check-in that did not come: the party's check_in_by
  rung             text NOT NULL DEFAULT 'found' CHECK (rung IN ('found', 'asked', 'asked_elsewhere', 'contact_asked', 'warden_told',
                     'case_raised', 'asked_again')), -- the last step taken
  round            smallint NOT NULL DEFAULT 0,    -- how often it was asked again
  due_at           timestamptz NOT NULL,           -- of the next step
  raised_at        timestamptz,                    -- the case
  raised           integer                         -- the reasons that its case has from here alone
);
CREATE INDEX overdue_due ON register.overdue (due_at);

-- How far the courier has looked for them. No index tells who is overdue: each check-in would have to change it.
CREATE TABLE register.overdue_walk (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  looked_to  bigint NOT NULL DEFAULT -1
);
INSERT INTO register.overdue_walk DEFAULT VALUES;

-- A text to somebody who is no contact of the party's: the number is sealed with it.
ALTER TABLE register.message
  ADD COLUMN sealed_to bytea,
  ADD COLUMN to_index bytea,                       -- blind
  DROP CONSTRAINT message_check,
  ADD CONSTRAINT message_way CHECK (num_nonnulls(to_check_in, to_contact, sealed_to) = 1),
  DROP CONSTRAINT message_origin_check,
  ADD CONSTRAINT message_origin_check CHECK (origin IN ('reply', 'officer', 'broadcast', 'overdue')); -- rank 3
CREATE INDEX message_to_index ON register.message (to_index, created_at) WHERE to_index IS NOT NULL;
CREATE INDEX message_overdue ON register.message (registration_id) WHERE origin = 'overdue' AND state = 'queued';

-- One text a step, whoever takes it and however often.
CREATE FUNCTION register.overdue_message_id(registration_id bigint, since timestamptz, rung text, round smallint) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT encode(substr(sha256(int8send(registration_id) || timestamptz_send(since) || convert_to(rung, 'UTF8') || int2send(round)), 1, 16), 'hex')::uuid
$$;

-- Nothing was heard since. Who departed is asked nothing more, and a closed crisis asks nobody.
CREATE FUNCTION register.is_silent(r register.registration, since timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT r.check_in_by = since AND since < now() AND r.state = 'registered' AND r.last_status IS DISTINCT FROM 'departed'
    AND EXISTS (SELECT FROM register.crisis AS k WHERE k.crisis_id = r.crisis_id AND k.closed_at IS NULL)
$$;

-- Whether the party is in a zone that a lead drew as dangerous. There are none yet: whoever adds them makes this tell.
CREATE FUNCTION register.is_in_danger_zone(r register.registration) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT false $$;
-- Whether a warden looks after the party, who then has it marked in their list before it is an officer's.
CREATE FUNCTION register.has_warden(r register.registration) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM register.warden_list AS w JOIN register.staff AS s USING (staff_id)
    WHERE w.registration_id = r.registration_id AND s.disabled_at IS NULL)
$$;

-- Looks at the next `most` parties in the order of their numbers, from where it stopped, and puts on the ladder who is overdue.
CREATE FUNCTION register.find_overdue(most integer, OUT looked integer, OUT fresh integer) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  after bigint;
  last  bigint;
BEGIN
  SELECT w.looked_to INTO after FROM register.overdue_walk AS w FOR UPDATE;
  WITH page AS MATERIALIZED (
    SELECT r.registration_id, r.crisis_id, r.state, r.check_in_by, r.last_status FROM register.registration AS r
    WHERE r.registration_id > after ORDER BY r.registration_id LIMIT most),
  added AS (
    INSERT INTO register.overdue (registration_id, since, due_at)
    SELECT p.registration_id, p.check_in_by, now() FROM page AS p
    WHERE p.check_in_by < now() AND p.state = 'registered' AND p.last_status IS DISTINCT FROM 'departed'
      AND p.crisis_id IN (SELECT k.crisis_id FROM register.crisis AS k WHERE k.closed_at IS NULL)
      AND NOT EXISTS (SELECT FROM register.overdue AS o WHERE o.registration_id = p.registration_id)
    ON CONFLICT DO NOTHING RETURNING 1)
  SELECT count(*), max(p.registration_id), (SELECT count(*) FROM added) INTO looked, last, fresh FROM page AS p;
  UPDATE register.overdue_walk AS w SET looked_to = CASE WHEN looked < most THEN -1 ELSE last END
  WHERE w.looked_to IS DISTINCT FROM CASE WHEN looked < most THEN -1 ELSE last END;
END $$;

-- Whose next step is due, `most` at most, with what tells which it is. A number that asked for no more broadcasts is not asked by a machine either:
-- another is, or an officer calls. `room`: how many more texts may wait to be handed over.
CREATE FUNCTION register.overdue_due(most integer, recipient text, OUT registration_id bigint, OUT since timestamptz, OUT rung text, OUT round smallint,
  OUT due_at timestamptz, OUT silent boolean, OUT language text, OUT crisis text, OUT country text, OUT place text, OUT needs integer, OUT intent text,
  OUT in_danger_zone boolean, OUT has_warden boolean, OUT first smallint, OUT second smallint, OUT epoch_id uuid, OUT sealed_contact bytea, OUT wrapped bytea,
  OUT room integer, OUT stale_at timestamptz, OUT stale_s integer, OUT bands text, OUT answer_minutes text, OUT ask_id uuid, OUT at timestamptz)
RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET jit = off AS $$
  SELECT o.registration_id, o.since, o.rung, o.round, o.due_at, register.is_silent(r, o.since),
    coalesce(r.language, k.languages[1]), r.crisis_id, k.country::text, coalesce(k.name ->> r.language, k.name ->> 'en', k.country), r.needs, r.intent,
    register.is_in_danger_zone(r), register.has_warden(r), ways.found[1], ways.found[2],
    r.epoch_id, r.sealed_emergency_contact, w.wrapped, (1000 - queued.count)::integer,
    greatest(r.last_check_in_at, r.received_at) + k.stale_after, extract(epoch FROM k.stale_after)::integer,
    array_to_string(p.bands, ' '), array_to_string(p.answer_minutes, ' '),
    register.overdue_message_id(o.registration_id, o.since, o.rung, o.round), now()
  FROM (SELECT * FROM register.overdue AS t WHERE t.due_at <= now() ORDER BY t.due_at LIMIT most) AS o
  JOIN register.registration AS r USING (registration_id)
  JOIN register.crisis AS k ON k.crisis_id = r.crisis_id
  LEFT JOIN register.triage_policy AS p ON p.crisis_id = r.crisis_id
  CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM register.gateway AS g WHERE g.crisis_id = r.crisis_id AND g.sends) AS sends) AS g
  LEFT JOIN LATERAL (
    SELECT array_agg(n.ordinal ORDER BY n.is_primary DESC, n.ordinal) AS found FROM (
      SELECT DISTINCT ON (coalesce(c.value_index, int2send(c.ordinal))) c.ordinal, c.is_primary FROM register.contact AS c
      WHERE c.registration_id = o.registration_id AND c.kind IN ('phone', 'whatsapp') AND NOT register.has_opted_out(c.registration_id, c.value_index)
      ORDER BY coalesce(c.value_index, int2send(c.ordinal)), c.is_primary DESC, c.ordinal) AS n) AS ways ON g.sends
  LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = r.epoch_id AND w.recipient_id = recipient AND r.consent_family AND g.sends
  CROSS JOIN (SELECT count(*) FROM (SELECT FROM register.message AS m WHERE m.origin = 'overdue' AND m.state = 'queued' LIMIT 1000) AS q) AS queued
  ORDER BY o.due_at
$$;

-- Who is silent still has an officer look: their open case has one reason more, and is judged by it; who has none open gets one.
CREATE FUNCTION register.raise_overdue(id bigint, overdue_since timestamptz, band smallint, reasons integer, queue text, respond_by timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
  before integer;
BEGIN
  SELECT t.reasons INTO before FROM register.triage_case AS t WHERE t.registration_id = id AND t.state <> 'resolved' FOR UPDATE;
  IF FOUND THEN
    UPDATE register.triage_case AS t SET reasons = t.reasons | reasons, judge_again = true, version = t.version + 1 WHERE t.registration_id = id;
  ELSE
    before := 0;
    PERFORM edge.raise_cases(ARRAY[id], ARRAY[band], ARRAY[reasons], ARRAY[queue], ARRAY[respond_by], ARRAY[now()], ARRAY[NULL::text], ARRAY[0],
      ARRAY[NULL::smallint], ARRAY[NULL::text]);
  END IF;
  UPDATE register.overdue AS o SET raised_at = now(), raised = reasons & ~before WHERE o.registration_id = id;
  INSERT INTO register.audit (action, registration_id, detail) VALUES ('case.overdue', id, jsonb_build_object('since', overdue_since));
END $$;

-- Puts a step's text into the outbox; whether somebody gets it. In an exercise nobody does, and an emergency contact whose number is the party's own, wants
-- no texts, or was asked within half a day, for whomever, is not asked.
CREATE FUNCTION register.put_overdue_text(r register.registration, id uuid, contact smallint, number bytea, number_index bytea, epoch uuid, text bytea,
  until timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  why text;
BEGIN
  why := CASE WHEN register.is_exercise_party(r.registration_id, r.client_id) THEN 'exercise'
    WHEN (SELECT count(*) FROM register.message AS m WHERE m.registration_id = r.registration_id AND m.created_at > now() - interval '1 hour') >= 40
      THEN 'too_many_texts'
    WHEN number_index IS NULL THEN NULL
    WHEN EXISTS (SELECT FROM register.contact AS c WHERE c.registration_id = r.registration_id AND c.value_index = number_index) THEN 'same_number'
    WHEN register.has_opted_out(r.registration_id, number_index) THEN 'opted_out'
    WHEN EXISTS (SELECT FROM register.message AS m WHERE m.to_index = number_index AND m.created_at > now() - interval '12 hours' AND m.state <> 'failed')
      THEN 'asked_already' END;
  INSERT INTO register.message (registration_id, message_id, origin, rank, to_contact, sealed_to, to_index, gateway, epoch_id, sealed_text, expires_at, state,
    reason)
  SELECT r.registration_id, id, 'overdue', 3, contact, number, number_index, coalesce(
      (SELECT g.name FROM register.message AS m JOIN register.gateway AS g ON g.name = m.gateway AND g.sends AND g.crisis_id = r.crisis_id
       WHERE m.registration_id = r.registration_id ORDER BY m.created_at DESC LIMIT 1),
      (SELECT g.name FROM register.gateway AS g WHERE g.crisis_id = r.crisis_id AND g.sends ORDER BY g.created_at, g.name LIMIT 1)),
    epoch, text, until, CASE WHEN why IS NULL THEN 'queued' ELSE 'failed' END, why
  ON CONFLICT DO NOTHING;
  RETURN why IS NULL OR why = 'exercise';
END $$;

-- Takes steps that were found due, each only from where it was found, and not of who was heard in the meantime: what one courier did no other does again, and
-- a step and its text are one. What could not be texted makes the next step due.
CREATE FUNCTION register.climb_overdue(ids bigint[], sinces timestamptz[], froms text[], rounds smallint[], tos text[], due_ats timestamptz[], until_ats timestamptz[],
  ask_ids uuid[], contacts smallint[], numbers bytea[], number_indexes bytea[], texts bytea[], bands smallint[], reasons integer[], queues text[],
  respond_bys timestamptz[], epoch uuid, epoch_opened_at timestamptz, recipient_ids text[], wraps bytea[],
  OUT moved integer, OUT texted integer, OUT raised integer) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  s record;
  r register.registration;
BEGIN
  moved := 0; texted := 0; raised := 0;
  IF epoch IS NOT NULL THEN
    INSERT INTO register.epoch (epoch_id, opened_at) VALUES (epoch, epoch_opened_at) ON CONFLICT DO NOTHING;
    INSERT INTO register.epoch_wrap SELECT epoch, w.recipient_id, w.wrapped FROM unnest(recipient_ids, wraps) AS w (recipient_id, wrapped)
    ON CONFLICT DO NOTHING;
  END IF;
  FOR s IN SELECT * FROM unnest(ids, sinces, froms, rounds, tos, due_ats, until_ats, ask_ids, contacts, numbers, number_indexes, texts, bands, reasons, queues,
      respond_bys) AS t (id, since, was, round, rung, due_at, until_at, ask_id, contact, number, number_index, text, band, reasons, queue, respond_by)
    ORDER BY t.id
  LOOP
    SELECT * INTO r FROM register.registration AS k WHERE k.registration_id = s.id FOR UPDATE; -- as who stores a check-in locks them
    CONTINUE WHEN NOT FOUND OR NOT register.is_silent(r, s.since);
    UPDATE register.overdue AS o SET rung = s.rung, due_at = s.due_at, round = o.round + CASE s.rung WHEN 'asked_again' THEN 1 ELSE 0 END
    WHERE o.registration_id = s.id AND o.since = s.since AND o.rung = s.was AND o.round = s.round;
    CONTINUE WHEN NOT FOUND;
    moved := moved + 1;
    IF s.text IS NOT NULL THEN
      IF register.put_overdue_text(r, s.ask_id, s.contact, s.number, s.number_index, epoch, s.text, s.until_at) THEN
        texted := texted + 1;
      ELSIF s.rung <> 'asked_again' THEN
        UPDATE register.overdue AS o SET due_at = now() WHERE o.registration_id = s.id;
      END IF;
    END IF;
    IF s.band IS NOT NULL THEN
      PERFORM register.raise_overdue(s.id, s.since, s.band, s.reasons, s.queue, s.respond_by);
      raised := raised + 1;
    END IF;
  END LOOP;
END $$;

-- Of the next `most` on the ladder after `after`, who was heard leaves it: what waits to be sent is not, and the case has the reasons no more that silence
-- gave it. One that has no other is closed by itself, and not as answered: nobody did. What an officer holds is theirs to close, and is looked at again when it is
-- back in its queue. Null: that was all.
CREATE FUNCTION register.end_overdue(after bigint, most integer, OUT last bigint, OUT ended integer) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  page  bigint[];
  heard bigint[];
  o     register.overdue;
  r     register.registration;
  c     register.triage_case;
  left_reasons integer;
BEGIN
  ended := 0;
  page := ARRAY(SELECT t.registration_id FROM register.overdue AS t WHERE t.registration_id > after ORDER BY t.registration_id LIMIT most);
  last := CASE WHEN cardinality(page) = most THEN page[most] END;
  heard := ARRAY(SELECT t.registration_id FROM register.overdue AS t JOIN register.registration AS k USING (registration_id)
    WHERE t.registration_id = ANY (page) AND NOT register.is_silent(k, t.since) ORDER BY t.registration_id);
  FOR i IN 1 .. coalesce(cardinality(heard), 0) LOOP
    SELECT * INTO r FROM register.registration AS k WHERE k.registration_id = heard[i] FOR UPDATE;
    SELECT * INTO o FROM register.overdue AS t WHERE t.registration_id = heard[i] FOR UPDATE;
    CONTINUE WHEN o.registration_id IS NULL OR register.is_silent(r, o.since);
    UPDATE register.message AS m SET state = 'failed', reason = 'heard_from' WHERE m.registration_id = heard[i] AND m.origin = 'overdue' AND m.state = 'queued';
    IF o.raised IS NOT NULL AND EXISTS (SELECT FROM register.crisis AS k WHERE k.crisis_id = r.crisis_id AND k.closed_at IS NULL) THEN
      SELECT * INTO c FROM register.triage_case AS t WHERE t.registration_id = heard[i] AND t.state <> 'resolved' FOR UPDATE;
      IF FOUND THEN
        left_reasons := (c.reasons & ~o.raised) | coalesce((SELECT bit_or(k.reasons) FROM register.party_of AS p
          JOIN register.check_in AS k ON k.registration_id = p.registration_id
          WHERE p.case_id = heard[i] AND k.received_at >= o.raised_at AND k.band IS NOT NULL), 0);
        left_reasons := left_reasons & ~((1 << 15) | (1 << 17)); -- overdue, in a danger zone or not: silence is over, however it was named since
        IF left_reasons = 1 << 26 THEN left_reasons := 0; END IF; -- a danger zone alone makes no case
        CONTINUE WHEN left_reasons = 0 AND c.state <> 'open';
        IF left_reasons = 0 THEN
          UPDATE register.triage_case AS t SET state = 'resolved', resolved_at = now(), waiting_until = NULL, judge_again = false, version = t.version + 1
          WHERE t.registration_id = heard[i];
          INSERT INTO register.audit (action, registration_id) VALUES ('case.heard_from', heard[i]);
        ELSIF left_reasons <> c.reasons THEN
          UPDATE register.triage_case AS t SET reasons = left_reasons, judge_again = true, version = t.version + 1 WHERE t.registration_id = heard[i];
        END IF;
      END IF;
    END IF;
    DELETE FROM register.overdue AS t WHERE t.registration_id = heard[i];
    ended := ended + 1;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION register.overdue_message_id, register.is_silent, register.is_in_danger_zone, register.has_warden, register.find_overdue,
  register.overdue_due, register.raise_overdue, register.put_overdue_text, register.climb_overdue, register.end_overdue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.find_overdue, register.overdue_due, register.climb_overdue, register.end_overdue TO muster_courier;

-- As 0024_duplicates.sql has it, with the ladder.
CREATE OR REPLACE FUNCTION register.remove_parties(ids bigint[], OUT members bigint, OUT contacts bigint, OUT cases bigint, OUT notes bigint)
LANGUAGE plpgsql AS $$
DECLARE
  m register.merged;
BEGIN
  FOR m IN SELECT d.* FROM register.merged AS d WHERE d.into_id = ANY (ids) AND d.registration_id <> ALL (ids) AND d.undone_at IS NULL LOOP
    UPDATE register.merged AS d SET case_id = d.into_id WHERE d.registration_id = m.registration_id AND d.undone_at IS NULL;
    m.case_id := m.into_id;
    PERFORM register.part(m, m.merged_by);
    IF m.was_state = 'unidentified' AND NOT EXISTS (SELECT FROM register.check_in AS c WHERE c.registration_id = m.registration_id) THEN
      ids := ids || m.registration_id;
    END IF;
  END LOOP;
  UPDATE register.merged AS d SET case_id = d.into_id WHERE d.case_id = ANY (ids) AND d.into_id <> ALL (ids) AND d.registration_id <> ALL (ids);
  DELETE FROM register.merged AS d WHERE d.registration_id = ANY (ids) OR d.into_id = ANY (ids) OR d.case_id = ANY (ids);
  DELETE FROM register.warden_list WHERE registration_id = ANY (ids);
  DELETE FROM register.warden_word WHERE registration_id = ANY (ids);
  DELETE FROM register.overdue WHERE registration_id = ANY (ids);
  DELETE FROM register.kept_apart WHERE registration_id = ANY (ids) OR other_id = ANY (ids);
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

-- As 0004_report.sql has it, with the last two reasons of enum triage_reason.
CREATE OR REPLACE FUNCTION report.reason_names(reasons integer) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(name ORDER BY bit), '{}') FROM unnest(ARRAY[
    'injured_life_threat', 'in_danger_life_threat', 'trapped', 'under_fire', 'child_alone_in_danger', 'injured', 'in_danger',
    'medical', 'medication', 'pregnant', 'unaccompanied_minor', 'detained', 'violence', 'help_asked', 'moving',
    'overdue_in_danger_zone', 'wants_evacuation', 'overdue', 'travel_documents', 'change_of_plan', 'message_to_read',
    'unclear_message', 'unknown_sender', 'inquiry', 'opted_out', 'opted_in'])
    WITH ORDINALITY AS named (name, bit) WHERE reasons & (1 << (bit - 1)::integer) <> 0
$$;

-- Counted apart -----------------------------------------------------------------------------------------------------------------------------------------

-- Nobody has confirmed the party for so long: not even a registration that was sent again.
CREATE FUNCTION register.is_stale(r register.registration, stale_after interval) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT r.state = 'registered' AND r.last_status IS DISTINCT FROM 'departed' AND greatest(r.last_check_in_at, r.received_at) < now() - stale_after
$$;
REVOKE ALL ON FUNCTION register.is_stale FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.is_stale TO muster_report;

ALTER TABLE register.figure ADD COLUMN stale integer NOT NULL DEFAULT 0;

-- As 0028_figures.sql has it, with who is stale: of those not heard from, whom nobody has confirmed for long.
-- Exercises are counted in the queues, where they stand beside the others, but are nobody to account for.
CREATE OR REPLACE FUNCTION register.count_figures() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  bin timestamptz := date_bin('5 minutes', now(), '2020-01-01');
BEGIN
  WITH parties AS (
    SELECT r.crisis_id, r.post_id, CASE
      WHEN r.last_status = 'departed' THEN 'departed' WHEN r.last_status IN ('need_help', 'injured', 'in_danger') THEN 'need_help'
      WHEN register.is_stale(r, k.stale_after) THEN 'stale'
      WHEN r.last_status IS NULL OR r.check_in_by < now() THEN 'not_heard_from' ELSE 'accounted_for' END AS how
    FROM register.registration AS r JOIN register.crisis AS k USING (crisis_id) WHERE r.state = 'registered' AND NOT register.is_exercise(r.client_id)),
  people AS (
    SELECT crisis_id, post_id, count(*) FILTER (WHERE how = 'accounted_for') AS accounted_for, count(*) FILTER (WHERE how = 'not_heard_from') AS not_heard_from,
      count(*) FILTER (WHERE how = 'need_help') AS need_help, count(*) FILTER (WHERE how = 'departed') AS departed, count(*) FILTER (WHERE how = 'stale') AS stale
    FROM parties GROUP BY crisis_id, post_id),
  cases AS (
    SELECT crisis_id, post_id, sum(cases) AS open, sum(unclaimed) AS unclaimed, sum(late) AS late FROM register.case_count GROUP BY crisis_id, post_id)
  INSERT INTO register.figure AS f (crisis_id, post_id, at, accounted_for, not_heard_from, need_help, departed, open, unclaimed, late, stale)
  SELECT p.crisis_id, p.post_id, bin, coalesce(n.accounted_for, 0), coalesce(n.not_heard_from, 0), coalesce(n.need_help, 0), coalesce(n.departed, 0),
    coalesce(c.open, 0), coalesce(c.unclaimed, 0), coalesce(c.late, 0), coalesce(n.stale, 0)
  FROM register.crisis_post AS p
  JOIN register.crisis AS k ON k.crisis_id = p.crisis_id AND k.closed_at IS NULL
  LEFT JOIN people AS n ON n.crisis_id = p.crisis_id AND n.post_id = p.post_id
  LEFT JOIN cases AS c ON c.crisis_id = p.crisis_id AND c.post_id = p.post_id
  ON CONFLICT (crisis_id, post_id, at) DO UPDATE SET accounted_for = excluded.accounted_for, not_heard_from = excluded.not_heard_from,
    need_help = excluded.need_help, departed = excluded.departed, open = excluded.open, unclaimed = excluded.unclaimed, late = excluded.late, stale = excluded.stale;
  DELETE FROM register.figure AS f WHERE f.at < now() - interval '14 days';

  WITH counted AS MATERIALIZED (
    SELECT n.crisis_id, n.post_id, n.queue, named.need, sum(n.cases)::integer AS cases
    FROM (SELECT c.crisis_id, c.post_id, c.queue, c.needs, count(*) AS cases FROM register.triage_case AS c
          WHERE c.state <> 'resolved' AND c.needs <> 0 GROUP BY c.crisis_id, c.post_id, c.queue, c.needs) AS n
    CROSS JOIN LATERAL unnest(register.need_names(n.needs)) AS named (need)
    GROUP BY n.crisis_id, n.post_id, n.queue, named.need),
  gone AS (
    DELETE FROM register.need_count AS k WHERE NOT EXISTS (
      SELECT FROM counted AS n WHERE (n.crisis_id, n.post_id, n.queue, n.need) = (k.crisis_id, k.post_id, k.queue, k.need)))
  INSERT INTO register.need_count AS k SELECT * FROM counted
  ON CONFLICT (crisis_id, post_id, queue, need) DO UPDATE SET cases = excluded.cases WHERE k.cases <> excluded.cases;
END $$;

-- As 0006_exercise.sql has it, with who is stale and on which rung of the ladder they are.
CREATE OR REPLACE VIEW report.party AS
  SELECT registration_id, crisis_id AS crisis, post_id AS post, state, party_size AS size, intent,
    register.need_names(needs) AS needs, cell, last_status, last_check_in_at, check_in_by AS next_check_in, received_at, channel,
    stored_via, client_id,
    CASE WHEN client_id IS NOT NULL THEN register.is_exercise(client_id)
      ELSE coalesce((SELECT bool_and(register.is_exercise(c.client_id)) FROM register.check_in AS c
                     WHERE c.registration_id = r.registration_id), false) END AS exercise,
    register.is_stale(r, (SELECT k.stale_after FROM register.crisis AS k WHERE k.crisis_id = r.crisis_id)) AS stale,
    (SELECT o.rung FROM register.overdue AS o WHERE o.registration_id = r.registration_id) AS overdue_step
  FROM register.registration AS r WHERE state <> 'merged';
