-- Keeps the choices of numbers about broadcasts, and holds back what of them still waits for who opted out.
-- role: muster_courier
-- params: columns: $1 registration_id, $2 client_id, $3 phone index or null, $4 opts out, $5 received_at
SELECT register.add_opt_choices($1::bigint[], $2::uuid[], $3::bytea[], $4::boolean[], $5::timestamptz[])
