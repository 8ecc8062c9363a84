-- The most urgent cases of a queue that nobody holds, for a claim to try one after the other, each at the version seen here.
-- Each post's head is read from triage_case_unclaimed, and the heads are merged.
-- role: muster_desk
SELECT first.registration_id, first.version FROM desk.scope AS place CROSS JOIN LATERAL (
  SELECT c.registration_id, c.version, c.band > 1 AS after_first_band, c.respond_by FROM register.triage_case AS c
  WHERE c.crisis_id = place.crisis_id AND c.post_id = place.post_id AND c.queue = $1::text AND c.state = 'open'
  ORDER BY (c.band > 1), c.respond_by, c.registration_id
  LIMIT $2::integer) AS first
ORDER BY first.after_first_band, first.respond_by, first.registration_id
LIMIT $2::integer
