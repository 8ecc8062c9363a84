-- What a session may, held by the database and not by the desk's code alone: see docs/decisions/0020-access.md. Beside muster.staff the desk says, in each
-- transaction, which session asks (muster.session) and what it is narrowed to (muster.within): for an API token the rights that its scopes name, for a
-- person's own session nothing.

CREATE FUNCTION desk.within(what text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(what = ANY (string_to_array(nullif(current_setting('muster.within', true), ''), ' ')), true)
$$;
-- Who works must see what.
CREATE FUNCTION desk.looks() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT desk.within('look') OR desk.within('work')
$$;
CREATE FUNCTION desk.session_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('muster.session', true), '')::uuid
$$;
REVOKE ALL ON FUNCTION desk.within, desk.looks, desk.session_id FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.within, desk.looks, desk.session_id TO muster_desk;

-- Restrictive: beside what the role may. In a subquery, so that it is asked once a statement and not once a row.
CREATE POLICY within_look ON register.registration AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.triage_case AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.case_count AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.figure AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.need_count AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.triage_policy AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.broadcast AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_work ON register.broadcast AS RESTRICTIVE FOR UPDATE TO muster_desk USING ((SELECT desk.within('work')));
CREATE POLICY within_work ON register.triage_case AS RESTRICTIVE FOR UPDATE TO muster_desk USING ((SELECT desk.within('work')));
CREATE POLICY within_work ON register.case_note AS RESTRICTIVE FOR INSERT TO muster_desk WITH CHECK ((SELECT desk.within('work')));
CREATE POLICY within_work ON register.message AS RESTRICTIVE FOR INSERT TO muster_desk WITH CHECK ((SELECT desk.within('work')));
CREATE POLICY within_work ON register.kept_apart AS RESTRICTIVE FOR INSERT TO muster_desk WITH CHECK ((SELECT desk.within('work')));
CREATE POLICY within_unwork ON register.kept_apart AS RESTRICTIVE FOR DELETE TO muster_desk USING ((SELECT desk.within('work')));
-- A token makes no token that may more, ends nothing but itself, and has nothing to do with its owner's second factor.
CREATE POLICY within_account ON register.staff_session AS RESTRICTIVE FOR INSERT TO muster_desk WITH CHECK ((SELECT desk.within('account')));
CREATE POLICY within_unaccount ON register.staff_session AS RESTRICTIVE FOR DELETE TO muster_desk
  USING ((SELECT desk.within('account')) OR session_id = desk.session_id());
CREATE POLICY within_account ON register.staff_totp AS RESTRICTIVE TO muster_desk USING ((SELECT desk.within('account')));
CREATE POLICY within_account ON register.staff_recovery AS RESTRICTIVE TO muster_desk USING ((SELECT desk.within('account')));
-- Signing in is nobody's session yet: it opens one, of a browser, and takes a code; it makes no secret and no token, and ends nothing.
CREATE POLICY signed_in ON register.staff_totp AS RESTRICTIVE FOR INSERT TO muster_desk WITH CHECK (staff_id = desk.staff_id());
CREATE POLICY signed_in_to_end ON register.staff_totp AS RESTRICTIVE FOR DELETE TO muster_desk USING (staff_id = desk.staff_id());
CREATE POLICY signed_in ON register.staff_recovery AS RESTRICTIVE FOR INSERT TO muster_desk WITH CHECK (staff_id = desk.staff_id());
CREATE POLICY signed_in_to_end ON register.staff_recovery AS RESTRICTIVE FOR DELETE TO muster_desk USING (staff_id = desk.staff_id());
CREATE POLICY signed_in ON register.staff_session AS RESTRICTIVE FOR INSERT TO muster_desk
  WITH CHECK (kind = 'browser' OR staff_id = desk.staff_id());
CREATE POLICY signed_in_to_end ON register.staff_session AS RESTRICTIVE FOR DELETE TO muster_desk USING (desk.staff_id() IS NOT NULL);

-- As 0021_sessions.sql, 0025_policy.sql, 0026_case_actions.sql and 0015_broadcasts.sql have them, within what the session is narrowed to.
CREATE OR REPLACE FUNCTION desk.is_admin() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT desk.within('administer')
    AND EXISTS (SELECT 1 FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.role = 'admin' AND s.disabled_at IS NULL)
$$;
CREATE OR REPLACE FUNCTION desk.leads(crisis_id text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT desk.within('rule') AND EXISTS (SELECT FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role = 'lead' AND a.crisis_id = leads.crisis_id AND a.post_id IS NULL)
$$;
CREATE OR REPLACE FUNCTION desk.works(staff bigint, crisis text, post text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT (staff IS DISTINCT FROM desk.staff_id() OR desk.within('work'))
    AND EXISTS (SELECT FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
      WHERE a.staff_id = staff AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead') AND a.crisis_id = crisis
        AND (a.post_id IS NULL OR a.post_id = post))
$$;
CREATE OR REPLACE FUNCTION desk.may_broadcast(crisis_id text, posts text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT desk.within('work')
    AND EXISTS (SELECT FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead'))
    AND (EXISTS (SELECT FROM register.staff_access AS a WHERE a.staff_id = desk.staff_id() AND a.crisis_id = may_broadcast.crisis_id
                 AND a.post_id IS NULL)
      OR coalesce(posts <@ (SELECT array_agg(a.post_id) FROM register.staff_access AS a
                            WHERE a.staff_id = desk.staff_id() AND a.crisis_id = may_broadcast.crisis_id), false))
$$;
CREATE OR REPLACE FUNCTION desk.may_see_broadcast(crisis_id text, posts text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT desk.looks() AND EXISTS (
    SELECT FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
    WHERE a.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')
      AND a.crisis_id = may_see_broadcast.crisis_id AND (a.post_id IS NULL OR posts IS NULL OR a.post_id = ANY (posts)))
$$;

-- As 0007_queue_order.sql has it; and the places of who may not look are none: what acts for the desk (search, likeness, changes) asks here.
CREATE OR REPLACE VIEW desk.scope AS
  SELECT a.crisis_id, a.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
  WHERE a.staff_id = desk.staff_id() AND a.post_id IS NOT NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')
    AND (SELECT desk.looks())
  UNION
  SELECT p.crisis_id, p.post_id FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
  JOIN register.crisis_post AS p USING (crisis_id)
  WHERE a.staff_id = desk.staff_id() AND a.post_id IS NULL AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')
    AND (SELECT desk.looks());

-- As 0019_live.sql has it; of a caller's own asking, only what is theirs.
CREATE OR REPLACE FUNCTION desk.case_changes(after bigint, missed bigint[], most integer) RETURNS SETOF register.case_change
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.* FROM (
    SELECT c.* FROM unnest(missed) AS m (change_id) JOIN register.case_change AS c USING (change_id)
    UNION ALL
    (SELECT c.* FROM register.case_change AS c WHERE c.change_id > after ORDER BY c.change_id LIMIT most)) AS f
  WHERE desk.staff_id() IS NULL OR (f.crisis_id, f.post_id) IN (SELECT s.crisis_id, s.post_id FROM desk.scope AS s)
$$;

-- As 0018_staff_intake.sql has it, within what the session is narrowed to.
CREATE OR REPLACE FUNCTION desk.store_registration(
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
  IF post IS NULL OR NOT desk.within('work') OR cardinality(ids) <> 1 OR channels[1] <> 'staff' THEN RETURN; END IF;
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

-- A password's hash is for who signs in, and for its owner.
REVOKE SELECT ON register.staff FROM muster_desk;
GRANT SELECT (staff_id, name, role, disabled_at, created_at) ON register.staff TO muster_desk;
CREATE FUNCTION desk.password_hash(staff bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.password_hash FROM register.staff AS s
  WHERE s.staff_id = staff AND (desk.staff_id() IS NULL OR (desk.staff_id() = staff AND desk.within('account')))
$$;
REVOKE ALL ON FUNCTION desk.password_hash FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.password_hash TO muster_desk;

-- Nobody writes in the audit under another's name. Before anybody is signed in there is only signing in to write of.
ALTER TABLE register.audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_adds ON register.audit FOR INSERT TO muster_desk
  WITH CHECK (CASE WHEN desk.staff_id() IS NULL THEN action IN ('session.open', 'session.refused') ELSE staff_id = desk.staff_id() END);
