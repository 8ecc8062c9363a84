-- The audit is only ever added to, and each entry is linked to the one before by SHA-256: see docs/decisions/0014-audit-chain.md.

-- Entries that no link holds yet. Written with the entry, in its transaction, so an entry that is taken away before it is linked is missed, too.
CREATE TABLE register.audit_unlinked (
  audit_id  bigint PRIMARY KEY
);
CREATE TABLE register.audit_link (
  link      bigint PRIMARY KEY CHECK (link > 0),    -- 1, 2, 3, ... without a gap
  audit_id  bigint NOT NULL UNIQUE,
  hash      bytea NOT NULL                          -- SHA-256 of the hash before and the entry's content
);
INSERT INTO register.audit_unlinked SELECT audit_id FROM register.audit;

CREATE FUNCTION register.queue_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO register.audit_unlinked VALUES (new.audit_id);
  RETURN NULL;
END $$;
CREATE FUNCTION register.keep_audit() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the audit is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION register.queue_audit, register.keep_audit FROM PUBLIC;
CREATE TRIGGER queue_audit AFTER INSERT ON register.audit FOR EACH ROW EXECUTE FUNCTION register.queue_audit();
CREATE TRIGGER keep_audit BEFORE UPDATE OR DELETE OR TRUNCATE ON register.audit FOR EACH STATEMENT EXECUTE FUNCTION register.keep_audit();
CREATE TRIGGER keep_audit BEFORE UPDATE OR DELETE OR TRUNCATE ON register.audit_link FOR EACH STATEMENT EXECUTE FUNCTION register.keep_audit();

-- Links what was committed since, in the order of its numbers; one at a time, and nobody who works waits for it.
CREATE FUNCTION register.link_audit(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  entry record;
  head register.audit_link;
  linked integer := 0;
BEGIN
  PERFORM 1 FROM register.audit_unlinked LIMIT 1;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  LOCK TABLE register.audit_link IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO head FROM register.audit_link ORDER BY link DESC LIMIT 1;
  IF NOT FOUND THEN
    head.link := 0;
    head.hash := decode(repeat('00', 32), 'hex');
  END IF;
  FOR entry IN
    SELECT u.audit_id, jsonb_build_array(a.audit_id, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.staff_id, a.action,
      a.registration_id, a.origin, a.detail)::text AS content
    FROM register.audit_unlinked AS u LEFT JOIN register.audit AS a USING (audit_id) ORDER BY u.audit_id LIMIT most
  LOOP
    head.link := head.link + 1;
    head.hash := sha256(head.hash || convert_to(entry.content, 'UTF8'));
    INSERT INTO register.audit_link (link, audit_id, hash) VALUES (head.link, entry.audit_id, head.hash);
    DELETE FROM register.audit_unlinked WHERE audit_id = entry.audit_id;
    linked := linked + 1;
  END LOOP;
  RETURN linked;
END $$;
REVOKE ALL ON FUNCTION register.link_audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.link_audit TO muster_courier;
