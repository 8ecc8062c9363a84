-- A crisis and its country, or all open ones that have no time zone. Run by the operator as owner.
-- role: muster_owner
-- params: $1 crisis_id; empty: those without
SELECT c.crisis_id, c.country FROM register.crisis AS c
WHERE CASE $1::text WHEN '' THEN c.time_zone IS NULL AND c.closed_at IS NULL ELSE c.crisis_id = $1::text END
