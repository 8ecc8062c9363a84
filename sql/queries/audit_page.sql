-- The entries of the audit before one ($1, $2), newest first, that the signed-in member of staff may read; a last row without an action says from where to go on.
-- role: muster_desk
-- params: $1 before this time, $2 and this number, $3 how many, $4 registration_id, $5 a user's name, $6 an action or the first word of some, $7 since, $8 until;
--   but for $2 and $3 each may be null
SELECT audit_id, at, name, action, registration_id, origin, detail
FROM desk.audit_page(coalesce($1::timestamptz, 'infinity'), $2::bigint, $3::integer, $4::bigint, $5::text, $6::text,
  coalesce($7::timestamptz, '-infinity'), coalesce($8::timestamptz, 'infinity'))
