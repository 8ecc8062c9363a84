-- What a console missed since it last heard: of the changes after $1 those that its officer may hear of.
-- role: muster_desk
-- params: $1 change_id, $2 how many are looked at
SELECT c.change_id, c.registration_id, c.crisis_id, c.post_id, c.queue, c.band, c.state, c.version, c.respond_by
FROM desk.case_changes($1::bigint, '{}', $2::integer) AS c
WHERE (c.crisis_id, c.post_id) IN (SELECT s.crisis_id, s.post_id FROM desk.scope AS s)
ORDER BY c.change_id
