-- What became of a broadcast's texts, and what those who got it have said since: one row a figure.
-- role: muster_desk
-- params: $1 broadcast_id
SELECT * FROM desk.broadcast_progress($1::uuid)
