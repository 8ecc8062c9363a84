-- What a console missed since it last heard: of the changes after $1 those that its officer may hear of. Columns as in change_list.sql.
-- role: muster_desk
-- params: $1 change_id, $2 how many are looked at
SELECT c.change_id, c.registration_id, c.crisis_id, c.post_id, c.queue, c.band, c.state, c.version, c.respond_by, s.name,
  (c.state, c.was_state) IN (('claimed', 'open'), ('open', 'claimed'))
    AND (c.post_id, c.queue, c.band, c.respond_by) IS NOT DISTINCT FROM (c.was_post_id, c.was_queue, c.was_band, c.was_due)
FROM desk.case_changes($1::bigint, '{}', $2::integer) AS c
LEFT JOIN register.staff AS s ON s.staff_id = c.holder
WHERE (c.crisis_id, c.post_id) IN (SELECT s.crisis_id, s.post_id FROM desk.scope AS s)
ORDER BY c.change_id
