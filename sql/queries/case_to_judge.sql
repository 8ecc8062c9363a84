-- The next open cases that the triage policy of their crisis is to be asked of anew.
-- role: muster_courier
-- params: $1 how many at most
SELECT crisis_id, version, bands, answer_minutes, judged_to, last, registration_id, reasons, received_at, unidentified, in_danger_zone, of_zones
FROM register.cases_to_judge($1::integer)
