-- Stores the party that an officer was told of; one row, or none where they do not work its crisis.
-- role: muster_desk
-- params: the columns of desk.store_registration ($1-$41), $42 origin
SELECT outcome, check_in_by, stored_via FROM desk.store_registration($1::bigint[], $2::uuid[], $3::text[], $4::bytea[],
  $5::bytea[], $6::text[], $7::smallint[], $8::integer[], $9::text[], $10::text[], $11::boolean[], $12::boolean[], $13::uuid[],
  $14::bytea[], $15::bytea[], $16::text[], $17::timestamptz[], $18::text[], $19::smallint[], $20::integer[], $21::text[],
  $22::timestamptz[], $23::integer[], $24::smallint[], $25::text[], $26::integer[], $27::bytea[], $28::bytea[],
  $29::integer[], $30::smallint[], $31::text[], $32::boolean[], $33::bytea[], $34::bytea[],
  $35::uuid[], $36::text[], $37::timestamptz[], $38::uuid[], $39::text[], $40::bytea[], $41::text[], $42::text)
