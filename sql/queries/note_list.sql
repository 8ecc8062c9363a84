-- The notes of a case and of those that were merged into it, oldest first, sealed.
-- role: muster_desk
SELECT n.note_id, s.name, n.at, n.epoch_id, n.sealed_text, w.wrapped
FROM desk.party_of AS p
JOIN register.case_note AS n ON n.registration_id = p.registration_id
JOIN register.staff AS s USING (staff_id)
LEFT JOIN register.epoch_wrap AS w ON w.epoch_id = n.epoch_id AND w.recipient_id = $2::text
WHERE p.case_id = $1::bigint
ORDER BY n.at, n.note_id
