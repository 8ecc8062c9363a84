-- Claims whose lease has lapsed go back to their queue, and cases whose waiting time is over.
-- role: muster_courier
UPDATE register.triage_case SET state = 'open', claimed_by = NULL, claimed_at = NULL, lease_until = NULL, waiting_until = NULL,
  version = version + 1
WHERE (state = 'claimed' AND lease_until < now()) OR (state = 'waiting' AND waiting_until < now())
