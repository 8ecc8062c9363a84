-- What changed since: the changes after $1, and of $2, numbers that were passed over, those that have been committed by now. With who holds the case, and
-- whether nothing else changed.
-- role: muster_desk
-- params: $1 change_id, $2 change_ids, $3 how many at most after $1
SELECT c.change_id, c.registration_id, c.crisis_id, c.post_id, c.queue, c.band, c.state, c.version, c.respond_by, s.name,
  (c.state, c.was_state) IN (('claimed', 'open'), ('open', 'claimed'))
    AND (c.post_id, c.queue, c.band, c.respond_by) IS NOT DISTINCT FROM (c.was_post_id, c.was_queue, c.was_band, c.was_due)
FROM desk.case_changes($1::bigint, $2::bigint[], $3::integer) AS c
LEFT JOIN register.staff AS s ON s.staff_id = c.holder
