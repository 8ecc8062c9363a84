-- What wardens said of the parties of a case, oldest first.
-- role: muster_desk
-- params: $1 registration_id, $2 not used
SELECT v.word, s.name, v.at, v.received_at, v.undone_at
FROM desk.party_of AS p JOIN register.warden_word AS v ON v.registration_id = p.registration_id JOIN register.staff AS s USING (staff_id)
WHERE p.case_id = $1::bigint AND $2::text IS NOT NULL
ORDER BY v.received_at LIMIT 200
