-- Sets the time zone of a crisis, whose nights are kept quiet. No row: there is no such crisis, or PostgreSQL knows no such zone. Run by the operator as owner.
-- role: muster_owner
-- params: $1 crisis_id, $2 name in the IANA database
UPDATE register.crisis SET time_zone = $2::text, updated_at = now()
WHERE crisis_id = $1::text AND EXISTS (SELECT FROM pg_timezone_names AS z WHERE z.name = $2::text) RETURNING crisis_id
