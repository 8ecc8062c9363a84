-- Asks that another admin resets an account's password or second factor. Null: there is no such account, or it is one's own.
-- role: muster_desk
-- params: $1 user, $2 password or totp, $3 origin
SELECT desk.ask_reset($1::text, $2::text, $3::text)
