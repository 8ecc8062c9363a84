-- The zones of the crises that the caller works, with what is inside them as counted last, of the posts whose cases the caller sees.
-- role: muster_desk
-- params: $1 crisis (null: all), $2 zone_id (null: all that stand; else this one, though it was removed)
SELECT z.zone_id, z.crisis_id, z.kind, z.name, z.geometry, z.radius_m, z.valid_from, z.valid_until, z.in_force, z.version, z.changed_at,
  z.removed_at IS NOT NULL, array_to_string(z.cells, ' '), desk.leads(z.crisis_id), n.band, n.open, n.unclaimed, n.late, n.people, n.queues,
  n.parties, n.registered, desk.is_judging(z.crisis_id),
  z.tell_citizens, z.tell_citizens AND z.in_force AND NOT register.is_in_danger(z.crisis_id, z.middle_cell)
FROM register.zone AS z
CROSS JOIN LATERAL (
  SELECT coalesce(min(q.band) FILTER (WHERE q.queue <> ''), 0)::smallint AS band, coalesce(sum(q.number) FILTER (WHERE q.queue <> ''), 0)::bigint AS open,
    coalesce(sum(q.unclaimed), 0)::bigint AS unclaimed, coalesce(sum(q.late), 0)::bigint AS late,
    coalesce(sum(q.people) FILTER (WHERE q.queue <> ''), 0)::bigint AS people,
    coalesce(jsonb_object_agg(q.queue, q.number) FILTER (WHERE q.queue <> ''), '{}')::text AS queues,
    coalesce(sum(q.number) FILTER (WHERE q.queue = ''), 0)::bigint AS parties,
    coalesce(sum(q.people) FILTER (WHERE q.queue = ''), 0)::bigint AS registered
  FROM (SELECT k.queue, min(k.band) AS band, sum(k.number) AS number, sum(k.unclaimed) AS unclaimed, sum(k.late) AS late, sum(k.people) AS people
        FROM desk.scope AS s JOIN register.zone_count AS k ON k.zone_id = z.zone_id AND k.post_id = s.post_id AND k.crisis_id = s.crisis_id
        GROUP BY k.queue) AS q) AS n
WHERE ($1::text IS NULL OR z.crisis_id = $1::text) AND CASE WHEN $2::uuid IS NULL THEN z.removed_at IS NULL ELSE z.zone_id = $2::uuid END
ORDER BY z.kind DESC, z.name, z.zone_id
