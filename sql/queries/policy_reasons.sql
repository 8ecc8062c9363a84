-- How many open cases of a crisis have the same reasons and band, and when that was counted; for a lead of the crisis. One row without reasons when
-- there are none.
-- role: muster_desk
-- params: $1 crisis_id
SELECT n.counted_at, c.reasons, c.band, c.cases
FROM (SELECT (SELECT r.counted_at FROM register.reason_counted AS r) AS counted_at) AS n
LEFT JOIN register.reason_count AS c ON c.crisis_id = $1::text
