-- The texts of which a phone may tell how they ended.
-- role: muster_edge
-- params: $1 gateway
SELECT * FROM edge.parcels_out($1::text)
