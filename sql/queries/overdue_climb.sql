-- Takes these steps. How many were, and how many texts and cases came of them.
-- role: muster_courier
-- params: columns: $1 registration_id, $2 since, $3 rung it was found at, $4 round, $5 rung it comes to (null: it waits), $6 when the next is due, $7 until when the text
--   may be sent, $8 message_id, $9 contact or null, $10 sealed number or null, $11 its blind index, $12 sealed text or null, $13 band or null, $14 reasons,
--   $15 queue, $16 respond_by; $17 epoch_id or null, $18 epoch opened_at, $19 recipient ids, $20 wraps
SELECT moved, texted, raised FROM register.climb_overdue($1::bigint[], $2::timestamptz[], $3::text[], $4::smallint[], $5::text[], $6::timestamptz[],
  $7::timestamptz[], $8::uuid[], $9::smallint[], $10::bytea[], $11::bytea[], $12::bytea[], $13::smallint[], $14::integer[], $15::text[], $16::timestamptz[],
  $17::uuid, $18::timestamptz, $19::text[], $20::bytea[])
