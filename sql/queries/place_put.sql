-- A place of a crisis: made, or changed. Names that it has are kept: a file that knows fewer takes none away. One row that says whether it is new; no row
-- when it was so already.
-- role: muster_owner
-- params: $1 crisis, $2 kind, $3 name, $4 the town that it is in ('': none), $5 other names parted by line ends, $6 latitude, $7 longitude,
--   $8 whether a name is an ordinary word
INSERT INTO register.place AS p (crisis_id, kind, name, within, other_names, lat, lon, common_word)
VALUES ($1::text, $2::text, $3::text, $4::text, string_to_array($5::text, E'\n'), $6::double precision, $7::double precision, $8::boolean)
ON CONFLICT (crisis_id, kind, name, within) DO UPDATE SET lat = excluded.lat, lon = excluded.lon, common_word = excluded.common_word,
  other_names = p.other_names || ARRAY(SELECT n FROM unnest(excluded.other_names) WITH ORDINALITY AS o (n, at) WHERE n <> ALL (p.other_names) ORDER BY at)
WHERE (p.lat, p.lon, p.common_word) IS DISTINCT FROM (excluded.lat, excluded.lon, excluded.common_word) OR NOT p.other_names @> excluded.other_names
RETURNING p.xmax = 0
