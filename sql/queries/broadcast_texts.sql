-- The texts of a broadcast, sealed, in the order in which they were given.
-- role: muster_desk
-- params: $1 broadcast_id, $2 recipient id
SELECT t.text_id, t.language, t.segments, t.recipients, t.epoch_id, t.sealed_text, w.wrapped
FROM register.broadcast_text AS t
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = t.epoch_id AND w.recipient_id = $2::text
WHERE t.broadcast_id = $1::uuid ORDER BY t.place
