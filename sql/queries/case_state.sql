-- Where a case stands, to say why it could not be changed; no row when it is not there or not the caller's to see.
-- role: muster_desk
SELECT state, claimed_by, version FROM register.triage_case WHERE registration_id = $1::bigint
