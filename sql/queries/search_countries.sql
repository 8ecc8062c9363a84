-- The countries whose crises the signed-in officer works: local forms of a phone are read as theirs.
-- role: muster_desk
SELECT DISTINCT k.country FROM desk.scope AS p JOIN register.crisis AS k USING (crisis_id) ORDER BY k.country LIMIT 8
