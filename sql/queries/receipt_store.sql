-- What a gateway tells of texts it was handed; how many it knew.
-- role: muster_edge
-- params: the columns of edge.store_receipts ($1-$6)
SELECT edge.store_receipts($1::text, $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
