-- A session for whose smart card this is, audited; no row when it is nobody's.
-- role: muster_desk
-- params: $1 key hash, $2 session_mac, $3 origin
SELECT staff_id FROM desk.open_card_session($1::bytea, $2::bytea, $3::text) AS opened (staff_id)
