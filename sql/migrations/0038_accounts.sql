-- Reading the audit at the desk, why a case is looked at, and accounts: see docs/decisions/0020-access.md.

CREATE INDEX audit_at ON register.audit (at, audit_id);
CREATE INDEX audit_staff ON register.audit (staff_id, at, audit_id);

-- Which looks ask for a reason: at a case that is resolved, and at one of a post that is none of one's own (of who works a post).
ALTER TABLE register.crisis ADD COLUMN ask_why text[] NOT NULL DEFAULT '{resolved,other_post}'
  CHECK (ask_why <@ ARRAY['resolved', 'other_post']);

-- Whether the signed-in member of staff says why before this case opens. Not of one's own case, nor of one they looked at or worked in the last twelve
-- hours: a shift is asked once, and nothing that stands open is taken away from under who reads it. A program is not asked: it has nobody to ask, and the audit names its token's owner.
CREATE FUNCTION desk.owes_why(id bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off AS $$
  SELECT coalesce(nullif(current_setting('muster.within', true), '') IS NULL AND c.claimed_by IS DISTINCT FROM desk.staff_id()
    AND (('resolved' = ANY (k.ask_why) AND c.state = 'resolved')
      OR ('other_post' = ANY (k.ask_why)
        AND EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.crisis_id = c.crisis_id AND a.post_id IS NOT NULL)
        AND NOT EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.crisis_id = c.crisis_id AND a.post_id = c.post_id)))
    AND NOT EXISTS (SELECT FROM register.audit AS e WHERE e.registration_id = id AND e.staff_id = desk.staff_id()
      AND e.at > now() - interval '12 hours' AND e.action <> 'audit.read'), false)
  FROM register.triage_case AS c JOIN register.crisis AS k USING (crisis_id) WHERE c.registration_id = id
$$;

-- The entries before this one, newest first, as many as `most` of those that the signed-in member of staff may read: a lead of a crisis or post, what was done
-- with its cases and, beside cases, by who works there; an admin all, without the cases, so that none of it is about a person. It walks an index and
-- looks at some thousands at a time: a last row without an action says from where to go on, when there may be more.
CREATE FUNCTION desk.audit_page(before_at timestamptz, before_id bigint, most integer, of_case bigint, of_user text, of_action text, since timestamptz,
  until timestamptz, OUT audit_id bigint, OUT at timestamptz, OUT name text, OUT action text, OUT registration_id bigint, OUT origin text, OUT detail text)
RETURNS SETOF record LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  me     bigint := desk.staff_id();
  mine   text := (SELECT s.role FROM register.staff AS s WHERE s.staff_id = me AND s.disabled_at IS NULL AND s.role IN ('lead', 'admin') AND desk.within('audit'));
  who    bigint := (SELECT s.staff_id FROM register.staff AS s WHERE s.name = of_user);
  looked integer := 0;
  shown  integer := 0;
  e      register.audit;
BEGIN
  IF mine IS NULL OR (of_user IS NOT NULL AND who IS NULL) OR (mine = 'admin' AND of_case IS NOT NULL) THEN RETURN; END IF;
  FOR e IN EXECUTE 'SELECT * FROM register.audit AS a WHERE (a.at, a.audit_id) < ($1, $2) AND a.at >= $3'
    || CASE WHEN of_case IS NOT NULL THEN ' AND a.registration_id = $4' ELSE '' END || CASE WHEN who IS NOT NULL THEN ' AND a.staff_id = $5' ELSE '' END
    || ' ORDER BY a.at DESC, a.audit_id DESC'
    USING least(before_at, until), CASE WHEN before_at <= until THEN before_id ELSE 9223372036854775807 END, since, of_case, who
  LOOP
    looked := looked + 1;
    IF (of_action IS NULL OR e.action = of_action OR starts_with(e.action, of_action || '.')) AND (mine = 'admin' OR CASE
        WHEN e.registration_id IS NOT NULL THEN EXISTS (
          SELECT FROM register.registration AS r JOIN register.staff_access AS m ON m.staff_id = me AND m.crisis_id = r.crisis_id
            AND (m.post_id IS NULL OR m.post_id = r.post_id) WHERE r.registration_id = e.registration_id)
        ELSE EXISTS (
          SELECT FROM register.staff_access AS o JOIN register.staff_access AS m ON m.staff_id = me AND m.crisis_id = o.crisis_id
            AND (m.post_id IS NULL OR m.post_id = o.post_id) WHERE o.staff_id = e.staff_id) END) THEN
      shown := shown + 1;
      audit_id := e.audit_id; at := e.at; action := e.action; origin := e.origin; detail := e.detail::text;
      registration_id := CASE mine WHEN 'lead' THEN e.registration_id END;
      name := (SELECT s.name FROM register.staff AS s WHERE s.staff_id = e.staff_id);
      RETURN NEXT;
    END IF;
    IF shown = most OR looked = 5000 THEN
      audit_id := e.audit_id; at := e.at; action := NULL; name := NULL; registration_id := NULL; origin := NULL; detail := NULL;
      RETURN NEXT;
      RETURN;
    END IF;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION desk.owes_why, desk.audit_page FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.owes_why, desk.audit_page TO muster_desk;

-- Passwords. One that others gave is good until a time, and for nothing but to set another.
ALTER TABLE register.staff
  ADD COLUMN password_once boolean NOT NULL DEFAULT false,
  ADD COLUMN password_until timestamptz;            -- null: for ever

-- As 0037_access.sql has it; what has run out opens nothing.
CREATE OR REPLACE FUNCTION desk.password_hash(staff bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.password_hash FROM register.staff AS s
  WHERE s.staff_id = staff AND (s.password_until IS NULL OR s.password_until > now())
    AND (desk.staff_id() IS NULL OR (desk.staff_id() = staff AND desk.within('account')))
$$;
GRANT SELECT (password_once) ON register.staff TO muster_desk;

-- One's own new password, for the old one and, of who has enrolled a second factor, a code that was not taken before (a step, or the mac of a recovery
-- code). One's other sessions are over. False: the code was taken.
CREATE FUNCTION desk.change_password(hash text, step bigint, recovery bytea, origin text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me bigint := desk.staff_id();
BEGIN
  IF me IS NULL OR NOT desk.within('account') THEN RETURN false; END IF;
  IF EXISTS (SELECT FROM register.staff_totp AS t WHERE t.staff_id = me AND t.enrolled_at IS NOT NULL) THEN
    UPDATE register.staff_totp AS t SET last_step = step WHERE t.staff_id = me AND t.last_step < step;
    IF NOT FOUND THEN
      UPDATE register.staff_recovery AS r SET used_at = now() WHERE r.staff_id = me AND r.code_mac = recovery AND r.used_at IS NULL;
      IF NOT FOUND THEN RETURN false; END IF;
    END IF;
  END IF;
  UPDATE register.staff AS s SET password_hash = hash, password_once = false, password_until = NULL WHERE s.staff_id = me AND s.disabled_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM register.staff_session AS o WHERE o.staff_id = me AND o.kind = 'browser' AND o.session_id <> desk.session_id();
  INSERT INTO register.audit (staff_id, action, origin) VALUES (me, 'password.change', origin);
  RETURN true;
END $$;

-- A password or second factor that is lost is taken back by two admins: one asks, another approves, neither is the account's owner.
CREATE TABLE register.staff_reset (
  reset_id     uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  staff_id     bigint NOT NULL REFERENCES register.staff,
  what         text NOT NULL CHECK (what IN ('password', 'totp')),
  asked_by     bigint NOT NULL REFERENCES register.staff CHECK (asked_by <> staff_id),
  asked_at     timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL DEFAULT now() + interval '1 day',
  approved_by  bigint REFERENCES register.staff CHECK (approved_by NOT IN (asked_by, staff_id)),
  ended_at     timestamptz                          -- approved or dropped
);
CREATE INDEX staff_reset_open ON register.staff_reset (asked_at) WHERE ended_at IS NULL;
ALTER TABLE register.staff_reset ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON register.staff_reset FOR SELECT TO muster_desk USING (desk.is_admin());
GRANT SELECT ON register.staff_reset TO muster_desk;

CREATE FUNCTION desk.ask_reset(of_user text, what text, origin text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_staff bigint := (SELECT s.staff_id FROM register.staff AS s WHERE s.name = of_user AND s.disabled_at IS NULL AND s.staff_id <> desk.staff_id());
  made     uuid;
BEGIN
  IF of_staff IS NULL OR NOT desk.is_admin() OR NOT desk.within('account') THEN RETURN NULL; END IF;
  INSERT INTO register.staff_reset (staff_id, what, asked_by) VALUES (of_staff, what, desk.staff_id()) RETURNING reset_id INTO made;
  INSERT INTO register.audit (staff_id, action, origin, detail)
  VALUES (desk.staff_id(), 'password.ask_reset', origin, jsonb_build_object('of', of_user, 'what', what));
  RETURN made;
END $$;

-- outcome 0: done; 1: there is no such open request; 2: who approves asked for it, or it is of their own account. The hash is of a password for once.
CREATE FUNCTION desk.approve_reset(id uuid, hash text, origin text, OUT outcome integer, OUT of_user text, OUT what text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r  register.staff_reset;
  me bigint := desk.staff_id();
BEGIN
  outcome := 1;
  IF NOT desk.is_admin() OR NOT desk.within('account') THEN RETURN; END IF;
  SELECT * INTO r FROM register.staff_reset AS t WHERE t.reset_id = id AND t.ended_at IS NULL AND t.expires_at > now() FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF me IN (r.asked_by, r.staff_id) THEN
    outcome := 2;
    RETURN;
  END IF;
  outcome := 0;
  what := r.what;
  UPDATE register.staff_reset AS t SET approved_by = me, ended_at = now() WHERE t.reset_id = id;
  IF r.what = 'password' THEN
    UPDATE register.staff AS s SET password_hash = hash, password_once = true, password_until = now() + interval '3 days' WHERE s.staff_id = r.staff_id;
  ELSE
    DELETE FROM register.staff_totp AS t WHERE t.staff_id = r.staff_id;
    DELETE FROM register.staff_recovery AS c WHERE c.staff_id = r.staff_id;
  END IF;
  DELETE FROM register.staff_session AS o WHERE o.staff_id = r.staff_id AND o.kind = 'browser';
  of_user := (SELECT s.name FROM register.staff AS s WHERE s.staff_id = r.staff_id);
  INSERT INTO register.audit (staff_id, action, origin, detail) VALUES
    (me, 'password.approve_reset', origin, jsonb_build_object('of', of_user, 'what', r.what)),
    (r.staff_id, 'password.reset', origin, jsonb_build_object('what', r.what));
END $$;

CREATE FUNCTION desk.drop_reset(id uuid, origin text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT desk.is_admin() OR NOT desk.within('account') THEN RETURN false; END IF;
  UPDATE register.staff_reset AS t SET ended_at = now() WHERE t.reset_id = id AND t.ended_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO register.audit (staff_id, action, origin, detail) SELECT desk.staff_id(), 'password.deny_reset', origin, jsonb_build_object('of', s.name, 'what', r.what)
  FROM register.staff_reset AS r JOIN register.staff AS s USING (staff_id) WHERE r.reset_id = id;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION desk.change_password, desk.ask_reset, desk.approve_reset, desk.drop_reset FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.change_password, desk.ask_reset, desk.approve_reset, desk.drop_reset TO muster_desk;

-- Smart cards: the key of a certificate, and whose it is. The certificate itself is proven by TLS and by the ministry's authority at each connection.
CREATE TABLE register.staff_certificate (
  key_hash   bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32), -- SHA-256 of the SubjectPublicKeyInfo
  staff_id   bigint NOT NULL REFERENCES register.staff,
  subject    text NOT NULL,
  added_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX staff_certificate_staff ON register.staff_certificate (staff_id);
ALTER TABLE register.staff_session ADD COLUMN card bytea; -- the key hash of the card that opened it, and must be there at each request; null: a password did

-- A session for whose card this is; no row when it is nobody's. Only before anybody is signed in.
CREATE FUNCTION desk.open_card_session(card bytea, mac bytea, origin text) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_staff bigint := (SELECT s.staff_id FROM register.staff_certificate AS c JOIN register.staff AS s USING (staff_id)
                      WHERE c.key_hash = card AND s.disabled_at IS NULL AND desk.staff_id() IS NULL);
BEGIN
  IF of_staff IS NULL THEN
    INSERT INTO register.audit (action, origin, detail) VALUES ('session.refused', origin, '{"by": "certificate"}');
    RETURN;
  END IF;
  INSERT INTO register.staff_session (session_mac, staff_id, kind, expires_at, origin, card)
  VALUES (mac, of_staff, 'browser', now() + interval '12 hours', origin, card);
  INSERT INTO register.audit (staff_id, action, origin, detail) VALUES (of_staff, 'session.open', origin, '{"by": "certificate"}');
  RETURN NEXT of_staff;
END $$;
REVOKE ALL ON FUNCTION desk.open_card_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.open_card_session TO muster_desk;
-- A session that a card did not open says so: a browser's own insert has none.
CREATE POLICY no_card ON register.staff_session AS RESTRICTIVE FOR INSERT TO muster_desk WITH CHECK (card IS NULL);
