-- One's own new password, audited; one's other sessions are over. False: the code was taken before.
-- role: muster_desk
-- params: $1 hash, $2 the code's step, $3 the recovery code's mac (either may be null), $4 origin
SELECT desk.change_password($1::text, $2::bigint, $3::bytea, $4::text)
