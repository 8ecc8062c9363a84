-- One broadcast, what it costs a segment, and how far it is.
-- role: muster_desk
-- params: $1 broadcast_id
-- The columns to the broadcast's end are those of broadcast_list.sql.
SELECT b.broadcast_id, b.crisis_id, b.state, b.reason, s.name, b.created_at, b.recipients, b.filled,
  CASE WHEN b.state = 'draft' THEN least(b.approval_above, c.broadcast_approval_above) ELSE b.approval_above END, a.name, b.started_at, b.ended_at, e.name,
  b.expires_at, array_to_string(b.posts, ' '), CASE WHEN b.zone_lat IS NULL THEN array_to_string(b.cells, ' ') END, b.zone_lat, b.zone_lon, b.zone_km,
  array_to_string(b.languages, ' '), array_to_string(b.bands, ' '), b.needs, array_to_string(b.intents, ' '), array_to_string(b.statuses, ' '), b.overdue,
  b.texts_a_second, b.hours, b.opted_out, b.no_number, b.counted_at, b.proposed_at, b.staff_id,
  (g.segment_price * 100000)::bigint, g.price_currency, g.name, now(), b.count_asked_at IS NOT NULL
FROM register.broadcast AS b
JOIN register.crisis AS c ON c.crisis_id = b.crisis_id
JOIN register.staff AS s ON s.staff_id = b.staff_id
LEFT JOIN register.staff AS a ON a.staff_id = b.approved_by
LEFT JOIN register.staff AS e ON e.staff_id = b.ended_by
LEFT JOIN LATERAL (SELECT g.name, g.segment_price, g.price_currency FROM register.gateway AS g
  WHERE g.crisis_id = b.crisis_id AND g.sends ORDER BY g.created_at, g.name LIMIT 1) AS g ON true
WHERE b.broadcast_id = $1::uuid
