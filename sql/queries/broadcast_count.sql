-- Counts a draft's audience, or asks for it to be counted when it is large.
-- role: muster_desk
-- params: $1 broadcast_id
SELECT desk.count_broadcast($1::uuid)
