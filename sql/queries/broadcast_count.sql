-- Counts a draft's audience; false when it is no draft of who asks.
-- role: muster_desk
-- params: $1 broadcast_id
SELECT desk.count_broadcast($1::uuid)
