-- A smart card is nobody's any more, and the sessions that it opened are over, audited. Run by the operator as owner.
-- role: muster_owner
-- params: $1 user, $2 key hash in hexadecimal
WITH gone AS (
  DELETE FROM register.staff_certificate AS c USING register.staff AS s
  WHERE s.staff_id = c.staff_id AND s.name = $1::text AND c.key_hash = decode($2::text, 'hex') RETURNING c.staff_id, c.key_hash),
sessions AS (DELETE FROM register.staff_session AS o USING gone AS g WHERE o.card = g.key_hash),
logged AS (INSERT INTO register.audit (staff_id, action, detail) SELECT staff_id, 'certificate.remove', '{"by": "operator"}' FROM gone)
SELECT staff_id FROM gone
