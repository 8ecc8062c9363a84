-- Claims whose lease has lapsed go back to their queue, and cases whose waiting time is over; some of each, those that have waited longest first.
-- What somebody has hold of is returned another time: nobody waits here in an order that is not everybody's.
-- role: muster_courier
WITH lapsed AS MATERIALIZED (
  SELECT registration_id FROM register.triage_case WHERE state = 'claimed' AND lease_until < now() ORDER BY lease_until LIMIT 500 FOR UPDATE SKIP LOCKED),
waited AS MATERIALIZED (
  SELECT registration_id FROM register.triage_case WHERE state = 'waiting' AND waiting_until < now() ORDER BY waiting_until LIMIT 500 FOR UPDATE SKIP LOCKED)
UPDATE register.triage_case AS c SET state = 'open', claimed_by = NULL, claimed_at = NULL, lease_until = NULL, waiting_until = NULL,
  version = c.version + 1
FROM (SELECT registration_id FROM lapsed UNION ALL SELECT registration_id FROM waited) AS due WHERE c.registration_id = due.registration_id
  AND ((c.state = 'claimed' AND c.lease_until < now()) OR (c.state = 'waiting' AND c.waiting_until < now()))
