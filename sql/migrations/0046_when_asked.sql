-- When a party is asked: sooner where there is danger, and not at night. See docs/decisions/0025-when-they-are-asked.md.

-- A lead's rules for a crisis, beside its bands; a crisis without a row has these defaults.
ALTER TABLE register.triage_policy
  ADD COLUMN danger_check_in_minutes integer CHECK (danger_check_in_minutes BETWEEN 60 AND 10080), -- null: half of what it is elsewhere
  ADD COLUMN texts_at_night boolean NOT NULL DEFAULT false; -- the ladder's, too
ALTER TABLE register.triage_policy_change ADD COLUMN danger_check_in_minutes integer, ADD COLUMN texts_at_night boolean NOT NULL DEFAULT false;
GRANT INSERT (danger_check_in_minutes, texts_at_night), UPDATE (danger_check_in_minutes, texts_at_night) ON register.triage_policy TO muster_desk;
GRANT INSERT (danger_check_in_minutes, texts_at_night) ON register.triage_policy_change TO muster_desk;

-- Whose nights those are. Null: nobody has said, and then no hour is kept quiet: rather a text at night than none.
ALTER TABLE register.crisis ADD COLUMN time_zone text;

-- Due sooner in danger ------------------------------------------------------------------------------------------------------------------------------------

-- How often who is in a danger zone is asked. Never less often than elsewhere.
CREATE FUNCTION register.check_in_every_in_danger(every interval, minutes integer) RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT least(every, coalesce(make_interval(mins => minutes), greatest(every / 2, interval '1 hour')))
$$;

-- When the next check-in is due where the party is now. Nothing of this is kept: `check_in_by` is as the crisis has it everywhere, no check-in looks a cell up,
-- and a zone that is undone, or that a party leaves, leaves nothing behind. `heard`: of the party, last.
CREATE FUNCTION register.check_in_due(crisis text, cell text, heard timestamptz, check_in_by timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
  -- as register.is_in_danger has it, without a call a row
  IF cell IS NULL OR check_in_by IS NULL OR NOT EXISTS (SELECT FROM register.zone_cell AS z WHERE z.danger AND z.crisis_id = crisis
      AND z.cell = ANY (ARRAY[left(check_in_due.cell, 2), left(check_in_due.cell, 3), left(check_in_due.cell, 4), check_in_due.cell])) THEN
    RETURN check_in_by;
  END IF;
  RETURN least(check_in_by, heard + (SELECT register.check_in_every_in_danger(k.check_in_every, p.danger_check_in_minutes)
    FROM register.crisis AS k LEFT JOIN register.triage_policy AS p ON p.crisis_id = k.crisis_id WHERE k.crisis_id = crisis));
END $$;
REVOKE ALL ON FUNCTION register.check_in_every_in_danger, register.check_in_due FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.check_in_every_in_danger TO muster_edge, muster_desk;
GRANT EXECUTE ON FUNCTION register.check_in_due TO muster_desk, muster_report;

-- As 0029_merged.sql has it, with when the next is due where they are.
CREATE OR REPLACE FUNCTION edge.own_record(id bigint, secret bytea,
  OUT crisis_id text, OUT language text, OUT party_size smallint, OUT needs integer, OUT intent text, OUT received_at timestamptz,
  OUT check_in_by timestamptz, OUT last_status text, OUT last_check_in_at timestamptz, OUT case_state text, OUT case_received_at timestamptz,
  OUT read_at timestamptz, OUT answered_at timestamptz, OUT resolved_at timestamptz) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.crisis_id, r.language, r.party_size, r.needs, r.intent, r.received_at,
    register.check_in_due(h.crisis_id, h.cell, coalesce(h.last_check_in_at, h.received_at), h.check_in_by), h.last_status, h.last_check_in_at, c.state, c.received_at, c.read_at, c.answered_at, c.resolved_at
  FROM register.registration AS r
  LEFT JOIN register.merged AS m ON m.registration_id = r.registration_id AND m.undone_at IS NULL
  JOIN register.registration AS h ON h.registration_id = coalesce(m.case_id, r.registration_id)
  LEFT JOIN register.triage_case AS c ON c.registration_id = h.registration_id
  WHERE r.registration_id = own_record.id AND r.secret_mac = own_record.secret AND (r.state = 'registered' OR m.was_state = 'registered')
$$;
-- Likewise.
CREATE OR REPLACE FUNCTION edge.store_registrations(
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
      -- a stranger who was merged stays so, and where the case is that they are part of
      crisis_id = CASE r.state WHEN 'merged' THEN r.crisis_id ELSE excluded.crisis_id END,
      post_id = CASE r.state WHEN 'merged' THEN r.post_id ELSE excluded.post_id END,
      state = CASE r.state WHEN 'merged' THEN 'merged' ELSE excluded.state END, client_id = excluded.client_id,
      content_mac = excluded.content_mac, secret_mac = excluded.secret_mac, language = excluded.language,
      party_size = excluded.party_size, needs = excluded.needs, intent = excluded.intent,
      cell = coalesce(r.cell, excluded.cell), consent_family = excluded.consent_family,
      consent_partners = excluded.consent_partners, epoch_id = excluded.epoch_id, sealed_location = excluded.sealed_location,
      sealed_emergency_contact = excluded.sealed_emergency_contact, channel = excluded.channel,
      stored_via = excluded.stored_via, received_at = excluded.received_at,
      check_in_by = CASE WHEN r.state <> 'merged' THEN greatest(r.check_in_by, excluded.check_in_by) END
      WHERE r.state = 'unidentified' OR (r.state = 'merged' AND r.client_id IS NULL)
    RETURNING registration_id)
  SELECT coalesce(array_agg(record), '{}') INTO taken FROM incoming JOIN stored ON stored.registration_id = incoming.id;

  IF cardinality(taken) > 0 AND EXISTS (SELECT FROM register.merged AS m WHERE m.undone_at IS NULL) THEN
    UPDATE register.merged AS m SET was_state = CASE WHEN queues[k] = 'inquiry' THEN 'sought' ELSE 'registered' END
    FROM unnest(taken) AS k WHERE m.registration_id = ids[k] AND m.undone_at IS NULL;
  END IF;

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
               ELSE 1 END)::smallint, register.check_in_due(r.crisis_id, i.cell, r.received_at, r.received_at + c.check_in_every), r.stored_via -- as first answered, but for zones since drawn
  FROM unnest(ids, client_ids, content_macs, cells) WITH ORDINALITY AS i (id, client_id, content_mac, cell, record)
  LEFT JOIN register.registration AS r ON r.registration_id = i.id
  LEFT JOIN register.crisis AS c ON c.crisis_id = r.crisis_id
  ORDER BY i.record;
END $$;
-- As 0030_parties.sql has it: who is overdue is so by where they are.
CREATE OR REPLACE FUNCTION register.broadcast_audience(b register.broadcast, after bigint, looked_at integer,
  OUT registration_id bigint, OUT way text, OUT to_contact smallint, OUT to_check_in uuid, OUT phone_index bytea, OUT text_id uuid)
RETURNS SETOF record LANGUAGE sql STABLE AS $$
  SELECT r.registration_id,
    CASE WHEN NOT i.included THEN NULL WHEN c.ordinal IS NULL AND h.client_id IS NULL THEN 'no_number'
      WHEN coalesce(of_phone.opts_out, of_stranger.opts_out, false) THEN 'opted_out' ELSE 'text' END,
    c.ordinal, h.client_id, c.value_index, t.text_id
  FROM (SELECT p.* FROM register.registration AS p WHERE p.registration_id > after ORDER BY p.registration_id LIMIT looked_at) AS r
  LEFT JOIN LATERAL (SELECT m.case_id FROM register.merged AS m
    WHERE m.registration_id = r.registration_id AND m.undone_at IS NULL AND m.was_state = 'registered' AND r.state = 'merged'
      AND NOT EXISTS (SELECT FROM register.contact AS c JOIN register.registration AS p USING (registration_id)
        WHERE c.kind IN ('phone', 'whatsapp') AND p.registration_id IN (
          SELECT m.case_id UNION ALL SELECT o.registration_id FROM register.merged AS o
          WHERE o.case_id = m.case_id AND o.undone_at IS NULL AND o.place < m.place))) AS instead ON true
  CROSS JOIN LATERAL (SELECT coalesce(r.crisis_id = b.crisis_id AND (r.state IN ('registered', 'unidentified') OR instead.case_id IS NOT NULL)
    AND (b.posts IS NULL OR r.post_id = ANY (b.posts))
    AND (b.cells IS NULL OR r.cell = ANY (b.cells))
    AND (b.languages IS NULL OR r.language = ANY (b.languages))
    AND (b.intents IS NULL OR r.intent = ANY (b.intents))
    AND (b.statuses IS NULL OR coalesce(r.last_status, 'none') = ANY (b.statuses))
    AND (NOT b.overdue OR register.check_in_due(r.crisis_id, r.cell, coalesce(r.last_check_in_at, r.received_at), r.check_in_by) < now())
    AND ((b.bands IS NULL AND b.needs IS NULL) OR EXISTS (
      SELECT FROM (VALUES (1)) AS one LEFT JOIN register.triage_case AS k ON k.registration_id = coalesce(instead.case_id, r.registration_id) AND k.state <> 'resolved'
      WHERE (b.bands IS NULL OR k.band = ANY (b.bands)) AND (b.needs IS NULL OR (r.needs | coalesce(k.needs, 0)) & b.needs <> 0)))
    AND NOT register.is_exercise_party(r.registration_id, r.client_id), false) AS included) AS i
  LEFT JOIN LATERAL (SELECT c.ordinal, c.value_index FROM register.contact AS c
    WHERE c.registration_id = r.registration_id AND i.included AND r.state IN ('registered', 'merged') AND c.kind IN ('phone', 'whatsapp')
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

-- As 0031_overdue.sql has it: nothing was heard since, and by where they are it is still due. A zone that is undone ends a silence that was none elsewhere.
CREATE OR REPLACE FUNCTION register.is_silent(r register.registration, since timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(since < now() AND r.state = 'registered' AND r.last_status IS DISTINCT FROM 'departed'
    AND (r.check_in_by = since OR (since > coalesce(r.last_check_in_at, r.received_at)
      AND register.check_in_due(r.crisis_id, r.cell, coalesce(r.last_check_in_at, r.received_at), r.check_in_by) < now()))
    AND EXISTS (SELECT FROM register.crisis AS k WHERE k.crisis_id = r.crisis_id AND k.closed_at IS NULL), false)
$$;

-- As 0031_overdue.sql has it; the cells in danger are looked up in one table in memory for the whole page.
CREATE OR REPLACE FUNCTION register.find_overdue(most integer, OUT looked integer, OUT fresh integer) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  after bigint;
  last  bigint;
BEGIN
  SELECT w.looked_to INTO after FROM register.overdue_walk AS w FOR UPDATE;
  WITH page AS MATERIALIZED (
    SELECT r.registration_id, r.crisis_id, r.state, r.check_in_by, r.last_status, r.cell, coalesce(r.last_check_in_at, r.received_at) AS heard
    FROM register.registration AS r
    WHERE r.registration_id > after ORDER BY r.registration_id LIMIT most),
  crises AS MATERIALIZED (
    SELECT k.crisis_id, register.check_in_every_in_danger(k.check_in_every, t.danger_check_in_minutes) AS sooner
    FROM register.crisis AS k LEFT JOIN register.triage_policy AS t ON t.crisis_id = k.crisis_id WHERE k.closed_at IS NULL),
  danger AS MATERIALIZED (SELECT z.crisis_id, z.cell FROM register.zone_cell AS z WHERE z.danger),
  due AS (
    SELECT p.registration_id, CASE WHEN p.heard + k.sooner < least(p.check_in_by, now()) AND p.cell IS NOT NULL
        AND ((p.crisis_id, left(p.cell, 2)) IN (SELECT d.crisis_id, d.cell FROM danger AS d) OR (p.crisis_id, left(p.cell, 3)) IN (SELECT d.crisis_id, d.cell FROM danger AS d)
          OR (p.crisis_id, left(p.cell, 4)) IN (SELECT d.crisis_id, d.cell FROM danger AS d) OR (p.crisis_id, p.cell) IN (SELECT d.crisis_id, d.cell FROM danger AS d))
      THEN p.heard + k.sooner ELSE p.check_in_by END AS since
    FROM page AS p JOIN crises AS k ON k.crisis_id = p.crisis_id
    WHERE p.state = 'registered' AND p.last_status IS DISTINCT FROM 'departed'),
  added AS (
    INSERT INTO register.overdue (registration_id, since, due_at)
    SELECT d.registration_id, d.since, now() FROM due AS d
    WHERE d.since < now() AND NOT EXISTS (SELECT FROM register.overdue AS o WHERE o.registration_id = d.registration_id)
    ON CONFLICT DO NOTHING RETURNING 1)
  SELECT count(*), max(p.registration_id), (SELECT count(*) FROM added) INTO looked, last, fresh FROM page AS p;
  UPDATE register.overdue_walk AS w SET looked_to = CASE WHEN looked < most THEN -1 ELSE last END
  WHERE w.looked_to IS DISTINCT FROM CASE WHEN looked < most THEN -1 ELSE last END;
END $$;

-- As 0031_overdue.sql has it, with who is not heard from where they are.
-- Exercises are counted in the queues, where they stand beside the others, but are nobody to account for.
CREATE OR REPLACE FUNCTION register.count_figures() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  bin timestamptz := date_bin('5 minutes', now(), '2020-01-01');
BEGIN
  WITH crises AS MATERIALIZED (
    SELECT k.crisis_id, k.stale_after, register.check_in_every_in_danger(k.check_in_every, t.danger_check_in_minutes) AS sooner
    FROM register.crisis AS k LEFT JOIN register.triage_policy AS t ON t.crisis_id = k.crisis_id),
  danger AS MATERIALIZED (SELECT z.crisis_id, z.cell FROM register.zone_cell AS z WHERE z.danger),
  parties AS (
    SELECT crisis_id, r.post_id, CASE
      WHEN r.last_status = 'departed' THEN 'departed' WHEN r.last_status IN ('need_help', 'injured', 'in_danger') THEN 'need_help'
      WHEN register.is_stale(r, k.stale_after) THEN 'stale'
      WHEN r.last_status IS NULL OR r.check_in_by < now() THEN 'not_heard_from'
      WHEN coalesce(r.last_check_in_at, r.received_at) + k.sooner < now() AND r.cell IS NOT NULL
        AND ((r.crisis_id, left(r.cell, 2)) IN (SELECT d.crisis_id, d.cell FROM danger AS d) OR (r.crisis_id, left(r.cell, 3)) IN (SELECT d.crisis_id, d.cell FROM danger AS d)
          OR (r.crisis_id, left(r.cell, 4)) IN (SELECT d.crisis_id, d.cell FROM danger AS d) OR (r.crisis_id, r.cell) IN (SELECT d.crisis_id, d.cell FROM danger AS d))
        THEN 'not_heard_from' ELSE 'accounted_for' END AS how
    FROM register.registration AS r JOIN crises AS k USING (crisis_id) WHERE r.state = 'registered' AND NOT register.is_exercise(r.client_id)),
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

-- As 0031_overdue.sql has it, with when the next is due where they are.
CREATE OR REPLACE VIEW report.party AS
  SELECT registration_id, crisis_id AS crisis, post_id AS post, state, party_size AS size, intent,
    register.need_names(needs) AS needs, cell, last_status, last_check_in_at,
    register.check_in_due(crisis_id, cell, coalesce(last_check_in_at, received_at), check_in_by) AS next_check_in, received_at, channel,
    stored_via, client_id,
    CASE WHEN client_id IS NOT NULL THEN register.is_exercise(client_id)
      ELSE coalesce((SELECT bool_and(register.is_exercise(c.client_id)) FROM register.check_in AS c
                     WHERE c.registration_id = r.registration_id), false) END AS exercise,
    register.is_stale(r, (SELECT k.stale_after FROM register.crisis AS k WHERE k.crisis_id = r.crisis_id)) AS stale,
    (SELECT o.rung FROM register.overdue AS o WHERE o.registration_id = r.registration_id) AS overdue_step
  FROM register.registration AS r WHERE state <> 'merged';

-- Not at night ----------------------------------------------------------------------------------------------------------------------------------------------

-- Its step waits for the morning, or for there being no reason to wait any more.
ALTER TABLE register.overdue ADD COLUMN waits boolean NOT NULL DEFAULT false;

-- Whether a text of the ladder may come at any hour.
CREATE FUNCTION register.may_wake(r register.registration) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT register.is_in_danger_zone(r) OR EXISTS (SELECT FROM register.triage_policy AS p WHERE p.crisis_id = r.crisis_id AND p.texts_at_night)
$$;
REVOKE ALL ON FUNCTION register.may_wake FROM PUBLIC;

-- As 0031_overdue.sql has it, with what the clocks show there, in seconds since midnight: null where texts may come at any hour.
DROP FUNCTION register.overdue_due;
CREATE FUNCTION register.overdue_due(most integer, recipient text, OUT registration_id bigint, OUT since timestamptz, OUT rung text, OUT round smallint,
  OUT due_at timestamptz, OUT silent boolean, OUT language text, OUT crisis text, OUT country text, OUT place text, OUT needs integer, OUT intent text,
  OUT in_danger_zone boolean, OUT has_warden boolean, OUT first smallint, OUT second smallint, OUT epoch_id uuid, OUT sealed_contact bytea, OUT wrapped bytea,
  OUT room integer, OUT stale_at timestamptz, OUT stale_s integer, OUT bands text, OUT answer_minutes text, OUT ask_id uuid, OUT at timestamptz, OUT clock_s integer)
RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET jit = off AS $$
  SELECT o.registration_id, o.since, o.rung, o.round, o.due_at, register.is_silent(r, o.since),
    coalesce(r.language, k.languages[1]), r.crisis_id, k.country::text, coalesce(k.name ->> r.language, k.name ->> 'en', k.country), r.needs, r.intent,
    register.is_in_danger_zone(r), register.has_warden(r), ways.found[1], ways.found[2],
    r.epoch_id, r.sealed_emergency_contact, w.wrapped, (1000 - queued.count)::integer,
    greatest(r.last_check_in_at, r.received_at) + k.stale_after, extract(epoch FROM k.stale_after)::integer,
    array_to_string(p.bands, ' '), array_to_string(p.answer_minutes, ' '),
    register.overdue_message_id(o.registration_id, o.since, o.rung, o.round), now(),
    CASE WHEN NOT register.may_wake(r) THEN extract(epoch FROM (now() AT TIME ZONE k.time_zone)::time)::integer END
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
REVOKE ALL ON FUNCTION register.overdue_due FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.overdue_due TO muster_courier;

-- As 0031_overdue.sql has it; a step to no rung is one that waits until then.
CREATE OR REPLACE FUNCTION register.climb_overdue(ids bigint[], sinces timestamptz[], froms text[], rounds smallint[], tos text[], due_ats timestamptz[], until_ats timestamptz[],
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
    UPDATE register.overdue AS o SET rung = coalesce(s.rung, o.rung), waits = s.rung IS NULL, due_at = s.due_at, round = o.round + CASE s.rung WHEN 'asked_again' THEN 1 ELSE 0 END
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

-- As 0031_overdue.sql has it; who waits for the morning and need not any more is due at once, and who is not due any more, the zone being gone, leaves it, too.
CREATE OR REPLACE FUNCTION register.end_overdue(after bigint, most integer, OUT last bigint, OUT ended integer) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  page  bigint[];
  heard bigint[];
  o     register.overdue;
  r     register.registration;
  c     register.triage_case;
  left_reasons integer;
  why   text;
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
    why := CASE WHEN r.state = 'registered' AND r.last_status IS DISTINCT FROM 'departed' AND coalesce(r.last_check_in_at, r.received_at) < o.since
      THEN 'not_due' ELSE 'heard_from' END;
    UPDATE register.message AS m SET state = 'failed', reason = why WHERE m.registration_id = heard[i] AND m.origin = 'overdue' AND m.state = 'queued';
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
          INSERT INTO register.audit (action, registration_id) VALUES ('case.' || why, heard[i]);
        ELSIF left_reasons <> c.reasons THEN
          UPDATE register.triage_case AS t SET reasons = left_reasons, judge_again = true, version = t.version + 1 WHERE t.registration_id = heard[i];
        END IF;
      END IF;
    END IF;
    DELETE FROM register.overdue AS t WHERE t.registration_id = heard[i];
    ended := ended + 1;
  END LOOP;
  -- after the parties, which a merge locks first
  UPDATE register.overdue AS t SET due_at = now(), waits = false FROM register.registration AS k
  WHERE t.registration_id = ANY (page) AND t.waits AND t.due_at > now() AND k.registration_id = t.registration_id AND register.may_wake(k);
END $$;

-- What else was not so ------------------------------------------------------------------------------------------------------------------------------------

-- As 0033_zones.sql has it; a stranger's case that nothing but that makes one is answered within what the crisis's policy says of its band. The edge does
-- not know whose it is, and says the default.
CREATE OR REPLACE FUNCTION edge.raise_cases(
  ids bigint[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[], receiveds timestamptz[],
  statuses text[], cry_needs integer[], peoples smallint[], cells text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  in_danger_zone CONSTANT integer := 1 << 26; -- REASON_IN_DANGER_ZONE of lib/domain/triage.h
BEGIN -- PL/pgSQL for its kept plan: a function in SQL would be parsed and planned at each call
  IF EXISTS (SELECT FROM register.merged AS m WHERE m.undone_at IS NULL) THEN
    SELECT array_agg(coalesce(m.case_id, i.id) ORDER BY i.record) INTO ids
    FROM unnest(ids) WITH ORDINALITY AS i (id, record)
    LEFT JOIN register.merged AS m ON m.registration_id = i.id AND m.undone_at IS NULL;
  END IF;
  INSERT INTO register.triage_case AS c (registration_id, crisis_id, post_id, queue, band, reasons, state, respond_by,
      received_at, opened_at, needs, people, cell, last_status, judge_again)
  SELECT r.registration_id, r.crisis_id, r.post_id,
      CASE WHEN r.state = 'unidentified' THEN 'identification' ELSE cry.queue END,
      cry.band, cry.reasons, 'open',
      CASE WHEN r.state = 'unidentified' AND cry.band = 5 THEN coalesce(cry.received_at + make_interval(mins => p.answer_minutes[5]), cry.respond_by)
           ELSE cry.respond_by END, cry.received_at, cry.received_at,
      -- where they are and how they are: the party's, which a cry that comes late, by the journal, does not set back
      cry.needs | r.needs, cry.people, coalesce(r.cell, cry.cell), coalesce(r.last_status, cry.status),
      coalesce(cry.received_at < p.changed_at + interval '15 seconds', false)
        OR CASE WHEN d.crisis_id IS NULL THEN cry.reasons & in_danger_zone <> 0
                ELSE (cry.reasons & in_danger_zone <> 0) <> EXISTS (
                  SELECT FROM register.zone_cell AS z WHERE z.danger AND z.crisis_id = r.crisis_id
                    AND z.cell = ANY (ARRAY[left(coalesce(r.cell, cry.cell), 2), left(coalesce(r.cell, cry.cell), 3), left(coalesce(r.cell, cry.cell), 4),
                      coalesce(r.cell, cry.cell)])) END
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
  LEFT JOIN register.triage_policy AS p ON p.crisis_id = r.crisis_id
  LEFT JOIN register.danger AS d ON d.crisis_id = r.crisis_id
  ORDER BY r.registration_id
  ON CONFLICT (registration_id) DO UPDATE SET
    band = CASE WHEN c.state = 'resolved' THEN excluded.band ELSE least(c.band, excluded.band) END,
    queue = CASE WHEN c.state = 'resolved' OR excluded.band < c.band THEN excluded.queue ELSE c.queue END,
    reasons = CASE WHEN c.state = 'resolved' THEN excluded.reasons ELSE c.reasons | excluded.reasons END,
    respond_by = CASE WHEN c.state = 'resolved' OR c.answered_at IS NOT NULL THEN excluded.respond_by
                      ELSE least(c.respond_by, excluded.respond_by) END,
    received_at = CASE WHEN c.state = 'resolved' OR c.answered_at IS NOT NULL THEN excluded.received_at
                       ELSE least(c.received_at, excluded.received_at) END,
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
    -- they have gone into a danger zone, or out of it, since
    judge_again = c.judge_again OR excluded.judge_again OR (c.reasons # excluded.reasons) & in_danger_zone <> 0,
    version = c.version + 1;
END $$;

-- As 0024_duplicates.sql has it, of all parties of the case: those that were merged into it have names, phones and documents of their own. A party that is
-- found and is itself part of another's case stands for that.
CREATE OR REPLACE FUNCTION desk.find_alike(id bigint, phones bytea[], strangers bigint[], most integer,
  OUT registration_id bigint, OUT shares_phone boolean, OUT shares_document boolean) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
  SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  home      text;
  births    bigint[];
  found     bigint[] := '{}';
  sounds    bigint[];
  by_sound  bigint[];
  own       bigint[];
BEGIN
  SELECT r.crisis_id INTO home FROM register.registration AS r
  WHERE r.registration_id = id AND (r.crisis_id, r.post_id) IN (SELECT p.crisis_id, p.post_id FROM desk.scope AS p);
  IF home IS NULL THEN RETURN; END IF;
  own := ARRAY(SELECT m.registration_id FROM register.merged AS m WHERE m.case_id = id AND m.undone_at IS NULL) || id;
  SELECT array_agg(k) INTO births FROM register.party_member AS m, unnest(m.name_keys) AS k WHERE m.registration_id = ANY (own) AND k & 7 = 4;
  IF births IS NOT NULL THEN
    SELECT array_agg(DISTINCT b.registration_id) INTO found FROM (
      SELECT m.registration_id FROM register.party_member AS m WHERE m.name_keys && births LIMIT most) AS b;
  END IF;
  -- All the sounds of a member's name, of at least two; what very many share tells nothing, and its first few are no better than none.
  FOR sounds IN
    SELECT array_agg(k) FROM register.party_member AS m, unnest(m.name_keys) AS k
    WHERE m.registration_id = ANY (own) AND m.ordinal < 4 AND k & 7 = 1 GROUP BY m.registration_id, m.ordinal HAVING count(*) >= 2
  LOOP
    SELECT array_agg(b.registration_id) INTO by_sound FROM (
      SELECT m.registration_id FROM register.party_member AS m WHERE m.name_keys @> sounds LIMIT most + 1) AS b;
    IF cardinality(by_sound) <= most THEN
      found := found || by_sound;
    END IF;
  END LOOP;
  RETURN QUERY
  SELECT r.registration_id, bool_or(f.phone), bool_or(f.document) FROM (
    SELECT unnest(found) AS id, false AS phone, false AS document
    UNION ALL
    SELECT unnest(strangers), true, false
    UNION ALL
    (SELECT c.registration_id, true, false FROM register.contact AS c
     WHERE c.value_index = ANY (phones || ARRAY(SELECT o.value_index FROM register.contact AS o
                                                WHERE o.registration_id = ANY (own) AND o.value_index IS NOT NULL)) LIMIT most)
    UNION ALL
    (SELECT m.registration_id, false, true FROM register.party_member AS m
     WHERE m.document_index = ANY (ARRAY(SELECT o.document_index FROM register.party_member AS o
                                         WHERE o.registration_id = ANY (own) AND o.document_index IS NOT NULL)) LIMIT most)) AS f
  LEFT JOIN register.merged AS g ON g.registration_id = f.id AND g.undone_at IS NULL
  JOIN register.registration AS r ON r.registration_id = coalesce(g.case_id, f.id)
  WHERE r.registration_id <> ALL (own) AND r.crisis_id = home AND (r.crisis_id, r.post_id) IN (SELECT p.crisis_id, p.post_id FROM desk.scope AS p)
  GROUP BY r.registration_id;
END $$;
