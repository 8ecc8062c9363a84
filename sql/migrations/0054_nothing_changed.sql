-- As 0042_pace.sql has it, and nothing is done where no case changed: each batch of check-ins brings up to date the cases of those who are safe, of whom
-- nearly none has one.
CREATE OR REPLACE FUNCTION register.log_case_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM made) THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO register.case_change (registration_id, crisis_id, post_id, queue, band, state, version, respond_by, answered, received_at, cell, people, holder)
    SELECT m.registration_id, m.crisis_id, m.post_id, m.queue, m.band, m.state, m.version, m.respond_by, m.answered_at IS NOT NULL, m.received_at,
      m.cell, coalesce(m.people, 1), m.claimed_by
    FROM made AS m;
  ELSE
    -- One that goes to another crisis, which was a stranger's, is gone in the one and new in the other.
    WITH pair AS MATERIALIZED (
      SELECT m.registration_id, m.crisis_id, m.post_id, m.queue, m.band, m.state, m.version, m.respond_by, m.answered_at IS NOT NULL AS answered, m.received_at,
        m.cell, coalesce(m.people, 1) AS people, m.claimed_by AS holder, w.crisis_id AS was_crisis_id, w.post_id AS was_post_id, w.queue AS was_queue,
        w.band AS was_band, w.state AS was_state, CASE WHEN w.answered_at IS NULL THEN w.respond_by END AS was_due, w.received_at AS was_received_at,
        w.cell AS was_cell, coalesce(w.people, 1) AS was_people
      FROM made AS m JOIN was AS w USING (registration_id))
    INSERT INTO register.case_change (registration_id, crisis_id, post_id, queue, band, state, version, respond_by, answered, received_at, cell, people, holder,
      was_post_id, was_queue, was_band, was_state, was_due, was_received_at, was_cell, was_people)
    SELECT p.registration_id, p.crisis_id, p.post_id, p.queue, p.band, p.state, p.version, p.respond_by, p.answered, p.received_at, p.cell, p.people, p.holder,
      p.was_post_id, p.was_queue, p.was_band, p.was_state, p.was_due, p.was_received_at, p.was_cell, p.was_people
    FROM pair AS p WHERE p.crisis_id = p.was_crisis_id
    UNION ALL
    SELECT p.registration_id, p.was_crisis_id, p.was_post_id, p.was_queue, p.was_band, 'resolved', p.version, p.respond_by, true, p.was_received_at, NULL, 1, NULL,
      p.was_post_id, p.was_queue, p.was_band, p.was_state, p.was_due, p.was_received_at, p.was_cell, p.was_people
    FROM pair AS p WHERE p.crisis_id <> p.was_crisis_id
    UNION ALL
    SELECT p.registration_id, p.crisis_id, p.post_id, p.queue, p.band, p.state, p.version, p.respond_by, p.answered, p.received_at, p.cell, p.people, p.holder,
      NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM pair AS p WHERE p.crisis_id <> p.was_crisis_id;
  END IF;
  RETURN NULL;
END $$;
