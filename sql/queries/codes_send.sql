-- Puts the case codes of who registered a number into the outbox; says nothing of whether there was anybody.
-- role: muster_edge
-- params: the columns of edge.send_codes ($1-$12)
SELECT edge.send_codes($1::bytea, $2::text, $3::text, $4::uuid[], $5::uuid[], $6::bytea[],
  $7::uuid[], $8::text[], $9::timestamptz[], $10::uuid[], $11::text[], $12::bytea[])
