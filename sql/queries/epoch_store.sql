-- Stores sealing epochs and their wraps; those already there are left as they are.
-- role: muster_edge muster_courier
SELECT edge.store_epochs($1::uuid[], $2::text[], $3::timestamptz[], $4::uuid[], $5::text[], $6::bytea[])
