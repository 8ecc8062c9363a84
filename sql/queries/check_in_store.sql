-- Stores a batch of check-ins; one row a record, in order.
-- role: muster_edge muster_courier
-- params: the columns of edge.store_check_ins ($1-$35)
SELECT outcome, band, registration_id, known, stored_via FROM edge.store_check_ins($1::uuid[], $2::bigint[], $3::bytea[],
  $4::bigint[], $5::text[], $6::bytea[], $7::text[], $8::integer[], $9::smallint[], $10::smallint[], $11::integer[],
  $12::text[], $13::timestamptz[], $14::text[], $15::text[], $16::text[], $17::uuid[], $18::bytea[], $19::bytea[],
  $20::bytea[], $21::timestamptz[], $22::timestamptz[], $23::text[], $24::integer, $25::integer,
  $26::uuid[], $27::text[], $28::timestamptz[], $29::uuid[], $30::text[], $31::bytea[],
  $32::integer[], $33::bytea[], $34::smallint[], $35::smallint[])
