-- Who of the sessions that listen may hear of what: for each that stands, its places, by crisis and post (null: every post); one row with no
-- crisis for who works none. No row for a session that is over. As the policies of register.triage_case have it.
-- role: muster_desk
-- params: $1 a number for each, in order, $2 their session_macs
SELECT w.number, a.crisis_id, a.post_id
FROM unnest($1::bigint[], $2::bytea[]) AS w (number, session_mac)
JOIN register.staff_session AS s ON s.session_mac = w.session_mac AND s.expires_at > now()
JOIN register.staff AS p ON p.staff_id = s.staff_id AND p.disabled_at IS NULL AND p.role IN ('viewer', 'officer', 'lead')
LEFT JOIN register.staff_access AS a ON a.staff_id = p.staff_id
ORDER BY w.number
