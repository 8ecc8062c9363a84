-- The assembly points of every open crisis that citizens are told of, if they are others than the caller has: no row when not. The first column says which
-- these are, and is all that the first row has.
-- role: muster_edge
-- params: $1 what the caller has seen ('' at first)
WITH now AS (
  SELECT coalesce(string_agg(a.crisis_id || ':' || a.version, ' ' ORDER BY a.crisis_id), '') AS seen
  FROM register.assembly AS a JOIN register.crisis AS c ON c.crisis_id = a.crisis_id WHERE c.closed_at IS NULL)
SELECT n.seen, NULL, NULL, NULL::double precision, NULL::double precision FROM now AS n WHERE n.seen <> $1::text
UNION ALL
SELECT n.seen, a.crisis_id, p ->> 'name', (p ->> 'lat')::double precision, (p ->> 'lon')::double precision
FROM now AS n CROSS JOIN register.assembly AS a JOIN register.crisis AS c ON c.crisis_id = a.crisis_id, jsonb_array_elements(a.points) AS p
WHERE n.seen <> $1::text AND c.closed_at IS NULL
