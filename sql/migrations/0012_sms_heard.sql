-- What a number that nobody registered has told within a day, up to one of its messages: by that the reply asks for what is missing. Of registered
-- parties it tells nothing.
CREATE FUNCTION edge.sms_heard(id bigint, client_id uuid,
  OUT messages integer, OUT place boolean, OUT people boolean, OUT band smallint) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*)::integer, bool_or(said.place), bool_or(said.people),
    (SELECT t.band FROM register.triage_case AS t WHERE t.registration_id = sms_heard.id AND t.state <> 'resolved')
  FROM register.check_in AS this
  JOIN register.registration AS r ON r.registration_id = this.registration_id AND r.state = 'unidentified'
  CROSS JOIN LATERAL ( -- after three nothing is asked, so the fourth is enough to know; a number that writes for hours costs no more
    SELECT c.sealed_location IS NOT NULL AS place, c.people IS NOT NULL AS people FROM register.check_in AS c
    WHERE c.registration_id = this.registration_id AND c.received_at <= this.received_at
      AND c.received_at > this.received_at - interval '1 day'
    LIMIT 4) AS said
  WHERE this.registration_id = sms_heard.id AND this.client_id = sms_heard.client_id
  HAVING count(*) > 0
$$;
REVOKE ALL ON FUNCTION edge.sms_heard FROM PUBLIC;
GRANT EXECUTE ON FUNCTION edge.sms_heard TO muster_edge;
