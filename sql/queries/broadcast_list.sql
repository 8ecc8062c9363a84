-- The broadcasts that the reader may see, newest first, at most a hundred.
-- role: muster_desk
SELECT b.broadcast_id, b.crisis_id, b.state, b.reason, s.name, b.created_at, b.recipients, b.filled,
  CASE WHEN b.state = 'draft' THEN least(b.approval_above, c.broadcast_approval_above) ELSE b.approval_above END, a.name, b.started_at, b.ended_at, e.name
FROM register.broadcast AS b
JOIN register.crisis AS c ON c.crisis_id = b.crisis_id
JOIN register.staff AS s ON s.staff_id = b.staff_id
LEFT JOIN register.staff AS a ON a.staff_id = b.approved_by
LEFT JOIN register.staff AS e ON e.staff_id = b.ended_by
ORDER BY b.created_at DESC, b.broadcast_id LIMIT 100
