-- Makes a post the capital's of a crisis: what its lead post escalates goes there. Run by the operator as owner.
-- role: muster_owner
-- params: $1 crisis_id, $2 post_id, $3 country, $4 name, $5 lat, $6 lon
WITH post AS (
  INSERT INTO register.post AS p (post_id, country, name, lat, lon)
  SELECT $2::text, $3::text, $4::text, $5::double precision, $6::double precision FROM register.crisis WHERE crisis_id = $1::text
  ON CONFLICT (post_id) DO UPDATE SET name = excluded.name RETURNING post_id)
INSERT INTO register.crisis_post AS c (crisis_id, post_id, part) SELECT $1::text, post_id, 'capital' FROM post
ON CONFLICT (crisis_id, post_id) DO UPDATE SET part = 'capital' WHERE c.part <> 'lead' RETURNING post_id
