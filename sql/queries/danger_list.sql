-- The cells in danger of every open crisis, if they are others than the caller has: no row when not. The first column says which these are, and is all
-- that the first row has.
-- role: muster_edge
-- params: $1 what the caller has seen ('' at first)
WITH now AS (
  SELECT coalesce(string_agg(d.crisis_id || ':' || d.version, ' ' ORDER BY d.crisis_id), '') AS seen
  FROM register.danger AS d JOIN register.crisis AS c ON c.crisis_id = d.crisis_id WHERE c.closed_at IS NULL)
SELECT n.seen, NULL, NULL FROM now AS n WHERE n.seen <> $1::text
UNION ALL
SELECT n.seen, d.crisis_id, array_to_string(d.cells, ' ')
FROM now AS n CROSS JOIN register.danger AS d JOIN register.crisis AS c ON c.crisis_id = d.crisis_id WHERE n.seen <> $1::text AND c.closed_at IS NULL
