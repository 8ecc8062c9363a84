-- The checksum of a migration's text. Run by the operator as owner.
-- role: muster_owner
SELECT encode(sha256(convert_to($1::text, 'UTF8')), 'hex')
