-- One entry of the audit.
-- role: muster_desk
INSERT INTO register.audit (staff_id, action, registration_id, origin, detail)
VALUES ($1::bigint, $2::text, $3::bigint, $4::text, $5::text::jsonb)
