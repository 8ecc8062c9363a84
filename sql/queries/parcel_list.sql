-- The texts that wait for a phone that fetches them, locked; each is told once.
-- role: muster_edge
-- params: $1 gateway
SELECT id, parcel FROM edge.list_parcels($1::text)
