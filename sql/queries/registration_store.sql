-- Stores a batch of registrations with the epochs they are sealed under; one row a record, in order.
-- role: muster_edge muster_courier
-- params: the columns of edge.store_registrations ($1-$41)
SELECT outcome, check_in_by, stored_via FROM edge.store_registrations($1::bigint[], $2::uuid[], $3::text[], $4::bytea[],
  $5::bytea[], $6::text[], $7::smallint[], $8::integer[], $9::text[], $10::text[], $11::boolean[], $12::boolean[], $13::uuid[],
  $14::bytea[], $15::bytea[], $16::text[], $17::timestamptz[], $18::text[], $19::smallint[], $20::integer[], $21::text[],
  $22::timestamptz[], $23::integer[], $24::smallint[], $25::text[], $26::integer[], $27::bytea[], $28::bytea[],
  $29::integer[], $30::smallint[], $31::text[], $32::boolean[], $33::bytea[], $34::bytea[],
  $35::uuid[], $36::text[], $37::timestamptz[], $38::uuid[], $39::text[], $40::bytea[],
  $41::text[])
