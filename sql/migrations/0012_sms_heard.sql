-- What a number that nobody registered has told within a day, up to one of its messages: by that the reply asks for what is missing. Of registered
-- parties it tells nothing.
CREATE FUNCTION edge.sms_heard(id bigint, client_id uuid,
  OUT messages integer, OUT place boolean, OUT people boolean, OUT band smallint) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*)::integer, bool_or(said.sealed_location IS NOT NULL), bool_or(said.people IS NOT NULL),
    (SELECT t.band FROM register.triage_case AS t WHERE t.registration_id = sms_heard.id AND t.state <> 'resolved')
  FROM register.check_in AS this
  JOIN register.check_in AS said ON said.registration_id = this.registration_id AND said.received_at <= this.received_at
    AND said.received_at > this.received_at - interval '1 day'
  JOIN register.registration AS r ON r.registration_id = this.registration_id AND r.state = 'unidentified'
  WHERE this.registration_id = sms_heard.id AND this.client_id = sms_heard.client_id
  HAVING count(*) > 0
$$;
REVOKE ALL ON FUNCTION edge.sms_heard FROM PUBLIC;
GRANT EXECUTE ON FUNCTION edge.sms_heard TO muster_edge;
