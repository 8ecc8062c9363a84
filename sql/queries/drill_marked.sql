-- How much is marked as an exercise: check-ins, parties registered by one, and parties nobody registered that say nothing else.
-- role: muster_owner
-- params: $1, $2 the least and the greatest client_id
SELECT (SELECT count(*) FROM report.check_in WHERE exercise AND client_id >= $1::uuid AND client_id <= $2::uuid),
  (SELECT count(*) FROM report.party WHERE exercise AND client_id >= $1::uuid AND client_id <= $2::uuid),
  (SELECT count(*) FROM (
     SELECT c.registration_id FROM register.check_in AS c JOIN register.registration AS r USING (registration_id)
     WHERE r.state = 'unidentified' GROUP BY c.registration_id
     HAVING bool_and(register.is_exercise(c.client_id) AND c.client_id >= $1::uuid AND c.client_id <= $2::uuid)) AS strangers)
