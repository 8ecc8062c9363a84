-- The crises and how many parties and open cases each has. Run by the operator as owner.
-- role: muster_owner
SELECT c.crisis_id, c.country, c.posture, c.closed_at IS NULL,
  (SELECT count(*) FROM register.registration AS r WHERE r.crisis_id = c.crisis_id AND r.state = 'registered'),
  (SELECT count(*) FROM register.triage_case AS t WHERE t.crisis_id = c.crisis_id AND t.state <> 'resolved')
FROM register.crisis AS c ORDER BY c.opened_at
