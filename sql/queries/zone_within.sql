-- What is inside cells that are not a zone yet, by queue; '' is registered parties. And whether the caller leads the crisis, in the first row.
-- role: muster_desk
-- params: $1 crisis_id, $2 cells
SELECT NULL AS queue, 0::smallint AS band, 0::bigint AS number, 0::bigint AS unclaimed, 0::bigint AS late, 0::bigint AS people, desk.leads($1::text)
UNION ALL
SELECT w.queue, w.band, w.number, w.unclaimed, w.late, w.people, NULL FROM desk.count_within($1::text, $2::text[]) AS w
