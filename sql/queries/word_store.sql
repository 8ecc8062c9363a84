-- Stores a warden's word of a household; one row, or none where it is none of theirs.
-- role: muster_desk
-- params: the columns of desk.store_check_in ($1-$35), $36 the word, $37 origin
SELECT outcome FROM desk.store_word($1::uuid[], $2::bigint[], $3::bytea[],
  $4::bigint[], $5::text[], $6::bytea[], $7::text[], $8::integer[], $9::smallint[], $10::smallint[], $11::integer[],
  $12::text[], $13::timestamptz[], $14::text[], $15::text[], $16::text[], $17::uuid[], $18::bytea[], $19::bytea[],
  $20::bytea[], $21::timestamptz[], $22::timestamptz[], $23::text[], $24::integer, $25::integer,
  $26::uuid[], $27::text[], $28::timestamptz[], $29::uuid[], $30::text[], $31::bytea[],
  $32::integer[], $33::bytea[], $34::smallint[], $35::smallint[], $36::text, $37::text)
