-- What changed since: the changes after $1, and of $2, numbers that were passed over, those that have been committed by now.
-- role: muster_desk
-- params: $1 change_id, $2 change_ids, $3 how many at most after $1
SELECT change_id, registration_id, crisis_id, post_id, queue, band, state, version, respond_by
FROM desk.case_changes($1::bigint, $2::bigint[], $3::integer)
