-- The policies that a crisis had, newest first, as far as the caller works it.
-- role: muster_desk
-- params: $1 crisis_id, $2 how many at most
SELECT h.version, h.changed_at, s.name, array_to_string(h.bands, ' '), array_to_string(h.answer_minutes, ' '),
  h.danger_check_in_minutes, h.texts_at_night
FROM register.triage_policy_change AS h LEFT JOIN register.staff AS s USING (staff_id)
WHERE h.crisis_id = $1::text
ORDER BY h.version DESC LIMIT $2::integer
