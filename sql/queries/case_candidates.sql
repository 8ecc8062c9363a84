-- The most urgent cases of a queue that nobody holds, for a claim to try one after the other, each at the version seen here.
-- role: muster_desk
SELECT registration_id, version FROM register.triage_case
WHERE queue = $1::text AND state = 'open'
ORDER BY (band > 1), respond_by, registration_id
LIMIT $2::integer
