-- The phone took these; what it may send.
-- role: muster_edge
-- params: $1 gateway, $2 the parcels' ids
SELECT * FROM edge.take_parcels($1::text, $2::text[])
