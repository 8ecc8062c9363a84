-- What was done with a case, newest first, at most 200. $2: as the other lists of a case have it; nothing here is sealed.
-- role: muster_desk
SELECT s.at, s.who, s.action, s.post, s.taker, s.until, s.waits_on FROM desk.case_steps($1::bigint, 200) AS s WHERE $2::text IS NOT NULL
