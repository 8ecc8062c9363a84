-- Towns, quarters, landmarks and crossings of that name, in the crises that the reader works in: where they are. The name alone, or with the town that it is in
-- ("Yantala, Niamey"), in either case of letters. Several places may have one name.
-- role: muster_desk
-- params: $1 name
SELECT DISTINCT p.kind, p.lat, p.lon FROM register.place AS p
WHERE p.crisis_id IN (SELECT s.crisis_id FROM desk.scope AS s) AND p.kind IN ('town', 'quarter', 'landmark', 'crossing')
  AND (lower($1::text) IN (lower(p.name), lower(p.name || ', ' || p.within))
    OR lower($1::text) IN (SELECT lower(o.name) FROM unnest(p.other_names) AS o (name)))
ORDER BY p.kind, p.lat, p.lon LIMIT 8
