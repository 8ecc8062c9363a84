-- Makes a smart card an account's, audited. No row: there is no such account, or the card is another's. Run by the operator as owner.
-- role: muster_owner
-- params: $1 user, $2 key hash in hexadecimal, $3 subject
WITH added AS (
  INSERT INTO register.staff_certificate AS c (key_hash, staff_id, subject)
  SELECT decode($2::text, 'hex'), staff_id, $3::text FROM register.staff WHERE name = $1::text
  ON CONFLICT (key_hash) DO UPDATE SET subject = excluded.subject WHERE c.staff_id = excluded.staff_id RETURNING staff_id),
logged AS (INSERT INTO register.audit (staff_id, action, detail) SELECT staff_id, 'certificate.add', '{"by": "operator"}' FROM added)
SELECT staff_id FROM added
