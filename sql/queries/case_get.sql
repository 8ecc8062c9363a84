-- One case and its party, with the sealed fields of the registration; without the case, where the party has none.
-- role: muster_desk
-- params: $1 registration_id, $2 the desk's recipient id
-- The columns to crisis_id are those of case_list.sql.
SELECT r.registration_id, c.queue, c.band, c.reasons, c.respond_by, c.received_at, c.state, s.name, c.people, coalesce(c.needs, r.needs), coalesce(c.cell, r.cell),
  coalesce(c.post_id, r.post_id), coalesce(c.last_status, r.last_status), c.version, r.state, r.party_size,
  register.is_exercise_party(r.registration_id, r.client_id), now(), c.answered_at,
  c.waiting_until, c.waiting_on, r.crisis_id,
  c.read_at, r.language, r.intent, r.consent_family, r.consent_partners,
  register.check_in_due(r.crisis_id, r.cell, coalesce(r.last_check_in_at, r.received_at), r.check_in_by),
  r.epoch_id, r.sealed_location, r.sealed_emergency_contact, w.wrapped
FROM register.registration AS r
LEFT JOIN register.triage_case AS c ON c.registration_id = r.registration_id
LEFT JOIN register.staff AS s ON s.staff_id = c.claimed_by
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = r.epoch_id AND w.recipient_id = $2::text
WHERE r.registration_id = $1::bigint
