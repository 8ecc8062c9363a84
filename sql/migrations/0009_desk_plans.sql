-- As 0006_exercise.sql has it, in PL/pgSQL, which keeps its plan: in SQL it was planned at each statement that calls it, 0.4 ms each time,
-- as long as a page of a queue takes to read.
CREATE OR REPLACE FUNCTION register.is_exercise_party(registration_id bigint, client_id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF client_id IS NOT NULL THEN
    RETURN register.is_exercise(client_id);
  END IF;
  RETURN coalesce((SELECT bool_and(register.is_exercise(c.client_id)) FROM register.check_in AS c
                   WHERE c.registration_id = is_exercise_party.registration_id), false);
END $$;

-- The count of the queues reads every open case, so here whole tables may be read in their order: the desk's sessions do not (lib/desk/desk.c).
CREATE FUNCTION desk.queues(OUT queue text, OUT cases bigint, OUT unclaimed bigint, OUT late bigint, OUT oldest timestamptz)
RETURNS SETOF record LANGUAGE sql STABLE SET enable_seqscan = on SET enable_hashjoin = on AS $$
  SELECT c.queue, count(*), count(*) FILTER (WHERE c.state = 'open'),
    count(*) FILTER (WHERE c.respond_by < now() AND c.answered_at IS NULL), min(c.received_at)
  FROM register.triage_case AS c WHERE c.state <> 'resolved' GROUP BY c.queue
$$;
REVOKE ALL ON FUNCTION desk.queues FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.queues TO muster_desk;
