-- What a drill checked in and texted, by the range of its ids.
-- role: muster_report
-- params: $1, $2 the least and the greatest client_id
SELECT client_id, registration_id, status, band, people, channel, stored_via
FROM report.check_in WHERE client_id >= $1::uuid AND client_id <= $2::uuid
