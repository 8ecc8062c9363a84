-- Puts a batch of automatic replies into the outbox; one row a reply, in order.
-- role: muster_edge
-- params: the columns of edge.store_replies ($1-$12)
SELECT * FROM edge.store_replies($1::bigint[], $2::uuid[], $3::text[], $4::uuid[], $5::bytea[], $6::timestamptz[],
  $7::uuid[], $8::text[], $9::timestamptz[], $10::uuid[], $11::text[], $12::bytea[])
