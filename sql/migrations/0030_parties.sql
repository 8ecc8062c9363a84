-- What the desk does with parties: it merges two and parts them again (docs/decisions/0016-merging.md), takes down what it is told of one, and gives wardens
-- their lists.

-- As 0015_broadcasts.sql has it; of the parties of one case, the first that has a phone.
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
    AND (NOT b.overdue OR r.check_in_by < now())
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

-- Nobody is counted twice: a merged party is its case's.
CREATE OR REPLACE VIEW report.party AS
  SELECT registration_id, crisis_id AS crisis, post_id AS post, state, party_size AS size, intent,
    register.need_names(needs) AS needs, cell, last_status, last_check_in_at, check_in_by AS next_check_in, received_at, channel,
    stored_via, client_id,
    CASE WHEN client_id IS NOT NULL THEN register.is_exercise(client_id)
      ELSE coalesce((SELECT bool_and(register.is_exercise(c.client_id)) FROM register.check_in AS c
                     WHERE c.registration_id = r.registration_id), false) END AS exercise
  FROM register.registration AS r WHERE state <> 'merged';

CREATE OR REPLACE VIEW report.check_in AS
  SELECT coalesce(m.case_id, c.registration_id) AS registration_id, c.client_id, c.status, c.band, report.reason_names(c.reasons) AS reasons,
    register.need_names(c.needs) AS needs, c.people, c.channel, c.cell, c.at, c.received_at, c.stored_via, register.is_exercise(c.client_id) AS exercise
  FROM register.check_in AS c LEFT JOIN register.merged AS m ON m.registration_id = c.registration_id AND m.undone_at IS NULL;

CREATE OR REPLACE VIEW report.triage_case AS
  SELECT registration_id, crisis_id AS crisis, post_id AS post, queue, band, report.reason_names(reasons) AS reasons, state,
    received_at, opened_at, respond_by, claimed_at, read_at, answered_at, resolved_at
  FROM register.triage_case AS t
  WHERE NOT EXISTS (SELECT FROM register.merged AS m WHERE m.registration_id = t.registration_id AND m.undone_at IS NULL);

CREATE OR REPLACE VIEW report.message AS
  SELECT coalesce(m.case_id, c.registration_id) AS registration_id, c.client_id, 'inbound'::text AS direction, c.channel, 'handled'::text AS state,
    c.received_at
  FROM register.check_in AS c LEFT JOIN register.merged AS m ON m.registration_id = c.registration_id AND m.undone_at IS NULL
  WHERE c.channel = 'sms'
  UNION ALL
  SELECT coalesce(m.case_id, t.registration_id), t.message_id, 'outbound'::text, 'sms'::text, t.state, t.created_at
  FROM register.message AS t LEFT JOIN register.merged AS m ON m.registration_id = t.registration_id AND m.undone_at IS NULL;

-- How urgent a party is: its case as it was at some time (null: it had none), if that waits for an answer, and what these parties have cried since. The reason
-- that nobody knows the sender (bit 22) and the queue for that are not those of a party that is `known`. Null when nothing is urgent.
CREATE FUNCTION register.urgency(was jsonb, ids bigint[], since timestamptz, known boolean, OUT band smallint, OUT reasons integer, OUT queue text,
  OUT respond_by timestamptz, OUT received_at timestamptz, OUT needs integer, OUT people smallint, OUT cried boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c register.triage_case := jsonb_populate_record(NULL::register.triage_case, was);
  said record;
BEGIN
  IF c.state <> 'resolved' THEN
    band := c.band; reasons := c.reasons; queue := c.queue; respond_by := c.respond_by; received_at := c.received_at; needs := c.needs; people := c.people;
  END IF;
  SELECT min(k.band) AS band, bit_or(k.reasons) AS reasons, min(k.received_at) AS received_at, bit_or(k.needs) AS needs, max(k.people) AS people INTO said
  FROM register.check_in AS k WHERE k.registration_id = ANY (ids) AND k.received_at >= since AND k.band IS NOT NULL;
  cried := said.band IS NOT NULL;
  reasons := coalesce(reasons, 0) | coalesce(said.reasons, 0);
  IF known THEN
    reasons := reasons & ~(1 << 22);
  END IF;
  band := CASE WHEN reasons <> 0 THEN least(band, said.band) END;
  received_at := least(received_at, said.received_at);
  respond_by := coalesce(respond_by, said.received_at);
  needs := coalesce(needs, 0) | coalesce(said.needs, 0);
  people := coalesce(greatest(people, said.people), people);
  IF said.band IS NOT NULL AND (c.band IS NULL OR said.band < c.band) OR queue IS NULL OR (known AND queue = 'identification') THEN
    queue := CASE WHEN NOT known THEN 'identification' WHEN band <= 2 THEN 'emergency' ELSE 'assistance' END;
  END IF;
END $$;

-- Two parties and what is part of them, in the order in which who stores check-ins locks them.
CREATE FUNCTION register.lock_parties(one bigint, other bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
  PERFORM FROM register.registration AS r WHERE r.registration_id = ANY (ARRAY[one, other] || ARRAY(
    SELECT m.registration_id FROM register.merged AS m WHERE m.case_id IN (one, other) AND m.undone_at IS NULL))
  ORDER BY r.registration_id FOR UPDATE;
END $$;

-- Merges the party `other` into the case `id`, or, where of the two only the other is registered, the other way round: what is known is kept. The one case
-- becomes as urgent as the more urgent of the two. For the desk: who may work both; `seen` is the version of the case `id` that the caller saw. With it goes a
-- sealed note, or none. Tells which was kept and its version then; or why it could not be: absent, changed, held (by somebody else), merged (one of them is
-- already), crises, exercise.
CREATE FUNCTION desk.merge_cases(id bigint, other bigint, seen integer, origin text, note_id uuid, note_epoch uuid, sealed bytea,
  epoch_opened_at timestamptz, recipient_ids text[], wraps bytea[], OUT kept bigint, OUT version integer, OUT why text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_variable
DECLARE
  me      bigint := desk.staff_id();
  k       register.registration;
  o       register.registration;
  kc      register.triage_case;
  oc      register.triage_case;
  r1      register.registration;
  c1      register.triage_case;
  base    register.merged;
  u       record;
  own     record;
  mine    boolean;
BEGIN
  PERFORM register.lock_parties(id, other);
  SELECT * INTO k FROM register.registration AS r WHERE r.registration_id = id;
  SELECT * INTO o FROM register.registration AS r WHERE r.registration_id = other;
  SELECT * INTO kc FROM register.triage_case AS t WHERE t.registration_id = id FOR UPDATE;
  SELECT * INTO oc FROM register.triage_case AS t WHERE t.registration_id = other FOR UPDATE;
  why := CASE WHEN k.registration_id IS NULL OR o.registration_id IS NULL OR id = other OR kc.registration_id IS NULL
      OR NOT desk.works(me, k.crisis_id, k.post_id) OR NOT desk.works(me, o.crisis_id, o.post_id) THEN 'absent'
    WHEN kc.version <> coalesce(seen, kc.version) THEN 'changed'
    WHEN k.state = 'merged' OR o.state = 'merged' THEN 'merged'
    WHEN k.crisis_id <> o.crisis_id THEN 'crises'
    WHEN register.is_exercise_party(k.registration_id, k.client_id) <> register.is_exercise_party(o.registration_id, o.client_id) THEN 'exercise' END;
  IF why IS NOT NULL THEN RETURN; END IF;
  IF k.state <> 'registered' AND o.state = 'registered' THEN
    r1 := k; k := o; o := r1;
    c1 := kc; kc := oc; oc := c1;
  END IF;
  mine := oc.claimed_by = me AND oc.state = 'claimed';
  IF oc.state IN ('claimed', 'waiting') AND oc.claimed_by <> me AND coalesce(oc.lease_until > now(), true)
      AND NOT EXISTS (SELECT FROM register.staff AS s WHERE s.staff_id = me AND s.role = 'lead') THEN
    why := 'held';
    RETURN;
  END IF;
  kept := k.registration_id;

  SELECT * INTO base FROM register.merged AS m WHERE m.case_id = kept AND m.into_id = kept AND m.undone_at IS NULL ORDER BY m.merged_at LIMIT 1;
  UPDATE register.merged AS m SET case_id = kept,
    place = m.place + 1 + (SELECT coalesce(max(p.place), 0) FROM register.merged AS p WHERE p.case_id = kept AND p.undone_at IS NULL)
  WHERE m.case_id = o.registration_id AND m.undone_at IS NULL;
  INSERT INTO register.merged (registration_id, into_id, case_id, place, merged_by, was_state, was_post, was_case, kept_case, kept_cell)
  SELECT o.registration_id, kept, kept, 1 + coalesce((SELECT max(p.place) FROM register.merged AS p
      WHERE p.case_id = kept AND p.undone_at IS NULL AND p.into_id <> o.registration_id), 0), me, o.state, o.post_id,
    CASE WHEN oc.registration_id IS NOT NULL THEN to_jsonb(oc) END,
    CASE WHEN base.registration_id IS NOT NULL THEN base.kept_case WHEN kc.registration_id IS NOT NULL THEN to_jsonb(kc) END,
    CASE WHEN base.registration_id IS NOT NULL THEN base.kept_cell ELSE k.cell END;
  DELETE FROM register.kept_apart AS a WHERE a.registration_id = least(id, other) AND a.other_id = greatest(id, other);

  UPDATE register.registration AS r SET state = CASE r.registration_id WHEN o.registration_id THEN 'merged' ELSE r.state END, post_id = k.post_id, check_in_by = NULL
  WHERE r.registration_id = o.registration_id
    OR r.registration_id IN (SELECT m.registration_id FROM register.merged AS m WHERE m.case_id = kept AND m.undone_at IS NULL);
  IF o.last_check_in_at > coalesce(k.last_check_in_at, '-infinity') THEN
    UPDATE register.registration AS r SET last_check_in_at = o.last_check_in_at, last_status = coalesce(o.last_status, r.last_status),
      cell = coalesce(o.cell, r.cell), check_in_by = coalesce(o.check_in_by, r.check_in_by)
    WHERE r.registration_id = kept RETURNING * INTO k;
  END IF;

  SELECT * INTO u FROM register.urgency(to_jsonb(oc), '{}', now(), k.state = 'registered');
  SELECT * INTO own FROM register.urgency(to_jsonb(kc), '{}', now(), k.state = 'registered');
  -- What the ladder raised for one that was silent ends when either is heard; what the other cried itself does not.
  UPDATE register.overdue AS v SET raised = v.raised & ~(coalesce(u.reasons, 0)
      & ~coalesce((SELECT w.raised FROM register.overdue AS w WHERE w.registration_id = o.registration_id), 0))
  WHERE v.registration_id = kept AND v.raised IS NOT NULL;
  INSERT INTO register.overdue AS v (registration_id, since, rung, due_at, raised_at, raised)
  SELECT kept, w.since, 'case_raised', now() + interval '1 day', w.raised_at, w.raised & ~CASE WHEN kc.state <> 'resolved' THEN kc.reasons ELSE 0 END
  FROM register.overdue AS w WHERE w.registration_id = o.registration_id AND w.raised IS NOT NULL
  ON CONFLICT (registration_id) DO UPDATE SET raised = coalesce(v.raised, 0) | excluded.raised, raised_at = coalesce(v.raised_at, excluded.raised_at);
  DELETE FROM register.overdue AS w WHERE w.registration_id = o.registration_id;
  IF kc.registration_id IS NULL THEN
    INSERT INTO register.triage_case (registration_id, crisis_id, post_id, queue, band, reasons, state, respond_by, received_at, opened_at, read_at, answered_at,
      resolved_at, needs, people, cell, last_status, judge_again)
    SELECT kept, k.crisis_id, k.post_id, u.queue, coalesce(u.band, oc.band), coalesce(nullif(u.reasons, 0), oc.reasons),
      CASE WHEN u.band IS NULL THEN 'resolved' ELSE 'open' END, coalesce(u.respond_by, oc.respond_by), oc.received_at, oc.opened_at, oc.read_at,
      oc.answered_at, CASE WHEN u.band IS NULL THEN coalesce(oc.resolved_at, now()) END, oc.needs | k.needs, coalesce(oc.people, k.party_size), k.cell, k.last_status,
      oc.judge_again;
  ELSIF u.band IS NOT NULL AND own.band IS NULL THEN -- what was closed opens with the other's cry
    UPDATE register.triage_case AS t SET queue = u.queue, band = u.band, reasons = u.reasons, state = 'open', respond_by = u.respond_by, received_at = u.received_at,
      opened_at = oc.opened_at, claimed_by = NULL, claimed_at = NULL, lease_until = NULL, waiting_until = NULL, read_at = oc.read_at,
      answered_at = oc.answered_at, resolved_at = NULL, judge_again = oc.judge_again
    WHERE t.registration_id = kept;
  ELSIF u.band IS NOT NULL THEN
    UPDATE register.triage_case AS t SET queue = CASE WHEN u.band < own.band THEN u.queue ELSE own.queue END, band = least(u.band, own.band), reasons = u.reasons | own.reasons,
      respond_by = CASE WHEN t.answered_at IS NOT NULL AND oc.answered_at IS NULL THEN u.respond_by
        WHEN t.answered_at IS NULL AND oc.answered_at IS NOT NULL THEN own.respond_by ELSE least(u.respond_by, own.respond_by) END,
      received_at = least(u.received_at, own.received_at),
      read_at = CASE WHEN oc.read_at IS NOT NULL THEN t.read_at END, answered_at = CASE WHEN oc.answered_at IS NOT NULL THEN t.answered_at END,
      state = CASE WHEN t.state = 'waiting' AND oc.answered_at IS NULL THEN CASE WHEN t.claimed_by IS NULL THEN 'open' ELSE 'claimed' END ELSE t.state END,
      lease_until = CASE WHEN t.state = 'waiting' AND t.claimed_by IS NOT NULL AND oc.answered_at IS NULL THEN now() + interval '15 minutes' ELSE t.lease_until END,
      waiting_until = CASE WHEN oc.answered_at IS NULL THEN NULL ELSE t.waiting_until END,
      judge_again = t.judge_again OR oc.judge_again
    WHERE t.registration_id = kept;
  ELSE -- a stranger's case that is kept for another stranger, or one that is known now, keeps its own urgency
    UPDATE register.triage_case AS t SET queue = CASE WHEN t.state = 'resolved' THEN t.queue ELSE own.queue END WHERE t.registration_id = kept;
  END IF;
  UPDATE register.triage_case AS t SET version = t.version + 1, needs = t.needs | coalesce(oc.needs, 0), people = greatest(t.people, oc.people), cell = coalesce(k.cell, t.cell, oc.cell),
    last_status = coalesce(k.last_status, t.last_status),
    claimed_by = CASE WHEN mine AND t.state = 'open' THEN me ELSE t.claimed_by END, claimed_at = CASE WHEN mine AND t.state = 'open' THEN now() ELSE t.claimed_at END,
    lease_until = CASE WHEN mine AND t.state = 'open' THEN now() + interval '15 minutes' ELSE t.lease_until END,
    state = CASE WHEN mine AND t.state = 'open' THEN 'claimed' ELSE t.state END
  WHERE t.registration_id = kept RETURNING t.version INTO version;
  UPDATE register.triage_case AS t SET state = 'resolved', resolved_at = coalesce(t.resolved_at, now()), claimed_by = NULL, claimed_at = NULL, lease_until = NULL,
    waiting_until = NULL, post_id = k.post_id, judge_again = false, version = t.version + 1
  WHERE t.registration_id = o.registration_id;

  IF sealed IS NOT NULL THEN
    INSERT INTO register.epoch (epoch_id, opened_at) VALUES (note_epoch, epoch_opened_at) ON CONFLICT DO NOTHING;
    INSERT INTO register.epoch_wrap SELECT note_epoch, w.recipient_id, w.wrapped FROM unnest(recipient_ids, wraps) AS w (recipient_id, wrapped)
    ON CONFLICT DO NOTHING;
    INSERT INTO register.case_note (registration_id, note_id, staff_id, epoch_id, sealed_text) VALUES (kept, note_id, me, note_epoch, sealed);
  END IF;
  INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
  VALUES (me, 'case.merge', kept, origin, jsonb_build_object('with', o.registration_id)),
    (me, 'case.merge', o.registration_id, origin, jsonb_build_object('into', kept));
END $$;

-- Takes a party out of the case that it was merged into, with what was merged into it before: as it was, and as urgent as it was or has cried since. The case
-- that is left is as urgent as it was and has cried since; but nothing is less urgent for it when somebody's reason would then be nowhere.
CREATE FUNCTION register.part(m register.merged, by bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  k      register.registration;
  kc     register.triage_case;
  c      register.triage_case := jsonb_populate_record(NULL::register.triage_case, m.was_case);
  sub    bigint[];
  rest   bigint[];
  begun  timestamptz;
  u      record;
  own    record;
  with_others record;
  covered integer;
BEGIN
  WITH RECURSIVE below AS (
    SELECT m.registration_id AS id
    UNION SELECT d.registration_id FROM below AS b JOIN register.merged AS d ON d.into_id = b.id AND d.undone_at IS NULL)
  SELECT array_agg(b.id) INTO sub FROM below AS b;
  SELECT * INTO k FROM register.registration AS r WHERE r.registration_id = m.case_id;
  SELECT * INTO kc FROM register.triage_case AS t WHERE t.registration_id = m.case_id FOR UPDATE;
  SELECT min(d.merged_at) INTO begun FROM register.merged AS d WHERE d.case_id = m.case_id AND d.into_id = m.case_id AND d.undone_at IS NULL;
  UPDATE register.merged AS d SET undone_at = now(), undone_by = by WHERE d.registration_id = m.registration_id AND d.undone_at IS NULL;
  UPDATE register.merged AS d SET case_id = m.registration_id WHERE d.registration_id = ANY (sub) AND d.undone_at IS NULL;
  SELECT array_agg(d.registration_id) || m.case_id INTO rest FROM register.merged AS d WHERE d.case_id = m.case_id AND d.undone_at IS NULL;
  rest := coalesce(rest, ARRAY[m.case_id]);

  UPDATE register.registration AS r SET state = m.was_state, check_in_by = coalesce(r.last_check_in_at, r.received_at) + e.check_in_every,
    post_id = CASE WHEN EXISTS (SELECT FROM register.crisis_post AS p WHERE p.crisis_id = r.crisis_id AND p.post_id = m.was_post) THEN m.was_post ELSE r.post_id END
  FROM register.crisis AS e WHERE r.registration_id = m.registration_id AND e.crisis_id = r.crisis_id;
  SELECT * INTO u FROM register.urgency(m.was_case, sub, m.merged_at, m.was_state = 'registered');
  IF m.was_case IS NOT NULL THEN
    UPDATE register.triage_case AS t SET post_id = r.post_id, state = CASE WHEN u.band IS NULL THEN 'resolved' ELSE 'open' END,
      resolved_at = CASE WHEN u.band IS NULL THEN coalesce(c.resolved_at, now()) END,
      queue = CASE WHEN u.band IS NULL THEN c.queue ELSE u.queue END, band = coalesce(u.band, c.band), reasons = CASE WHEN u.band IS NULL THEN c.reasons ELSE u.reasons END,
      respond_by = coalesce(u.respond_by, c.respond_by), received_at = coalesce(u.received_at, c.received_at), opened_at = c.opened_at,
      read_at = CASE WHEN NOT u.cried THEN c.read_at END, answered_at = CASE WHEN NOT u.cried THEN c.answered_at END, needs = c.needs | u.needs,
      people = coalesce(u.people, c.people), cell = coalesce(r.cell, c.cell), last_status = r.last_status, judge_again = c.judge_again OR u.cried, version = t.version + 1
    FROM register.registration AS r WHERE t.registration_id = m.registration_id AND r.registration_id = t.registration_id;
  ELSIF u.band IS NOT NULL THEN
    INSERT INTO register.triage_case (registration_id, crisis_id, post_id, queue, band, reasons, state, respond_by, received_at, opened_at, needs, people, cell,
      last_status, judge_again)
    SELECT r.registration_id, r.crisis_id, r.post_id, u.queue, u.band, u.reasons, 'open', u.respond_by, u.received_at, u.received_at, u.needs | r.needs, u.people,
      r.cell, r.last_status, true
    FROM register.registration AS r WHERE r.registration_id = m.registration_id;
  END IF;

  -- What is left knows no more of what only the other has told.
  UPDATE register.registration AS r SET last_check_in_at = said.at, last_status = said.status, cell = coalesce(said.cell, m.kept_cell),
    check_in_by = coalesce(said.at, r.received_at) + e.check_in_every
  FROM (SELECT max(d.received_at) AS at, (array_agg(d.status ORDER BY d.received_at DESC) FILTER (WHERE d.status IS NOT NULL))[1] AS status,
          (array_agg(d.cell ORDER BY d.received_at DESC) FILTER (WHERE d.cell IS NOT NULL))[1] AS cell
        FROM register.check_in AS d WHERE d.registration_id = ANY (rest)) AS said, register.crisis AS e
  WHERE r.registration_id = m.case_id AND e.crisis_id = r.crisis_id RETURNING r.* INTO k;
  SELECT * INTO own FROM register.urgency(m.kept_case, rest, begun, k.state = 'registered');
  SELECT min(o.band) AS band, coalesce(bit_or(o.reasons), 0) AS reasons, min(o.respond_by) AS respond_by, min(o.received_at) AS received_at,
      (array_agg(o.queue ORDER BY o.band))[1] AS queue INTO with_others
  FROM register.merged AS d CROSS JOIN LATERAL register.urgency(d.was_case, '{}', now(), k.state = 'registered') AS o
  WHERE d.case_id = m.case_id AND d.undone_at IS NULL AND o.band IS NOT NULL;
  covered := own.reasons | with_others.reasons | u.reasons | (1 << 22);
  UPDATE register.triage_case AS t SET version = t.version + 1, last_status = k.last_status, cell = k.cell,
    band = CASE WHEN n.less THEN least(own.band, with_others.band) ELSE t.band END,
    queue = CASE WHEN NOT n.less THEN t.queue WHEN with_others.band < own.band OR own.band IS NULL THEN with_others.queue ELSE own.queue END,
    reasons = CASE WHEN n.less THEN own.reasons | with_others.reasons ELSE t.reasons END,
    respond_by = CASE WHEN n.less THEN least(own.respond_by, with_others.respond_by) ELSE t.respond_by END,
    received_at = CASE WHEN n.less THEN least(own.received_at, with_others.received_at) ELSE t.received_at END,
    judge_again = t.judge_again OR (n.less AND own.cried),
    state = CASE WHEN n.done THEN 'resolved' ELSE t.state END, resolved_at = CASE WHEN n.done THEN now() ELSE t.resolved_at END,
    claimed_by = CASE WHEN n.done THEN NULL ELSE t.claimed_by END, claimed_at = CASE WHEN n.done THEN NULL ELSE t.claimed_at END,
    lease_until = CASE WHEN n.done THEN NULL ELSE t.lease_until END, waiting_until = CASE WHEN n.done THEN NULL ELSE t.waiting_until END
  FROM (SELECT s.covers AND s.left_over AS less, s.covers AND NOT s.left_over AS done
        FROM (SELECT kc.state <> 'resolved' AND kc.reasons & ~covered = 0 AS covers, coalesce(own.band, with_others.band) IS NOT NULL AS left_over) AS s) AS n
  WHERE t.registration_id = m.case_id;
END $$;

-- Undoes a merge: for who works the case. Those merged last are undone first: what was merged into a case that was itself merged comes out with it.
CREATE FUNCTION desk.unmerge_case(id bigint, other bigint, seen integer, origin text, OUT version integer, OUT why text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_variable
DECLARE
  me  bigint := desk.staff_id();
  k   register.registration;
  kc  register.triage_case;
  m   register.merged;
BEGIN
  PERFORM register.lock_parties(id, other);
  SELECT * INTO k FROM register.registration AS r WHERE r.registration_id = id;
  SELECT * INTO kc FROM register.triage_case AS t WHERE t.registration_id = id FOR UPDATE;
  SELECT * INTO m FROM register.merged AS d WHERE d.registration_id = other AND d.undone_at IS NULL AND d.into_id = id AND d.case_id = id;
  why := CASE WHEN kc.registration_id IS NULL OR NOT desk.works(me, k.crisis_id, k.post_id) THEN 'absent'
    WHEN kc.version <> coalesce(seen, kc.version) THEN 'changed' WHEN m.registration_id IS NULL THEN 'not_merged' END;
  IF why IS NOT NULL THEN RETURN; END IF;
  PERFORM register.part(m, me);
  SELECT t.version INTO version FROM register.triage_case AS t WHERE t.registration_id = id;
  INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
  VALUES (me, 'case.unmerge', id, origin, jsonb_build_object('with', other)), (me, 'case.unmerge', other, origin, jsonb_build_object('from', id));
END $$;
REVOKE ALL ON FUNCTION register.urgency, register.lock_parties, register.part, desk.merge_cases, desk.unmerge_case FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.merge_cases, desk.unmerge_case TO muster_desk;

-- As 0024_duplicates.sql has it. What was merged into one that goes stands by itself again; a stranger of whom nothing is left goes with it.
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

-- What the desk is told of a party by phone or radio: stored as the edge stores it, for who works the party's post. Nothing (no row) where they do not.
CREATE FUNCTION desk.store_check_in(
  client_ids uuid[], ids bigint[], phones bytea[], strangers bigint[], crises text[], content_macs bytea[], statuses text[],
  cry_needs integer[], peoples smallint[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[],
  languages text[], channels text[], cells text[], epochs uuid[], sealed_messages bytea[], sealed_locations bytea[],
  sealed_senders bytea[], ats timestamptz[], receiveds timestamptz[], stored_vias text[], unknown_reason integer,
  unknown_minutes integer,
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[],
  wrap_epochs uuid[], wrap_recipients text[], wraps bytea[],
  piece_records integer[], piece_sets bytea[], piece_numbers smallint[], piece_totals smallint[], origin text,
  OUT outcome smallint, OUT band smallint, OUT registration_id bigint, OUT known boolean, OUT stored_via text) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
  IF cardinality(ids) <> 1 OR channels[1] <> 'staff' OR stored_vias[1] <> 'database' OR NOT EXISTS (
      SELECT FROM register.registration AS r WHERE r.registration_id = ids[1] AND desk.works(desk.staff_id(), r.crisis_id, r.post_id)) THEN
    RETURN;
  END IF;
  SELECT s.outcome, s.band, s.registration_id, s.known, s.stored_via INTO outcome, band, registration_id, known, stored_via FROM edge.store_check_ins(
    client_ids, ids, phones, strangers, crises, content_macs, statuses, cry_needs, peoples, bands, cry_reasons, queues, respond_bys, languages, channels,
    cells, epochs, sealed_messages, sealed_locations, sealed_senders, ats, receiveds, stored_vias, unknown_reason, unknown_minutes, epoch_ids, epoch_crises,
    epoch_times, wrap_epochs, wrap_recipients, wraps, piece_records, piece_sets, piece_numbers, piece_totals) AS s;
  IF registration_id IS DISTINCT FROM ids[1] THEN
    outcome := 2; -- its client_id is that of another party's check-in, of which nothing is told
  END IF;
  IF outcome = 0 THEN
    INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
    VALUES (desk.staff_id(), 'check_in.take', ids[1], origin, jsonb_build_object('client_id', client_ids[1]));
  END IF;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION desk.store_check_in FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.store_check_in TO muster_desk;

-- Wardens: who goes from house to house has a list of households, and sees nothing else of the register: not even of these what the tables have, but what
-- these views show.
CREATE TABLE register.warden_list (
  registration_id  bigint NOT NULL REFERENCES register.registration,
  staff_id         bigint NOT NULL REFERENCES register.staff,
  added_by         bigint REFERENCES register.staff, -- null: the operator
  added_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (registration_id, staff_id)
);
CREATE INDEX warden_list_of ON register.warden_list (staff_id);

-- What a warden said of a household. Safe and need_help are check-ins, too, of the same client_id; that nobody was found is none.
CREATE TABLE register.warden_word (
  registration_id  bigint NOT NULL REFERENCES register.registration,
  client_id        uuid NOT NULL,
  staff_id         bigint NOT NULL REFERENCES register.staff,
  word             text NOT NULL CHECK (word IN ('safe', 'need_help', 'not_found')),
  at               timestamptz,                     -- the warden's clock
  received_at      timestamptz NOT NULL DEFAULT now(),
  undone_at        timestamptz,
  PRIMARY KEY (registration_id, client_id)
);
CREATE INDEX warden_word_of ON register.warden_word (staff_id, registration_id, received_at);

ALTER TABLE register.warden_list ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.warden_word ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.warden_list FOR SELECT TO muster_desk
  USING (EXISTS (SELECT FROM register.registration AS r WHERE r.registration_id = warden_list.registration_id));
CREATE POLICY desk_reads ON register.warden_word FOR SELECT TO muster_desk
  USING (EXISTS (SELECT FROM register.registration AS r WHERE r.registration_id = warden_word.registration_id));
GRANT SELECT ON register.warden_list, register.warden_word TO muster_desk;

-- The signed-in warden's households; one that was merged into another is that.
CREATE VIEW desk.my_household AS
  SELECT r.registration_id, r.crisis_id, r.party_size, r.needs, r.last_status, r.last_check_in_at, r.epoch_id, r.sealed_location, k.country,
    array_to_string(t.bands, ' ') AS bands, array_to_string(t.answer_minutes, ' ') AS answer_minutes, v.client_id, v.word, v.received_at AS word_at
  FROM (
    SELECT DISTINCT coalesce(m.case_id, w.registration_id) AS registration_id
    FROM register.staff AS s JOIN register.warden_list AS w USING (staff_id)
    LEFT JOIN register.merged AS m ON m.registration_id = w.registration_id AND m.undone_at IS NULL
    WHERE s.staff_id = desk.staff_id() AND s.role = 'warden' AND s.disabled_at IS NULL) AS mine
  JOIN register.registration AS r USING (registration_id)
  JOIN register.crisis AS k ON k.crisis_id = r.crisis_id AND k.closed_at IS NULL
  LEFT JOIN register.triage_policy AS t ON t.crisis_id = r.crisis_id
  LEFT JOIN LATERAL (
    SELECT w.* FROM register.warden_word AS w WHERE w.staff_id = desk.staff_id() AND w.registration_id = r.registration_id AND w.undone_at IS NULL
    ORDER BY w.received_at DESC LIMIT 1) AS v ON true;
CREATE VIEW desk.my_household_member AS
  SELECT h.registration_id AS case_id, p.place, m.registration_id, m.ordinal, m.needs, m.epoch_id, m.sealed_person
  FROM desk.my_household AS h JOIN register.party_of AS p ON p.case_id = h.registration_id
  JOIN register.party_member AS m ON m.registration_id = p.registration_id;
CREATE VIEW desk.my_household_phone AS
  SELECT h.registration_id AS case_id, p.place, c.registration_id, c.ordinal, c.epoch_id, c.sealed_value
  FROM desk.my_household AS h JOIN register.party_of AS p ON p.case_id = h.registration_id AND p.registered
  JOIN register.contact AS c ON c.registration_id = p.registration_id AND c.kind IN ('phone', 'whatsapp');
GRANT SELECT ON desk.my_household, desk.my_household_member, desk.my_household_phone TO muster_desk;

CREATE VIEW desk.my_merged AS -- what of their lists is part of another's case now
  SELECT m.registration_id, m.case_id FROM register.merged AS m JOIN register.warden_list AS w USING (registration_id)
  WHERE w.staff_id = desk.staff_id() AND m.undone_at IS NULL;
GRANT SELECT ON desk.my_merged TO muster_desk;

-- A warden's word of a household of theirs, once by its client_id; a word that says how they are is stored as a check-in, as the edge stores it. Nothing (no row)
-- where the household is not theirs.
CREATE FUNCTION desk.store_word(
  client_ids uuid[], ids bigint[], phones bytea[], strangers bigint[], crises text[], content_macs bytea[], statuses text[],
  cry_needs integer[], peoples smallint[], bands smallint[], cry_reasons integer[], queues text[], respond_bys timestamptz[],
  languages text[], channels text[], cells text[], epochs uuid[], sealed_messages bytea[], sealed_locations bytea[],
  sealed_senders bytea[], ats timestamptz[], receiveds timestamptz[], stored_vias text[], unknown_reason integer,
  unknown_minutes integer,
  epoch_ids uuid[], epoch_crises text[], epoch_times timestamptz[],
  wrap_epochs uuid[], wrap_recipients text[], wraps bytea[],
  piece_records integer[], piece_sets bytea[], piece_numbers smallint[], piece_totals smallint[], said text, origin text,
  OUT outcome smallint) RETURNS SETOF smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  known register.warden_word;
  told  bigint := ids[1];
BEGIN
  -- The phone may not know yet that the household is part of another's case.
  ids[1] := coalesce((SELECT m.case_id FROM register.merged AS m WHERE m.registration_id = told AND m.undone_at IS NULL), told);
  IF cardinality(ids) <> 1 OR channels[1] <> 'staff' OR stored_vias[1] <> 'database'
      OR NOT EXISTS (SELECT FROM desk.my_household AS h WHERE h.registration_id = ids[1]) THEN
    RETURN;
  END IF;
  PERFORM FROM register.registration AS r WHERE r.registration_id = ids[1] FOR UPDATE;
  SELECT * INTO known FROM register.warden_word AS w
  WHERE w.registration_id = told AND told <> ids[1] AND w.client_id = client_ids[1] AND w.staff_id = desk.staff_id() AND w.word = said;
  IF FOUND THEN -- it came before they were one
    outcome := 1;
    RETURN NEXT;
    RETURN;
  END IF;
  INSERT INTO register.warden_word (registration_id, client_id, staff_id, word, at) VALUES (ids[1], client_ids[1], desk.staff_id(), said, ats[1])
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    SELECT * INTO known FROM register.warden_word AS w WHERE w.registration_id = ids[1] AND w.client_id = client_ids[1];
    outcome := CASE WHEN known.word = said AND known.staff_id = desk.staff_id() THEN 1 ELSE 2 END;
    RETURN NEXT;
    RETURN;
  END IF;
  outcome := 0;
  IF said <> 'not_found' THEN
    SELECT s.outcome INTO outcome FROM edge.store_check_ins(
      client_ids, ids, phones, strangers, crises, content_macs, ARRAY[said], cry_needs, peoples, bands, cry_reasons, queues, respond_bys, languages, channels,
      cells, epochs, sealed_messages, sealed_locations, sealed_senders, ats, receiveds, stored_vias, unknown_reason, unknown_minutes, epoch_ids, epoch_crises,
      epoch_times, wrap_epochs, wrap_recipients, wraps, piece_records, piece_sets, piece_numbers, piece_totals) AS s;
    IF outcome <> 0 THEN -- the id is another check-in's
      DELETE FROM register.warden_word AS w WHERE w.registration_id = ids[1] AND w.client_id = client_ids[1];
      outcome := 2;
      RETURN NEXT;
      RETURN;
    END IF;
  ELSE
    UPDATE register.triage_case AS t SET version = t.version + 1 WHERE t.registration_id = ids[1] AND t.state <> 'resolved';
  END IF;
  INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
  VALUES (desk.staff_id(), 'warden.word', ids[1], origin, jsonb_build_object('client_id', client_ids[1], 'word', said));
  RETURN NEXT;
END $$;

-- Takes a word back that the signed-in warden said: the party is as if it had not been said; the case that it raised an officer closes. True when it is undone, or
-- was; null when there is no such word of theirs.
CREATE FUNCTION desk.undo_word(id bigint, word_id uuid, origin text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  w    register.warden_word;
  home bigint := coalesce((SELECT m.case_id FROM register.merged AS m WHERE m.registration_id = id AND m.undone_at IS NULL), id);
BEGIN
  IF NOT EXISTS (SELECT FROM desk.my_household AS h WHERE h.registration_id = home) THEN RETURN NULL; END IF;
  PERFORM register.lock_parties(home, home);
  SELECT * INTO w FROM register.warden_word AS v WHERE v.registration_id IN (id, home) AND v.client_id = word_id AND v.staff_id = desk.staff_id();
  IF NOT FOUND THEN RETURN NULL; END IF;
  id := w.registration_id;
  IF w.undone_at IS NOT NULL THEN RETURN true; END IF;
  UPDATE register.warden_word AS v SET undone_at = now() WHERE v.registration_id = id AND v.client_id = word_id;
  IF w.word <> 'not_found' THEN
    DELETE FROM register.check_in AS c WHERE c.registration_id = id AND c.client_id = word_id;
    UPDATE register.registration AS r SET last_check_in_at = said.at, last_status = said.status,
      check_in_by = coalesce(said.at, r.received_at) + k.check_in_every
    FROM (SELECT max(c.received_at) AS at, (array_agg(c.status ORDER BY c.received_at DESC) FILTER (WHERE c.status IS NOT NULL))[1] AS status
          FROM desk.party_of AS p JOIN register.check_in AS c ON c.registration_id = p.registration_id WHERE p.case_id = home) AS said, register.crisis AS k
    WHERE r.registration_id = home AND k.crisis_id = r.crisis_id;
  END IF;
  UPDATE register.triage_case AS t SET version = t.version + 1, last_status = r.last_status FROM register.registration AS r
  WHERE t.registration_id = home AND r.registration_id = home;
  INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
  VALUES (desk.staff_id(), 'warden.undo', id, origin, jsonb_build_object('client_id', word_id, 'word', w.word));
  RETURN true;
END $$;

-- Gives a warden these households and no others of those that the signed-in lead leads; adding, keeps the others. What is not the lead's, or of a crisis that the
-- warden has no access to, is named and nothing is changed; null when there is no such warden.
CREATE FUNCTION desk.set_warden_list(warden text, ids bigint[], origin text) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  me  bigint := desk.staff_id();
  who bigint := (SELECT s.staff_id FROM register.staff AS s WHERE s.name = warden AND s.role = 'warden' AND s.disabled_at IS NULL);
  bad bigint[];
BEGIN
  IF who IS NULL OR NOT desk.within('overrule')
      OR NOT EXISTS (SELECT FROM register.staff AS s WHERE s.staff_id = me AND s.role = 'lead' AND s.disabled_at IS NULL)
      OR NOT EXISTS (SELECT FROM register.staff_access AS a JOIN register.staff_access AS b USING (crisis_id) WHERE a.staff_id = who AND b.staff_id = me) THEN
    RETURN NULL;
  END IF;
  SELECT array_agg(i.id) INTO bad FROM unnest(ids) AS i (id) LEFT JOIN register.registration AS r ON r.registration_id = i.id
  WHERE r.registration_id IS NULL OR r.state NOT IN ('registered', 'merged') OR NOT desk.works(me, r.crisis_id, r.post_id)
    OR NOT EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = who AND a.crisis_id = r.crisis_id AND (a.post_id IS NULL OR a.post_id = r.post_id));
  IF bad IS NOT NULL THEN RETURN bad; END IF;
  DELETE FROM register.warden_list AS w USING register.registration AS r
  WHERE w.staff_id = who AND w.registration_id <> ALL (ids) AND r.registration_id = w.registration_id AND desk.works(me, r.crisis_id, r.post_id);
  INSERT INTO register.warden_list (registration_id, staff_id, added_by) SELECT DISTINCT i.id, who, me FROM unnest(ids) AS i (id) ON CONFLICT DO NOTHING;
  INSERT INTO register.audit (staff_id, action, origin, detail) VALUES (me, 'warden.list', origin, jsonb_build_object('warden', who, 'households', cardinality(ids)));
  RETURN '{}';
END $$;
REVOKE ALL ON FUNCTION desk.store_word, desk.undo_word, desk.set_warden_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.store_word, desk.undo_word, desk.set_warden_list TO muster_desk;
