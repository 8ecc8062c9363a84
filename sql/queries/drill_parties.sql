-- The parties that a drill registered, by the range of its ids.
-- role: muster_report
-- params: $1, $2 the least and the greatest client_id
SELECT client_id, registration_id, state, size, stored_via
FROM report.party WHERE client_id >= $1::uuid AND client_id <= $2::uuid
