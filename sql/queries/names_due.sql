-- Members of parties whose names are not indexed yet, sealed.
-- role: muster_courier
-- params: $1 how many, $2 recipient id
SELECT registration_id, ordinal, epoch_id, sealed_person, wrapped FROM register.names_due($1::integer, $2::text)
