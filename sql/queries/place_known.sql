-- The places of every open crisis that somebody may name, if they are others than the caller has: no row when not. The first row has only which edition
-- this is. A crisis has at most GAZETTEER_PLACES_MAX of them (lib/domain/gazetteer_make.h), which the import sees to.
-- role: muster_edge
-- params: $1 the edition that the caller has (-1 at first)
SELECT e.edition, NULL AS crisis_id, NULL AS country, NULL AS kind, NULL AS name, NULL AS within, NULL AS other_names,
  NULL::double precision AS lat, NULL::double precision AS lon, NULL::boolean AS common_word
FROM register.place_edition AS e WHERE e.edition <> $1::bigint
UNION ALL
SELECT e.edition, c.crisis_id, c.country, p.kind, p.name, p.within, array_to_string(p.other_names, E'\n'), p.lat, p.lon, p.common_word
FROM register.place_edition AS e
CROSS JOIN register.crisis AS c JOIN register.place AS p ON p.crisis_id = c.crisis_id AND p.kind IN ('town', 'quarter', 'landmark', 'crossing')
WHERE e.edition <> $1::bigint AND c.closed_at IS NULL
ORDER BY crisis_id NULLS FIRST
