-- Answers requests for a case code that waited in the journal, as codes_send.sql does one that did not; one row a request.
-- role: muster_courier
-- params: the columns of register.send_kept_codes ($1-$13)
SELECT outcome FROM register.send_kept_codes($1::bytea[], $2::text[], $3::text[], $4::timestamptz[], $5::uuid[], $6::uuid[], $7::bytea[],
  $8::uuid[], $9::text[], $10::timestamptz[], $11::uuid[], $12::text[], $13::bytea[])
