-- What was handed over within three days, newest first, sealed, with who has read it; a look at it is audited.
-- role: muster_desk
-- params: $1 staff_id, $2 recipient id, $3 origin
WITH shown AS MATERIALIZED (
  SELECT h.* FROM register.hand_over AS h WHERE h.at > now() - interval '3 days' ORDER BY h.at DESC, h.hand_over_id LIMIT 20),
logged AS (INSERT INTO register.audit (staff_id, action, origin) SELECT $1::bigint, 'hand_over.list', $3::text WHERE EXISTS (SELECT FROM shown))
SELECT h.hand_over_id, s.name, t.name, h.at, h.given, h.returned, h.epoch_id, h.sealed_text, w.wrapped, h.staff_id = $1::bigint,
  EXISTS (SELECT FROM register.hand_over_read AS r WHERE r.hand_over_id = h.hand_over_id AND r.staff_id = $1::bigint),
  (SELECT string_agg(p.name, ' ' ORDER BY r.at) FROM register.hand_over_read AS r JOIN register.staff AS p USING (staff_id)
   WHERE r.hand_over_id = h.hand_over_id)
FROM shown AS h
JOIN register.staff AS s ON s.staff_id = h.staff_id
LEFT JOIN register.staff AS t ON t.staff_id = h.to_staff
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = h.epoch_id AND w.recipient_id = $2::text
ORDER BY h.at DESC, h.hand_over_id
