-- Every open crisis with its lead post, and its triage policy where it has one of its own.
-- role: muster_edge muster_desk
SELECT c.crisis_id, c.country, c.name::text, c.posture, c.advisory_level, c.routine_services, c.emergency_services,
  c.services_elsewhere::text, c.evacuation, c.message::text, array_to_string(c.languages, ' '), p.post_id, p.name, c.updated_at,
  extract(epoch FROM c.check_in_every)::bigint, array_to_string(t.bands, ' '), array_to_string(t.answer_minutes, ' '),
  extract(epoch FROM register.check_in_every_in_danger(c.check_in_every, t.danger_check_in_minutes))::bigint
FROM register.crisis AS c
JOIN register.crisis_post AS cp ON cp.crisis_id = c.crisis_id AND cp.part = 'lead'
JOIN register.post AS p USING (post_id)
LEFT JOIN register.triage_policy AS t ON t.crisis_id = c.crisis_id
WHERE c.closed_at IS NULL
ORDER BY c.opened_at, c.crisis_id
