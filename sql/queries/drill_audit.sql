-- Who removed which exercise, and how much of it.
-- role: muster_owner
-- params: $1 origin, $2 detail (JSON: codes and counts)
INSERT INTO register.audit (action, origin, detail) VALUES ('exercise.clean', $1::text, $2::text::jsonb)
