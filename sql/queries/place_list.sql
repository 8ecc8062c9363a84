-- What may be named in a crisis, as `muster places list` shows it and `muster import places` compares with: by kind, town and name.
-- role: muster_owner
-- params: $1 crisis
SELECT p.kind, p.name, p.within, array_to_string(p.other_names, E'\n'), p.lat, p.lon, p.common_word, c.country
FROM register.crisis AS c LEFT JOIN register.place AS p ON p.crisis_id = c.crisis_id AND p.kind IN ('town', 'quarter', 'landmark', 'crossing')
WHERE c.crisis_id = $1::text
ORDER BY array_position(ARRAY['town', 'quarter', 'landmark', 'crossing'], p.kind), p.within, p.name
